"""The cells of a sheet, as python-calamine reads it, as the text that a person would read."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any


def rows(sheet: Any) -> Iterator[tuple[int, list[str]]]:
    """The non-empty rows with their numbers, and with the empty first columns that the parser omits.

    They come one by one, so that the whole sheet is never in memory twice.
    """
    width = sheet.end[1] + 1
    for number, row in enumerate(sheet.iter_rows(), start=1):
        if any(cell != "" for cell in row):
            # Most cells are text already: checking that here saves a call for each of them.
            texts = [cell if isinstance(cell, str) else as_text(cell) for cell in row]
            yield number, [""] * (width - len(texts)) + texts


def as_text(cell: object) -> str:
    """A typed cell as the text that a person would read."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.isoformat(sep=" ")
    if isinstance(cell, date | time):
        return cell.isoformat()
    return str(cell) if not isinstance(cell, timedelta) else str(cell.total_seconds())
