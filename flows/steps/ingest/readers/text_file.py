"""Comma, semicolon and tab separated text, read strictly: nothing is guessed, skipped or repaired."""

import codecs
import csv
import io
import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from flows.foundation.messages import printable
from flows.foundation.text_comparison import same_text
from flows.steps.ingest.readers.file_facts import FileFacts
from flows.steps.ingest.readers.sizes import LONGEST_ROW
from flows.steps.ingest.readers.unreadable import Unreadable

LARGEST_CELL = 131_072
_DELIMITERS = (",", ";", "\t")
_MARKS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
_CANDIDATES = ("cp1252", "mac-roman", "cp850")
_ROWS_COMPARED = 5
# The longest row with a quotation mark for every character.
_LONGEST_RECORD = 2 * LONGEST_ROW
_START = 65_536
_IN_QUOTES = re.compile(r'"(?:[^"]|"")*"')
# A cell that was written without quotes and without content; a NUL cannot stand in the file itself.
_NULL = "\0"


@dataclass(frozen=True)
class TextDialect:
    """How a text file is written; `has_nulls`: an unquoted empty cell means NULL, a quoted one an empty string."""

    encoding: str
    delimiter: str = ","
    is_quoted: bool = True
    has_nulls: bool = False


def recognise(path: Path, encodings: Sequence[str], facts: FileFacts) -> TextDialect:
    """Find the encoding (byte order mark, strict UTF-8, then the declared ones), the delimiter and the quoting.

    Raises:
        Unreadable: no encoding fits, or the file is no text.
    """
    with path.open("rb") as file:
        start = file.read(4096)
    marked = next((encoding for mark, encoding in _MARKS.items() if start.startswith(mark)), None)
    for encoding in [marked] if marked else ["utf-8", *encodings]:
        if _may_be(encoding, start, bool(marked)) and _fits(path, encoding):
            return _dialect(path, encoding, facts)
    if marked == "utf-16":
        raise Unreadable(
            "The text begins as UTF-16, but is damaged or was cut off.",
            "Export the responses again; do not edit the file by hand.",
        )
    if _holds_nul(path):
        raise _nul_bytes(start)
    raise Unreadable(
        "The text is not UTF-8, and no source declares another encoding in which it can be read.",
        "Save the export as UTF-8, or write 'encoding: cp1252' (for instance) in its source file;"
        " 'motiefmix check' shows a line of it in three encodings.",
        readings=_candidate_readings(path),
    )


def _may_be(encoding: str, start: bytes, is_marked: bool) -> bool:
    """Any text of even length is valid UTF-16, but real UTF-16 of a European language is half zeros."""
    return is_marked or "utf-16" not in codecs.lookup(encoding).name or b"\0" in start


def _holds_nul(path: Path) -> bool:
    with path.open("rb") as file:
        return any(b"\0" in chunk for chunk in iter(lambda: file.read(1024 * 1024), b""))


def _nul_bytes(start: bytes) -> Unreadable:
    for encoding, zeros in (("utf-16-le", start[1::2]), ("utf-16-be", start[0::2])):
        if zeros.count(0) > 0.6 * len(zeros):
            return Unreadable(
                "This is UTF-16 text without a byte order mark.",
                "Save the export as UTF-8, or write 'encoding: %(encoding)s' in its source file.",
                encoding=encoding,
            )
    return Unreadable(
        "The file holds NUL bytes: it is damaged, or it is no text.",
        "Export the responses again as CSV or XLSX and drop that file.",
    )


def _fits(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)(errors="strict")
    try:
        with path.open("rb") as file:
            while chunk := file.read(1024 * 1024):
                if "\0" in decoder.decode(chunk):
                    return False
            decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _candidate_readings(path: Path) -> dict[str, str]:
    """The first line that is not plain ASCII, as each of three encodings would read it."""
    with path.open("rb") as file:
        line = next((line for line in iter(lambda: file.readline(LARGEST_CELL), b"") if not line.isascii()), b"")
    odd = next((place for place, byte in enumerate(line) if byte > 127), 0)
    part = line[max(0, odd - 30) : odd + 30]
    return {encoding: printable(part.decode(encoding, errors="replace").strip()) for encoding in _CANDIDATES}


def _dialect(path: Path, encoding: str, facts: FileFacts) -> TextDialect:
    """The delimiter is the one that gives rows of one width, and of those the one that gives the most columns."""
    starts = {mark: _first_rows(path, TextDialect(encoding, mark)) for mark in _DELIMITERS}
    delimiter = max(_DELIMITERS, key=lambda mark: _fitness(starts[mark]))
    is_quoted = delimiter != "\t" or not _are_unquoted(starts[delimiter], facts)
    has_nulls = is_quoted and _is_quoted_throughout(path, encoding, delimiter)
    return TextDialect(encoding, delimiter, is_quoted, has_nulls)


def _are_unquoted(rows: list[list[str]], facts: FileFacts) -> bool:
    """Whether the headings are those of a tool that quotes nothing in such a file."""
    headings = {same_text(name) for name in rows[0]} if rows else set()
    return any(headings >= {same_text(name) for name in names} for names in facts.unquoted)


def _first_rows(path: Path, dialect: TextDialect) -> list[list[str]]:
    rows: list[list[str]] = []
    try:
        for _, row in itertools.islice(_records(path, dialect), _ROWS_COMPARED):
            rows.append(row)
    except csv.Error:
        pass
    return rows


def _fitness(rows: list[list[str]]) -> tuple[bool, int]:
    width = len(rows[0]) if rows else 0
    return width > 1 and all(len(row) == width for row in rows), width


def _is_quoted_throughout(path: Path, encoding: str, delimiter: str) -> bool:
    """Whether nothing but delimiters stands outside quotes: then what is empty there was written on purpose."""
    with path.open(encoding=encoding, newline="") as file:
        outside = _IN_QUOTES.sub("\0", file.read(_START))
    # What was cut off in the middle of a cell proves nothing.
    outside = outside.rpartition('"')[0] or outside
    return outside.startswith("\0") and not outside.strip("\0\r\n" + delimiter)


def _records(path: Path, dialect: TextDialect) -> Iterator[tuple[int, list[str]]]:
    with path.open(encoding=dialect.encoding, newline="") as file:
        hints = _skip_hint(file)
        lines = _with_marked_nulls(file, dialect.delimiter) if dialect.has_nulls else file
        quotes = {} if dialect.is_quoted else {"quoting": csv.QUOTE_NONE}
        bounded = _Bounded(lines)
        reader = csv.reader(bounded, delimiter=dialect.delimiter, strict=True, **quotes)  # type: ignore[arg-type]
        for number, row in enumerate(reader, start=1 + hints):
            bounded.length = 0
            if any(cell.strip(_NULL) for cell in row):
                yield number, row


class _Bounded:
    """Lines of which one record can take only so many: a quotation mark that is never closed takes all that follow."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._lines = lines
        self.length = 0

    def __iter__(self) -> Iterator[str]:
        for line in self._lines:
            self.length += len(line)
            if self.length > _LONGEST_RECORD:
                raise csv.Error("a record that is longer than any")
            yield line


def _skip_hint(file: TextIO) -> int:
    """Pass over a first line `sep=;`, which tells a spreadsheet what the delimiter is; how many lines that were."""
    if re.fullmatch(r"\"?sep=.\"?[\r\n]*", file.readline(16)):
        return 1
    file.seek(0)
    return 0


def _with_marked_nulls(lines: Iterator[str], delimiter: str) -> Iterator[str]:
    """The lines with a NUL in every empty place between two delimiters; one inside quotes is taken out again later."""
    between = re.compile(f"(?:^|(?<={delimiter}))(?={delimiter}|\r?\n?$)")
    for line in lines:
        yield between.sub(_NULL, line) if line.strip("\r\n") else line


def read(path: Path, dialect: TextDialect) -> Iterator[tuple[int, list[str | None]]]:
    """Every record with its number in the file, each as wide as the heading; empty ones are no records.

    A cell is None where the tool wrote NULL: empty, and without the quotes that all other cells have.

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
            yield number, [_cell(cell) for cell in row] if dialect.has_nulls else list(row)
    except csv.Error:
        raise Unreadable(
            "Near row %(row)s the quotation marks do not fit, or a cell is longer than an answer can be.",
            "Export the responses again; the file may have been cut off or edited.",
            row=number + 1,
        ) from None


def _cell(cell: str) -> str | None:
    return None if cell == _NULL else cell.replace(_NULL, "")


def written(row: Sequence[str | None], dialect: TextDialect) -> str:
    """A record as this dialect writes it, so that `read` gives it back; without the end of the line."""
    text = io.StringIO()
    quotes = {"quoting": csv.QUOTE_ALL} if dialect.is_quoted else {"quoting": csv.QUOTE_NONE, "quotechar": None}
    writer = csv.writer(text, delimiter=dialect.delimiter, lineterminator="", **quotes)
    writer.writerow(_NULL if cell is None else cell for cell in row)
    return text.getvalue().replace(f'"{_NULL}"', "") if dialect.has_nulls else text.getvalue()
