"""Dates of the register as a Dutch spreadsheet writes them: 31-12-2026."""

import re
from collections.abc import Iterable
from datetime import date

from flows.programme.register_table import NotRead

_THREE_NUMBERS = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4})")
_MONTHS = 12


def is_day_first(texts: Iterable[str]) -> bool:
    """Whether dates of one file have the day before the month: one of them can be read in no other way, and none
    only the other way round."""
    pairs = [(int(match[1]), int(match[3])) for text in texts if (match := _THREE_NUMBERS.fullmatch(text))]
    return any(first > _MONTHS for first, _ in pairs) and not any(second > _MONTHS for _, second in pairs)


def as_iso(text: str, day_first: bool) -> str:
    """A date as 2026-12-31; every other text is left to the check of the row.

    Raises:
        NotRead: it could have two meanings, or is no date.
    """
    if text.isdigit():
        raise NotRead("must be a date such as 2026-10-31, not a number; give the column the format of a date.")
    match = _THREE_NUMBERS.fullmatch(text)
    if not match:
        return text
    first, second, year = int(match[1]), int(match[3]), int(match[4])
    if not day_first and first != second and max(first, second) <= _MONTHS:
        raise NotRead(
            f"'{text}' can be two days, {year:04d}-{second:02d}-{first:02d} or {year:04d}-{first:02d}-{second:02d};"
            " write the one that is meant."
        )
    try:
        return date(year, second, first).isoformat()
    except ValueError:
        raise NotRead(f"'{text}' is no date; write it as 2026-10-31.") from None
