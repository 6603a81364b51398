"""Excel workbooks (.xlsx): the first sheet that holds any rows, as text."""

import zipfile
from datetime import date, datetime, time, timedelta

from flows.steps.ingest.child import Table
from flows.steps.ingest.unreadable import Unreadable

# Real workbooks unpack to 4 to 11 times their size, bombs to a thousand times (measured).
UNPACKED = 400 * 1024**2
RATIO = 200
ENTRIES = 2_000
DAMAGED = Unreadable(
    "The workbook cannot be read: it is damaged, or far larger than it looks.",
    "Open it in Excel, save it as a new .xlsx file with the responses alone, and drop that.",
)


def read(path: str, _: tuple[str, ...]) -> Table:
    """The rows of a workbook. Dates become ISO texts, whole numbers lose their `.0`; nothing else is changed.

    Raises:
        Unreadable: it is no workbook, or unpacks to more than a survey can need.
    """
    _refuse_bombs(path)
    import python_calamine

    try:
        workbook = python_calamine.CalamineWorkbook.from_path(path)
        for name in workbook.sheet_names:
            cells = workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)
            if cells:
                return Table(
                    (i, [as_text(cell) for cell in row])
                    for i, row in enumerate(cells, start=1)
                    if any(cell != "" for cell in row)
                )
    except python_calamine.CalamineError:
        raise DAMAGED from None
    return Table(())


def _refuse_bombs(path: str) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
    except zipfile.BadZipFile:
        raise DAMAGED from None
    packed = sum(entry.compress_size for entry in entries)
    unpacked = sum(entry.file_size for entry in entries)
    if len(entries) > ENTRIES or unpacked > UNPACKED or unpacked > max(packed * RATIO, 1024**2):
        raise DAMAGED


def as_text(cell: object) -> str:
    """A typed cell as the text that a person would read in it."""
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
