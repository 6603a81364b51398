"""Excel workbooks (.xlsx): every sheet that holds any rows, as text."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from flows.steps.ingest.readers import package
from flows.steps.ingest.readers.file_facts import FileFacts
from flows.steps.ingest.readers.sandbox import Table


def read(path: str, _: tuple[str, ...], facts: FileFacts) -> Iterator[Table]:
    """The non-empty sheets. Dates become ISO text and whole numbers lose their `.0`; nothing else is changed.

    Raises:
        Unreadable: the package is hostile, or larger than any survey needs.
    """
    package.refuse_hostile(path, facts.form_sheets)
    import python_calamine

    workbook = python_calamine.CalamineWorkbook.from_path(path)
    for about in workbook.sheets_metadata:
        if about.typ != python_calamine.SheetTypeEnum.WorkSheet:
            continue
        sheet = workbook.get_sheet_by_name(about.name)
        if sheet.end is not None:
            is_hidden = about.visible != python_calamine.SheetVisibleEnum.Visible
            yield Table(_rows(sheet), sheet=about.name, is_hidden=is_hidden)


def _rows(sheet: Any) -> Iterator[tuple[int, list[str]]]:
    """Rows one by one, never the whole sheet in memory twice, with the empty first columns that the parser omits."""
    width = sheet.end[1] + 1
    for number, row in enumerate(sheet.iter_rows(), start=1):
        if any(cell != "" for cell in row):
            # Most cells are text already: checking that here saves a call for each of them.
            texts = [cell if isinstance(cell, str) else as_text(cell) for cell in row]
            yield number, [""] * (width - len(texts)) + texts


def as_text(cell: object) -> str:
    """A typed cell as the text that a person would read."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.isoformat(sep=" ")
    if isinstance(cell, date | time):
        return cell.isoformat()
    return str(cell) if not isinstance(cell, timedelta) else str(cell.total_seconds())
