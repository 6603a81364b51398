"""Checks an .xlsx file (a zip package of XML parts) for hostile content before a parser opens it.

A parser may still fail on a package that passes, which is why it runs in a child process.
"""

import re
import zipfile
from collections.abc import Callable, Iterator, Sequence
from copy import copy

from flows.steps.ingest.readers import no_export
from flows.steps.ingest.readers.sizes import MOST_CELLS
from flows.steps.ingest.readers.unreadable import Unreadable

DAMAGED = Unreadable(
    "The workbook cannot be read: it is damaged, or far larger than it looks.",
    "Open it in Excel, save it as a new .xlsx file with only the responses, and drop that.",
)
_ARCHIVE = Unreadable("This is a zip archive, not an export.", "Unpack it and drop the CSV or XLSX file that is in it.")
_OPEN_WORKBOOK = Unreadable(
    "This is a workbook of the OpenDocument format (.ods).", "Open it, save it as .xlsx, and drop that file."
)
_CONTENTS = "[Content_Types].xml"
# Parts that only packages of other programs have; OpenDocument names its kind in its first part (_KIND).
_OTHER_PARTS = {"word/document.xml": no_export.DOCUMENT, "ppt/presentation.xml": no_export.SLIDES}
_OPEN_KINDS = {
    b"application/vnd.oasis.opendocument.text": no_export.DOCUMENT,
    b"application/vnd.oasis.opendocument.presentation": no_export.SLIDES,
    b"application/vnd.oasis.opendocument.spreadsheet": _OPEN_WORKBOOK,
}
_KIND, _SHEETS = "mimetype", "xl/workbook.xml"
_SHEET_NAME = re.compile(rb"""<(?:\w{1,9}:)?sheet\s[^<>]*?\bname\s*=\s*["']([^"'<>]*)""")
# Real parts unpack to 4 to 11 times their size, zip bombs to a thousand times (measured); parts that unpack to no more
# than SMALL are harmless.
RATIO = 200
SMALL = 1024**2
UNPACKED = 400 * 1024**2
ENTRIES = 2_000
_IS_ENCRYPTED = 0x1
_CHUNK = 1024**2
_LONGEST_TAG = 256
# In UTF-16 every letter has a zero byte next to it.
_DOCTYPE = re.compile("\0?".join("<!DOCTYPE").encode(), re.IGNORECASE)
_REFERENCE = re.compile(rb"""r=["']([A-Za-z]+)([0-9]+)["']""")
# A cell with content; one that has only a colour or a border is a self-closing tag.
_FILLED = re.compile(rb"""<(?:\w{1,9}:)?c\s[^<>]{0,99}?\br\s*=\s*["']([A-Za-z]+)([0-9]+)["'][^<>]*(?<!/)>""")


def refuse_hostile(path: str, form_sheets: Sequence[frozenset[str]]) -> None:
    """Check a package without unpacking it to disk or into memory; `form_sheets` are the sheets of questionnaires.

    Raises:
        Unreadable: it is a zip bomb, is encrypted, holds a part twice, declares a document type, has a cell far from
            all others, is not a workbook, or is a questionnaire.
    """
    with zipfile.ZipFile(path) as archive:
        entries = archive.infolist()
        _refuse_other_packages(archive, {entry.filename for entry in entries})
        _refuse_bombs(entries)
        _refuse_questionnaire(archive, {entry.filename for entry in entries}, form_sheets)
        for entry in entries:
            if entry.filename.casefold().endswith((".xml", ".rels")):
                _refuse_part(archive, entry)


def _refuse_other_packages(archive: zipfile.ZipFile, names: set[str]) -> None:
    for part, refusal in _OTHER_PARTS.items():
        if part in names:
            raise copy(refusal)
    if _CONTENTS not in names:
        raise copy(_OPEN_KINDS.get(_beginning(archive, _KIND).strip(), _ARCHIVE) if _KIND in names else _ARCHIVE)


def _beginning(archive: zipfile.ZipFile, name: str) -> bytes:
    with archive.open(name) as part:
        return part.read(_CHUNK)


def _refuse_questionnaire(archive: zipfile.ZipFile, names: set[str], form_sheets: Sequence[frozenset[str]]) -> None:
    written = _SHEET_NAME.findall(_beginning(archive, _SHEETS)) if _SHEETS in names else []
    sheets = {name.decode(errors="replace").strip().lower() for name in written}
    if any(sheets >= of_a_form for of_a_form in form_sheets):
        raise copy(no_export.QUESTIONNAIRE)


def _refuse_bombs(entries: list[zipfile.ZipInfo]) -> None:
    """Check the sizes that the package declares; if they are false, reading its parts fails later."""
    if len({entry.filename.casefold() for entry in entries}) < len(entries):
        raise Unreadable(
            "The workbook holds the same part twice, so it is not clear which one counts.",
            "Open it in Excel, save it as a new .xlsx file with only the responses, and drop that.",
        )
    if len(entries) > ENTRIES or sum(entry.file_size for entry in entries) > UNPACKED:
        raise copy(DAMAGED)
    if any(entry.file_size > max(entry.compress_size * RATIO, SMALL) for entry in entries):
        raise copy(DAMAGED)
    if any(entry.flag_bits & _IS_ENCRYPTED for entry in entries):
        raise copy(DAMAGED)


def _refuse_part(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
    if not _cell_too_far(archive, entry, _last_cells):
        return
    if cell := _cell_too_far(archive, entry, _FILLED.finditer):
        raise Unreadable(
            "A sheet extends to cell %(cell)s, far beyond the answers in it.",
            "Copy only the responses to a new workbook, save it as .xlsx and drop that.",
            cell=cell,
        )


def _cell_too_far(
    archive: zipfile.ZipFile, entry: zipfile.ZipInfo, cells: Callable[[bytes], Iterator[re.Match[bytes]]]
) -> str | None:
    """The first cell that makes a sheet too large, since a parser allocates all cells up to the last column and row.

    The size that the sheet declares may be false.
    """
    columns = rows = 0
    for text in _chunks(archive, entry):
        for match in cells(text):
            column, row = _position(match)
            columns, rows = max(columns, column), max(rows, row)
            if columns * rows > MOST_CELLS:
                return (match[1] + match[2]).decode()
    return None


def _chunks(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    """A part in overlapping chunks, so that no tag is split between two of them.

    Raises:
        Unreadable: the part declares a document type, in which XML defines entities.
    """
    end = b""
    with archive.open(entry) as part:
        while chunk := part.read(_CHUNK):
            text = end + chunk
            if _DOCTYPE.search(text):
                raise Unreadable(
                    "The workbook contains an XML document type declaration, which no survey tool writes.",
                    "Do not open it; export the responses again and drop that file.",
                )
            yield text
            end = text[-_LONGEST_TAG:]


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
