"""What an .xlsx file (a zip package of XML parts) declares and holds, looked at before a parser opens it.

Nothing is unpacked to disk, and no part is in memory as a whole. The readers of exports and of the register say in
their own sentences what they refuse.
"""

import re
import zipfile
from collections.abc import Callable, Iterator, Sequence

SHEETS = "xl/workbook.xml"
# Real parts unpack to 4 to 11 times their size, zip bombs to a thousand times (measured); parts that unpack to no more
# than SMALL are harmless.
RATIO = 200
SMALL = 1024**2
ENTRIES = 2_000
_IS_ENCRYPTED = 0x1
_CHUNK = 1024**2
_LONGEST_TAG = 256
# In UTF-16 every letter has a zero byte next to it.
_DOCTYPE = re.compile("\0?".join("<!DOCTYPE").encode(), re.IGNORECASE)
_REFERENCE = re.compile(rb"""r=["']([A-Za-z]+)([0-9]+)["']""")
# A cell with content; one that has only a colour or a border is a self-closing tag.
_FILLED = re.compile(rb"""<(?:\w{1,9}:)?c\s[^<>]{0,99}?\br\s*=\s*["']([A-Za-z]+)([0-9]+)["'][^<>]*(?<!/)>""")
_Cells = Callable[[bytes], Iterator[re.Match[bytes]]]


class DocumentTypeFound(Exception):
    """A part declares a document type, in which XML defines entities; no program writes that into a workbook."""


def has_part_twice(entries: Sequence[zipfile.ZipInfo]) -> bool:
    """Whether two parts have one name, so that it is not clear which one counts."""
    return len({entry.filename.casefold() for entry in entries}) < len(entries)


def is_bomb(entries: Sequence[zipfile.ZipInfo], unpacked: int) -> bool:
    """Whether parts are encrypted, too many, or declare a size beyond reason; a false size fails at reading."""
    return (
        len(entries) > ENTRIES
        or sum(entry.file_size for entry in entries) > unpacked
        or any(entry.file_size > max(entry.compress_size * RATIO, SMALL) for entry in entries)
        or any(entry.flag_bits & _IS_ENCRYPTED for entry in entries)
    )


def beginning(archive: zipfile.ZipFile, name: str) -> bytes:
    """The first megabyte of a part, which is all of it for parts that hold no cells."""
    with archive.open(name) as part:
        return part.read(_CHUNK)


def xml_parts(archive: zipfile.ZipFile) -> Iterator[zipfile.ZipInfo]:
    """The parts that a parser reads as XML."""
    return (entry for entry in archive.infolist() if entry.filename.casefold().endswith((".xml", ".rels")))


def chunks(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    """A part in overlapping chunks, so that no tag is split between two of them.

    Raises:
        DocumentTypeFound: the part declares a document type.
    """
    end = b""
    with archive.open(entry) as part:
        while chunk := part.read(_CHUNK):
            text = end + chunk
            if _DOCTYPE.search(text):
                raise DocumentTypeFound
            yield text
            end = text[-_LONGEST_TAG:]


def cell_too_far(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, most_cells: int) -> str | None:
    """The first filled cell that makes a sheet too large, since a parser allocates all cells up to the last one.

    The size that the sheet declares may be false.

    Raises:
        DocumentTypeFound: the part declares a document type.
    """
    if not _too_far(archive, entry, most_cells, _last_cells):
        return None
    return _too_far(archive, entry, most_cells, _FILLED.finditer)


def _too_far(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, most_cells: int, cells: _Cells) -> str | None:
    columns = rows = 0
    for text in chunks(archive, entry):
        for match in cells(text):
            column, row = _position(match)
            columns, rows = max(columns, column), max(rows, row)
            if columns * rows > most_cells:
                return (match[1] + match[2]).decode()
    return None


def _last_cells(text: bytes) -> Iterator[re.Match[bytes]]:
    """The last cell of every row, filled or not, at a fraction of the cost of looking at each cell."""
    for row in text.split(b"row>"):
        if (place := row.rfind(b"r=")) >= 0 and (match := _REFERENCE.match(row, place)):
            yield match


def _position(reference: re.Match[bytes]) -> tuple[int, int]:
    """Column and row of a reference such as ``AB12``, from 1; an impossibly long one is cut, but stays far out."""
    column = 0
    for letter in reference[1][:6].upper():
        column = column * 26 + letter - ord("A") + 1
    return column, int(reference[2][:12])
