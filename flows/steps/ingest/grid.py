"""A file as rows of text cells, whatever its format: CSV is read as a stream, workbooks in a child process."""

import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from flows.steps.ingest import text_file, workbook
from flows.steps.ingest.unreadable import Unreadable

HEAD_ROWS = 5
Row = Sequence[str]
_PICTURE = Unreadable("This is a picture.", "Export the responses as CSV or XLSX and drop that file.")
_NOT_EXPORTS = {
    b"%PDF": Unreadable(
        "This is a PDF, whatever its name says.", "Export the responses as CSV or XLSX and drop that file."
    ),
    b"\xd0\xcf\x11\xe0": Unreadable(
        "This is a workbook of the old Excel format (.xls).",
        "Export the responses as CSV or XLSX and drop that file.",
    ),
    b"\x89PNG": _PICTURE,
    b"\xff\xd8\xff": _PICTURE,
    b"\x1f\x8b": Unreadable("This is a compressed file.", "Export the responses as CSV or XLSX and drop that file."),
}


@dataclass(frozen=True)
class Grid:
    """Rows of equal width: the first few to recognise the file by, and a way to go through all of them."""

    head: tuple[Row, ...]
    rows: Callable[[], Iterator[tuple[int, Row]]]


def open_grid(path: Path, encodings: Sequence[str]) -> Grid:
    """Read a landed file as a grid; text in UTF-8, or in the first of `encodings` that fits.

    Raises:
        Unreadable: the file is empty, is of another format, or is damaged.
    """
    with path.open("rb") as file:
        start = file.read(8)
    if not start:
        raise Unreadable("The file is empty.", "Export the responses again and drop the new file.")
    for magic, refusal in _NOT_EXPORTS.items():
        if start.startswith(magic):
            raise refusal
    if start.startswith(b"PK"):
        cells = workbook.read(path)
        return _grid(lambda: iter(cells))
    dialect = text_file.recognise(path, encodings)
    return _grid(lambda: text_file.read(path, dialect))


def _grid(rows: Callable[[], Iterator[tuple[int, Row]]]) -> Grid:
    head = tuple(row for _, row in itertools.islice(rows(), HEAD_ROWS))
    if not head:
        raise Unreadable("The file holds no rows.", "Export the responses again and drop the new file.")
    return Grid(head, rows)
