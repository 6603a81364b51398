"""Comma, semicolon and tab separated text, read strictly: nothing is guessed, skipped or repaired."""

import codecs
import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from flows.steps.ingest.unreadable import Unreadable

LARGEST_CELL = 131_072
_DELIMITERS = (",", ";", "\t")
_MARKS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}


@dataclass(frozen=True)
class TextDialect:
    """How a text file is written."""

    encoding: str
    delimiter: str


def recognise(path: Path, encodings: Sequence[str]) -> TextDialect:
    """Find the encoding (byte order mark, strict UTF-8, then the declared ones) and the delimiter of the heading.

    Raises:
        Unreadable: no encoding fits, or the file is no text.
    """
    with path.open("rb") as file:
        start = file.read(4)
    marked = next((encoding for mark, encoding in _MARKS.items() if start.startswith(mark)), None)
    for encoding in [marked] if marked else ["utf-8", *encodings]:
        if _fits(path, encoding):
            return TextDialect(encoding, _delimiter(path, encoding))
    raise Unreadable(
        "The text is not UTF-8, and no source declares another encoding in which it can be read.",
        "Save the export as UTF-8, or write 'encoding: cp1252' (for instance) in its source file.",
    )


def _fits(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)(errors="strict")
    try:
        with path.open("rb") as file:
            while chunk := file.read(1024 * 1024):
                if "\0" in decoder.decode(chunk):
                    raise Unreadable(
                        "The file holds NUL bytes: it is damaged, or it is no text.",
                        "Export the responses again as CSV or XLSX and drop that file.",
                    )
            decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _delimiter(path: Path, encoding: str) -> str:
    """The delimiter that gives the heading the most columns."""
    return max(_DELIMITERS, key=lambda delimiter: _heading_width(path, TextDialect(encoding, delimiter)))


def _heading_width(path: Path, dialect: TextDialect) -> int:
    try:
        return len(next(_records(path, dialect), (0, []))[1])
    except csv.Error:
        return 0


def _records(path: Path, dialect: TextDialect) -> Iterator[tuple[int, list[str]]]:
    with path.open(encoding=dialect.encoding, newline="") as file:
        reader = csv.reader(file, delimiter=dialect.delimiter, strict=True)
        for number, row in enumerate(reader, start=1):
            if row:
                yield number, row


def read(path: Path, dialect: TextDialect) -> Iterator[tuple[int, list[str]]]:
    """Every record with its number in the file, each as wide as the heading; blank lines are no records.

    Raises:
        Unreadable: a row of another width, an unclosed quote, or a cell that is too large; names the row.
    """
    width, number = 0, 0
    try:
        for number, row in _records(path, dialect):
            width = width or len(row)
            if len(row) != width:
                raise Unreadable(
                    "Row %(row)s has %(cells)s cells, but the heading has %(width)s.",
                    "Export the responses again; do not edit the file by hand.",
                    row=number,
                    cells=len(row),
                    width=width,
                )
            yield number, row
    except csv.Error as error:
        raise Unreadable(
            "Near row %(row)s the file cannot be read: %(problem)s.",
            "Export the responses again; the file may have been cut off or edited.",
            row=number + 1,
            problem=error,
        ) from None
