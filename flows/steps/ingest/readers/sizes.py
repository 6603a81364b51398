"""Limits on the size of a table; anything larger is not the export of a survey."""

from collections.abc import Sequence

from flows.steps.ingest.readers.unreadable import Unreadable

# The maximum of a spreadsheet.
MOST_COLUMNS = 16_384
# In characters: ten thousand long answers.
LONGEST_ROW = 2_000_000
# Formats that are read as a whole take up to 60 bytes of memory per cell, so 240 MB.
MOST_CELLS = 4 * 1024**2


def refuse_oversized(number: int, cells: Sequence[str | None]) -> None:
    """Refuse a row with more columns, or with more text, than any form has.

    Raises:
        Unreadable: the reason says which of the two.
    """
    if len(cells) > MOST_COLUMNS:
        raise Unreadable(
            "The file has %(columns)s columns, more than a spreadsheet can have.",
            "Export one form only and drop that file.",
            columns=len(cells),
        )
    if sum(map(len, filter(None, cells))) > LONGEST_ROW:
        raise Unreadable(
            "Row %(row)s holds more than %(most)s characters.",
            "Export one form only and drop that file.",
            row=number,
            most=LONGEST_ROW,
        )
