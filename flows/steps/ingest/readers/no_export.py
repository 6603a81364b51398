"""Recognises files that are not exports by their content, since a landed file has no name, and says what they are.

A pattern is allowed only if no table of responses can begin with it.
"""

import re
import struct
from collections.abc import Sequence
from copy import copy
from pathlib import Path

from flows.steps.ingest.readers.file_facts import Document
from flows.steps.ingest.readers.script import is_script
from flows.steps.ingest.readers.unreadable import Unreadable

QUESTIONNAIRE = Unreadable(
    "This is a questionnaire, not its answers.",
    "Export the responses from the survey tool as CSV or XLSX and drop that file.",
)
DOCUMENT = Unreadable("This is a text document.", "Export the responses as CSV or XLSX and drop that file.")
SLIDES = Unreadable("This is a presentation.", "Export the responses as CSV or XLSX and drop that file.")
_PICTURE = Unreadable("This is an image.", "Export the responses as CSV or XLSX and drop that file.")
_FILM = Unreadable("This is a video or audio file.", "Export the responses as CSV or XLSX and drop that file.")
_COMPRESSED = Unreadable("This is a compressed file.", "Export the responses as CSV or XLSX and drop that file.")
_PDF = Unreadable("This is a PDF, whatever its name says.", "Export the responses as CSV or XLSX and drop that file.")
_OLD_WORKBOOK = Unreadable(
    "This is a workbook of the old Excel format (.xls), or one with a password.",
    "Open it in Excel, save it as .xlsx without a password, and drop that file.",
)
_XML_WORKBOOK = Unreadable(
    "This is a workbook of Excel's old XML format.", "Open it in Excel, save it as .xlsx, and drop that file."
)
_SYSTEM_FILE = Unreadable("This is a system file, not an export.", "Delete it from the inbox; it holds no responses.")
_SHORTCUT = Unreadable("This is a shortcut to a file or a page.", "Drop the export itself.")
_WEB_PAGE = Unreadable("This is a web page.", "Export the responses as CSV or XLSX and drop that file.")
_SCRIPT = Unreadable(
    "This is a script that reads or handles data, not the data.",
    "Export the responses as CSV or XLSX and drop that file.",
)
_XML = Unreadable(
    "This is an XML file, not a table of responses.", "Export the responses as CSV or XLSX and drop that file."
)

_OLD_OFFICE = b"\xd0\xcf\x11\xe0"
_BEGINNINGS: tuple[tuple[bytes, Unreadable], ...] = (
    (rb"%PDF", _PDF),
    (rb"\x89PNG|\xff\xd8\xff|GIF8[79]a|RIFF.{4}WEBP|BM.{4}\0{4}|II\*\0|MM\0\*|\0\0[\x01\x02]\0.\0|8BPS\0", _PICTURE),
    (rb"\0.{3}ftyp(?:hei[cfmsx]|hev|mif1|msf1|avi[fs])", _PICTURE),
    (rb"\0.{3}ftyp|RIFF.{4}(?:AVI |WAVE)|ID3[\x02-\x04]\0|OggS\0|\x1a\x45\xdf\xa3", _FILM),
    (rb"\x1f\x8b|7z\xbc\xaf\x27\x1c|Rar!\x1a\x07|BZh[1-9]1AY&SY|\xfd7zXZ\0|\x28\xb5\x2f\xfd", _COMPRESSED),
    (rb"L\0\0\0\x01\x14\x02\0", _SHORTCUT),
    (rb"\0\0\0\x01Bud1|\0\x05\x16[\0\x07]", _SYSTEM_FILE),
    (rb"\{\\rtf", DOCUMENT),
)
# The entries in its directory say what an old Office file is; any other one, also with a password, is a workbook.
_OLD_OFFICE_ENTRIES = (("WordDocument", DOCUMENT), ("PowerPoint Document", SLIDES), ("Catalog", _SYSTEM_FILE))
_START = 16_384

# Independent of survey tools; the first that fits says what a file is.
_DOCUMENTS = (
    Document(r"progid=\"Excel\.Sheet\"|urn:schemas-microsoft-com:office:spreadsheet\"", _XML_WORKBOOK),
    Document(r"<svg[\s>]", _PICTURE),
    Document(r"<!doctype\s+html|<html[\s>]|<head>|<body[\s>]|<meta\s|<table[^>]*>.*?<t[rhd][\s>]", _WEB_PAGE),
    Document(r"<\?xml\s", _XML),
    Document(r"\s*\[(?:InternetShortcut|Desktop Entry)\]", _SHORTCUT, is_markup=False),
    Document(r"\s*\[(?:\.ShellClassInfo|LocalizedFileNames|ViewState)\]", _SYSTEM_FILE, is_markup=False),
)
# Atomic and possessive: by backtracking, a file of nothing but comments would keep the search busy for ever.
_BEGINS_AS_MARKUP = re.compile(
    r"\s*+(?><!--.*?-->\s*)*+<(?:\?xml\s|\?mso-|!doctype\s|html[\s>]|head>|body[\s>]|meta\s|table[\s>]|svg[\s>]"
    r"|h:html\b|document>)",
    re.IGNORECASE | re.DOTALL,
)


def refuse(path: Path, documents: Sequence[Document]) -> None:
    """Refuse a file that is not an export; `documents` are the kinds that survey tools write.

    Raises:
        Unreadable: the file is not an export; the reason says what it is.
    """
    with path.open("rb") as file:
        start = file.read(_START)
    refusal = _by_bytes(path, start) or _by_text(_as_text(start), documents)
    if refusal:
        # Raise a copy: a module-level exception keeps its traceback, and with it every frame's locals, alive.
        raise copy(refusal)


def _by_bytes(path: Path, start: bytes) -> Unreadable | None:
    if start.startswith(_OLD_OFFICE):
        return _old_office(path, start)
    return next((refusal for beginning, refusal in _BEGINNINGS if re.match(beginning, start, re.DOTALL)), None)


def _old_office(path: Path, start: bytes) -> Unreadable:
    """The refusal for an old Office file, from the entries in its directory."""
    entries = b""
    if len(start) >= 52:
        size = 1 << min(struct.unpack_from("<H", start, 30)[0], 12)
        with path.open("rb") as file:
            file.seek((struct.unpack_from("<I", start, 48)[0] + 1) * size)
            entries = file.read(4096)
    found = (refusal for name, refusal in _OLD_OFFICE_ENTRIES if name.encode("utf-16-le") in entries)
    return next(found, _OLD_WORKBOOK)


def _as_text(start: bytes) -> str:
    encoding = "utf-16" if start.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    return start.decode(encoding, errors="replace")


def _by_text(text: str, documents: Sequence[Document]) -> Unreadable | None:
    is_markup = _BEGINS_AS_MARKUP.match(text) is not None
    for document in (*documents, *_DOCUMENTS):
        if document.is_in(text, is_markup):
            return document.refusal
    return _SCRIPT if not is_markup and is_script(text) else None
