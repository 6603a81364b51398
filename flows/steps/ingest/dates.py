"""How a form's dates are to be read, by its dates: what they prove of their order, and whether they lack a zone."""

import re
from collections.abc import Iterable

from flows.programme.source_model import DateOrder

_PARTS = re.compile(r"\s*(\d{1,4})[-/.](\d{1,2})[-/.](\d{1,4})(?=\D|$)")
# A time of day behind the date, and nothing behind the time that says on which clock.
_ON_SOME_CLOCK = re.compile(
    r"\s*\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}[T,\s]*\d{1,2}[:.]\d{2}(?:[:.]\d{2})?(?:[.,]\d+)?"
    r"\s*(?:[ap]\.?\s?m\.?|vorm\.|nachm\.)?\s*$",
    re.IGNORECASE,
)


# Days since the end of 1899, and the part of a day: 2009 to 2064, as spreadsheets keep dates.
_SERIAL = re.compile(r"[45]\d{4}(?:[.,](\d+))?")


def is_serial_number(text: str) -> bool:
    """Whether a text is a date as the number by which spreadsheets keep it, such as 46326.64."""
    return _SERIAL.fullmatch(text.strip()) is not None


def resembles_date(text: str) -> bool:
    """Whether a text begins as dates do, in whichever order."""
    return _PARTS.match(text) is not None


def lack_zone(texts: Iterable[str | None]) -> bool:
    """Whether some of the dates have a time of day without its offset from UTC, or the letters of a zone."""
    return any(_ON_SOME_CLOCK.match(text) or _has_serial_time(text) for text in filter(None, texts))


def _has_serial_time(text: str) -> bool:
    match = _SERIAL.fullmatch(text.strip())
    return bool(match and match[1])


def proven_order(texts: Iterable[str | None]) -> DateOrder | None:
    """The order that a column of dates proves: a number above 12 is no month, one of four digits is a year.

    None when it proves none, or when two dates prove different ones. A column without any date has no other order.
    """
    proven: set[DateOrder] = set()
    is_empty = True
    for text in filter(None, texts):
        is_empty = is_empty and not text.strip()
        if (match := _PARTS.match(text)) and (order := _proven_by(*match.groups())):
            proven.add(order)
        if len(proven) > 1:
            return None
    return "ymd" if is_empty else proven.pop() if proven else None


def _proven_by(first: str, second: str, third: str) -> DateOrder | None:
    if len(first) == 4:
        return "ymd"
    if int(second) > 12:
        return "mdy"
    # With a year of two digits 26-10-05 might as well be the fifth of October.
    return "dmy" if int(first) > 12 and len(third) == 4 else None
