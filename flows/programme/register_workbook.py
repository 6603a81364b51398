"""Workbooks of the register (.xlsx): the visible sheets, as text."""

import html
import io
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from flows.foundation import workbook_cells, workbook_package
from flows.programme.register_table import NotRead, Record

# A parser allocates every cell up to the last one: a hundred thousand rows of forty columns.
_MOST_CELLS = 4_000_000
_UNPACKED = 200 * 1024**2
_SAVE_AGAIN = "open it in Excel and save it as a new .xlsx file"
_DAMAGED = f"this workbook cannot be read; {_SAVE_AGAIN}."
_TAG = re.compile(rb"<(?:\w{1,9}:)?(sheet|Relationship|c)\s([^<>]*)>")
_IN_ERROR = re.compile(rb"""\bt\s*=\s*["']e["']""")
_ATTRIBUTE = re.compile(rb"""([\w:]+)\s*=\s*["']([^"'<>]*)["']""")


class WorkbookFile:
    """A workbook that was looked at before the parser opened it."""

    unit = "row"

    def __init__(self, content: bytes) -> None:
        try:
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                _refuse_hostile(archive)
                self._errors = dict(_cells_in_error(archive))
            self._sheets = _visible_sheets(content)
        except (NotRead, KeyboardInterrupt, SystemExit):
            raise
        except BaseException:  # noqa: BLE001 foreign bytes are to blame; a panic of the parser is no `Exception`
            raise NotRead(_DAMAGED) from None

    def headings(self) -> Mapping[str, Sequence[str]]:
        """The first row of every visible sheet that is not empty."""
        return {name: cells for name in self._sheets for _, cells in islice(self._rows(name), 1)}

    def records(self, sheet: str) -> Iterator[Record]:
        """The rows of a sheet that are not empty.

        Raises:
            NotRead: a cell holds an error instead of a value; the parser would give an empty cell.
        """
        if cell := self._errors.get(sheet):
            raise NotRead(f"cell {cell} of sheet '{sheet}' holds an error such as #N/A; correct its formula.")
        return self._rows(sheet)

    def read_as(self, sheet: str) -> str:
        """The sheet."""
        return f"sheet '{sheet}'"

    def _rows(self, sheet: str) -> Iterator[Record]:
        for number, cells in workbook_cells.rows(self._sheets[sheet]):
            if any(stripped := [cell.strip() for cell in cells]):
                yield number, stripped


def _visible_sheets(content: bytes) -> dict[str, Any]:
    import python_calamine

    workbook = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
    names = [
        about.name
        for about in workbook.sheets_metadata
        if about.typ == python_calamine.SheetTypeEnum.WorkSheet
        and about.visible == python_calamine.SheetVisibleEnum.Visible
    ]
    sheets = {name: workbook.get_sheet_by_name(name) for name in names}
    return {name: sheet for name, sheet in sheets.items() if sheet.end is not None}


def _refuse_hostile(archive: zipfile.ZipFile) -> None:
    entries = archive.infolist()
    if workbook_package.SHEETS not in {entry.filename for entry in entries}:
        raise NotRead(f"this is no .xlsx workbook; {_SAVE_AGAIN}.")
    if workbook_package.has_part_twice(entries) or workbook_package.is_bomb(entries, _UNPACKED):
        raise NotRead(_DAMAGED)
    for entry in workbook_package.xml_parts(archive):
        try:
            cell = workbook_package.cell_too_far(archive, entry, _MOST_CELLS)
        except workbook_package.DocumentTypeFound:
            raise NotRead("this workbook declares an XML document type, which no spreadsheet does.") from None
        if cell:
            raise NotRead(f"a sheet extends to cell {cell}; keep only the rows of the register.")


def _cells_in_error(archive: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    """The first cell that holds an error, by the name of its sheet."""
    targets = {tag["Id"]: tag["Target"] for tag in _tags(archive, "xl/_rels/workbook.xml.rels", b"Relationship")}
    for sheet in _tags(archive, workbook_package.SHEETS, b"sheet"):
        target = targets.get(next((value for name, value in sheet.items() if name.endswith(":id")), ""), "")
        part = target.removeprefix("/") if target.startswith("/") else f"xl/{target}"
        if part not in archive.namelist():
            continue
        for text in workbook_package.chunks(archive, archive.getinfo(part)):
            found = (_attributes(match[2]) for match in _TAG.finditer(text) if _IN_ERROR.search(match[2]))
            if cell := next(found, None):
                yield sheet["name"], cell.get("r", "?")
                break


def _tags(archive: zipfile.ZipFile, part: str, tag: bytes) -> Iterator[dict[str, str]]:
    text = workbook_package.beginning(archive, part)
    return (_attributes(match[2]) for match in _TAG.finditer(text) if match[1] == tag)


def _attributes(text: bytes) -> dict[str, str]:
    return {name.decode(): html.unescape(value.decode(errors="replace")) for name, value in _ATTRIBUTE.findall(text)}
