"""How large the table of a form can be: what is larger is no export of a survey."""

from collections.abc import Sequence

from flows.steps.ingest.readers.unreadable import Unreadable

# As many as a spreadsheet can have.
MOST_COLUMNS = 16_384
# Ten thousand long answers.
LONGEST_ROW = 2_000_000
# What is read whole takes up to 60 bytes of memory for every cell, so 240 MB.
MOST_CELLS = 4 * 1024**2


def refuse_oversized(number: int, cells: Sequence[str | None]) -> None:
    """Refuse a row with more columns, or with more text, than any form has.

    Raises:
        Unreadable: says which of the two.
    """
    if len(cells) > MOST_COLUMNS:
        raise Unreadable(
            "The file has %(columns)s columns, more than a spreadsheet can have.",
            "Export the questions of one form alone and drop that file.",
            columns=len(cells),
        )
    if sum(map(len, filter(None, cells))) > LONGEST_ROW:
        raise Unreadable(
            "Row %(row)s holds more than %(most)s characters.",
            "Export the questions of one form alone and drop that file.",
            row=number,
            most=LONGEST_ROW,
        )
