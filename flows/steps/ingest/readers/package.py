"""Refuses an .xlsx file with hostile content before a parser opens it.

A parser may still fail on a package that passes, which is why it runs in a child process.
"""

import re
import zipfile
from collections.abc import Sequence
from copy import copy

from flows.foundation import workbook_package
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
_KIND = "mimetype"
_SHEET_NAME = re.compile(rb"""<(?:\w{1,9}:)?sheet\s[^<>]*?\bname\s*=\s*["']([^"'<>]*)""")
UNPACKED = 400 * 1024**2


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
        for entry in workbook_package.xml_parts(archive):
            _refuse_part(archive, entry)


def _refuse_other_packages(archive: zipfile.ZipFile, names: set[str]) -> None:
    for part, refusal in _OTHER_PARTS.items():
        if part in names:
            raise copy(refusal)
    if _CONTENTS not in names:
        kind = workbook_package.beginning(archive, _KIND).strip() if _KIND in names else b""
        raise copy(_OPEN_KINDS.get(kind, _ARCHIVE))


def _refuse_questionnaire(archive: zipfile.ZipFile, names: set[str], form_sheets: Sequence[frozenset[str]]) -> None:
    part = workbook_package.SHEETS
    written = _SHEET_NAME.findall(workbook_package.beginning(archive, part)) if part in names else []
    sheets = {name.decode(errors="replace").strip().lower() for name in written}
    if any(sheets >= of_a_form for of_a_form in form_sheets):
        raise copy(no_export.QUESTIONNAIRE)


def _refuse_bombs(entries: list[zipfile.ZipInfo]) -> None:
    if workbook_package.has_part_twice(entries):
        raise Unreadable(
            "The workbook holds the same part twice, so it is not clear which one counts.",
            "Open it in Excel, save it as a new .xlsx file with only the responses, and drop that.",
        )
    if workbook_package.is_bomb(entries, UNPACKED):
        raise copy(DAMAGED)


def _refuse_part(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
    try:
        cell = workbook_package.cell_too_far(archive, entry, MOST_CELLS)
    except workbook_package.DocumentTypeFound:
        raise Unreadable(
            "The workbook contains an XML document type declaration, which no survey tool writes.",
            "Do not open it; export the responses again and drop that file.",
        ) from None
    if cell:
        raise Unreadable(
            "A sheet extends to cell %(cell)s, far beyond the answers in it.",
            "Copy only the responses to a new workbook, save it as .xlsx and drop that.",
            cell=cell,
        )
