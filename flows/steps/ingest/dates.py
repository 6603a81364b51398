"""Infers from a form's dates how to read them: the order of day and month, and whether the time zone is missing."""

import re
from collections.abc import Iterable

from flows.programme.source_model import DateOrder

_PARTS = re.compile(r"\s*(\d{1,4})[-/.](\d{1,2})[-/.](\d{1,4})(?=\D|$)")
# A date and a time of day without a time zone after it.
_ON_SOME_CLOCK = re.compile(
    r"\s*\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}[T,\s]*\d{1,2}[:.]\d{2}(?:[:.]\d{2})?(?:[.,]\d+)?"
    r"\s*(?:[ap]\.?\s?m\.?|vorm\.|nachm\.)?\s*$",
    re.IGNORECASE,
)


# A spreadsheet's serial date: days since 1899-12-30, with a fraction for the time of day; 40000 to 59999 are the years
# 2009 to 2064.
_SERIAL = re.compile(r"[45]\d{4}(?:[.,](\d+))?")


def is_serial_number(text: str) -> bool:
    """Whether a text is a spreadsheet's serial date, such as 46326.64."""
    return _SERIAL.fullmatch(text.strip()) is not None


def resembles_date(text: str) -> bool:
    """Whether a text begins with a date, in any order of year, month and day."""
    return _PARTS.match(text) is not None


def lack_zone(texts: Iterable[str | None]) -> bool:
    """Whether any date has a time of day, but neither a UTC offset nor a time zone abbreviation."""
    return any(_ON_SOME_CLOCK.match(text) or _has_serial_time(text) for text in filter(None, texts))


def _has_serial_time(text: str) -> bool:
    match = _SERIAL.fullmatch(text.strip())
    return bool(match and match[1])


def proven_order(texts: Iterable[str | None]) -> DateOrder | None:
    """The order of year, month and day that a column proves: above 12 is not a month, four digits are a year.

    None when no date proves an order, or when two dates prove different ones. An empty column counts as `ymd`.
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
    # A two-digit year proves nothing: 26-10-05 may as well be 5 October 2026.
    return "dmy" if int(first) > 12 and len(third) == 4 else None
