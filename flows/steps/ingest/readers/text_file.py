"""Reads comma-, semicolon- and tab-separated text strictly: no row is guessed, skipped or repaired."""

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
# The longest row, if every character were a quotation mark and so written twice.
_LONGEST_RECORD = 2 * LONGEST_ROW
_START = 65_536
_IN_QUOTES = re.compile(r'"(?:[^"]|"")*"')
# Marks an unquoted empty cell; a file that contains NUL itself is refused.
_NULL = "\0"


@dataclass(frozen=True)
class TextDialect:
    """How a text file is written; `has_nulls`: an unquoted empty cell means NULL, a quoted one an empty string."""

    encoding: str
    delimiter: str = ","
    is_quoted: bool = True
    has_nulls: bool = False


def recognise(path: Path, encodings: Sequence[str], facts: FileFacts) -> TextDialect:
    """Detect the encoding (byte order mark, strict UTF-8, then the declared ones), the delimiter and the quoting.

    Raises:
        Unreadable: no encoding fits, or the file is not text.
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
    """Whether to try it: any even number of bytes decodes as UTF-16, but European text in it is half zero bytes."""
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
        "The file holds NUL bytes: it is damaged, or it is not text.",
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
    """A part of the first line that is not plain ASCII, decoded in each of three encodings."""
    with path.open("rb") as file:
        line = next((line for line in iter(lambda: file.readline(LARGEST_CELL), b"") if not line.isascii()), b"")
    odd = next((place for place, byte in enumerate(line) if byte > 127), 0)
    part = line[max(0, odd - 30) : odd + 30]
    return {encoding: printable(part.decode(encoding, errors="replace").strip()) for encoding in _CANDIDATES}


def _dialect(path: Path, encoding: str, facts: FileFacts) -> TextDialect:
    """Detect the delimiter (it gives rows of equal width, and then the most columns), the quoting and NULLs."""
    starts = {mark: _first_rows(path, TextDialect(encoding, mark)) for mark in _DELIMITERS}
    delimiter = max(_DELIMITERS, key=lambda mark: _fitness(starts[mark]))
    is_quoted = delimiter != "\t" or not _are_unquoted(starts[delimiter], facts)
    has_nulls = is_quoted and _is_quoted_throughout(path, encoding, delimiter)
    return TextDialect(encoding, delimiter, is_quoted, has_nulls)


def _are_unquoted(rows: list[list[str]], facts: FileFacts) -> bool:
    """Whether the headings are those of a tool that never quotes cells in tab-separated files."""
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
    """Whether only delimiters are outside quotes, so that an unquoted empty cell was left out on purpose (NULL)."""
    with path.open(encoding=encoding, newline="") as file:
        outside = _IN_QUOTES.sub("\0", file.read(_START))
    # The last cell may be cut off by the end of the sample: ignore it.
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
    """Lines with a limit on the length of one record: an unclosed quotation mark would take all lines that follow."""

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
    """Skip a first line such as `sep=;`, a delimiter hint for spreadsheets; return the number of lines skipped."""
    if re.fullmatch(r"\"?sep=.\"?[\r\n]*", file.readline(16)):
        return 1
    file.seek(0)
    return 0


def _with_marked_nulls(lines: Iterator[str], delimiter: str) -> Iterator[str]:
    """The lines with a NUL in every empty cell; a NUL that ends up inside quotes is removed later (`_cell`)."""
    between = re.compile(f"(?:^|(?<={delimiter}))(?={delimiter}|\r?\n?$)")
    for line in lines:
        yield between.sub(_NULL, line) if line.strip("\r\n") else line


def read(path: Path, dialect: TextDialect) -> Iterator[tuple[int, list[str | None]]]:
    """Every non-empty record with its number in the file, each as wide as the heading.

    A cell is None where the tool wrote NULL: empty and unquoted, while all other cells are quoted.

    Raises:
        Unreadable: a row has another width, a quote is not closed, or a cell is too large; the reason names the row.
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
            "Near row %(row)s the quotation marks do not match, or a cell is longer than an answer can be.",
            "Export the responses again; the file may have been cut off or edited.",
            row=number + 1,
        ) from None


def _cell(cell: str) -> str | None:
    return None if cell == _NULL else cell.replace(_NULL, "")


def written(row: Sequence[str | None], dialect: TextDialect) -> str:
    """A record in this dialect, without the line end, such that `read` returns the same cells."""
    text = io.StringIO()
    quotes = {"quoting": csv.QUOTE_ALL} if dialect.is_quoted else {"quoting": csv.QUOTE_NONE, "quotechar": None}
    writer = csv.writer(text, delimiter=dialect.delimiter, lineterminator="", **quotes)
    writer.writerow(_NULL if cell is None else cell for cell in row)
    return text.getvalue().replace(f'"{_NULL}"', "") if dialect.has_nulls else text.getvalue()
