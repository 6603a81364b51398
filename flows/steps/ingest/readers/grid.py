"""Opens a file of any format as rows of text cells: text is streamed, other formats are read in a child process."""

import itertools
import re
from collections.abc import Callable, Iterator, Sequence
from copy import copy
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from flows.steps.ingest.readers import json_file, no_export, package, sandbox, spss_file, text_file, workbook
from flows.steps.ingest.readers.codebook import Codebook
from flows.steps.ingest.readers.file_facts import FileFacts
from flows.steps.ingest.readers.sizes import refuse_oversized
from flows.steps.ingest.readers.unreadable import Unreadable

HEAD_ROWS = 5
Row = Sequence[str | None]
# Formats that are read into memory as a whole, by the first bytes of a file.
_READ_IN_A_CHILD: tuple[tuple[bytes, sandbox.Reader, Unreadable], ...] = (
    (rb"PK(?:\x03\x04|\x05\x06)", workbook.read, package.DAMAGED),
    (rb"\$FL[23]", spss_file.read, spss_file.DAMAGED),
    (rb"(?:\xef\xbb\xbf)?\s*(?:\[\s*[\[{\]]|\{\s*\")", json_file.read, json_file.DAMAGED),
)
_LARGEST_WHOLE = 256 * 1024**2
_TOO_LARGE = Unreadable(
    "This file is larger than 256 MB, the limit for this format.",
    "Export the responses as CSV, which has no such limit.",
)
# Even rows of two million characters, four bytes each, have a line end in every chunk of this size.
_LONG_LINE = 8 * 1024**2


@dataclass(frozen=True)
class Grid:
    """A table of equally wide rows: `head`, the first few, to recognise it by, and `rows`, to iterate over all.

    A cell is None where the tool wrote NULL. `encoding` is set for text files, `codebook` for SPSS files, and `sheet`
    (its name) for workbooks.
    """

    head: tuple[Sequence[str], ...]
    rows: Callable[[], Iterator[tuple[int, Row]]]
    encoding: str | None = None
    codebook: Codebook | None = None
    sheet: str = ""
    is_hidden: bool = False


def open_grids(path: Path, encodings: Sequence[str], facts: FileFacts) -> tuple[Grid, ...]:
    """Open a landed file as one grid, or as one for each non-empty sheet of a workbook.

    Text is decoded as UTF-8, or else with the first of `encodings` that fits; `facts` are those of all survey tools.

    Raises:
        Unreadable: the file is empty, damaged, or of an unsupported format.
    """
    with path.open("rb") as file:
        start = file.read(64)
    if not start:
        raise Unreadable("The file is empty.", "Export the responses again and drop the new file.")
    no_export.refuse(path, facts.documents)
    for beginning, reader, damaged in _READ_IN_A_CHILD:
        if re.match(beginning, start):
            if path.stat().st_size > _LARGEST_WHOLE:
                # Raise a copy: a module-level exception keeps its traceback, and with it every frame's locals, alive.
                raise copy(_TOO_LARGE)
            tables = sandbox.read(reader, path, encodings, facts, damaged)
            grids = [Grid(_head(table.rows), table.rows, None, *_about(table)) for table in tables]
            return tuple(grid for grid in grids if grid.head) or _refuse_empty()
    _refuse_endless_line(path)
    dialect = text_file.recognise(path, encodings, facts)
    head = _head(lambda: text_file.read(path, dialect))
    return (Grid(head, lambda: text_file.read(path, dialect), dialect.encoding),) if head else _refuse_empty()


def _about(table: sandbox.Spool) -> tuple[Codebook | None, str, bool]:
    return table.codebook, table.sheet, table.is_hidden


def _refuse_empty() -> NoReturn:
    raise Unreadable("The file holds no rows.", "Export the responses again and drop the new file.")


def _refuse_endless_line(path: Path) -> None:
    """Refuse a text file with an overlong line, which would exhaust memory, since text is read line by line."""
    with path.open("rb") as file:
        while len(part := file.read(_LONG_LINE)) == _LONG_LINE:
            if b"\n" not in part and b"\r" not in part:
                raise Unreadable(
                    "A line of this file is longer than any row of answers can be.",
                    "Export the responses again as CSV or XLSX and drop that file.",
                )


def _head(rows: Callable[[], Iterator[tuple[int, Row]]]) -> tuple[Sequence[str], ...]:
    head = tuple([cell or "" for cell in row] for _, row in itertools.islice(rows(), HEAD_ROWS))
    for number, row in enumerate(head, start=1):
        refuse_oversized(number, row)
    return head
