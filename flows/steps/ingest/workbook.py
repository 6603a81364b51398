"""Excel workbooks, read in a child process: the reader can be made to abort or to fill the memory."""

import multiprocessing
import resource as limits
from datetime import date, datetime, time, timedelta
from pathlib import Path

from flows.steps.ingest.unreadable import Unreadable

MEMORY = 512 * 1024**2
SECONDS = 60
_DAMAGED = Unreadable(
    "The workbook cannot be read: it is damaged, or far larger than it looks.",
    "Open it in Excel, save it as a new .xlsx file with the responses alone, and drop that.",
)


def read(path: Path) -> list[tuple[int, list[str]]]:
    """The rows of the first sheet that holds any, as text, each with its number in the sheet.

    Dates become ISO texts, whole numbers lose their `.0`; nothing else is changed.

    Raises:
        Unreadable: the reader refused, died, ran out of memory or out of time.
    """
    from pebble import ProcessExpired, concurrent

    context = multiprocessing.get_context("spawn")
    job = concurrent.process(_read_within_limits, timeout=SECONDS, context=context)(str(path))
    try:
        rows: list[tuple[int, list[str]]] = job.result()
    except (ProcessExpired, TimeoutError, MemoryError, ValueError, OSError):
        raise _DAMAGED from None
    return rows


def _read_within_limits(path: str) -> list[tuple[int, list[str]]]:
    allowed = _address_space_in_use() + MEMORY
    limits.setrlimit(limits.RLIMIT_AS, (allowed, allowed))
    limits.setrlimit(limits.RLIMIT_CPU, (SECONDS, SECONDS))
    import python_calamine

    try:
        workbook = python_calamine.CalamineWorkbook.from_path(path)
        for name in workbook.sheet_names:
            cells = workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)
            if cells:
                return [
                    (i, [_text(cell) for cell in row])
                    for i, row in enumerate(cells, start=1)
                    if any(cell != "" for cell in row)
                ]
    except python_calamine.CalamineError as error:
        raise ValueError(str(error)) from None
    return []


def _address_space_in_use() -> int:
    """What the child has mapped before it reads: it depends on the program that started it."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[0])
    except OSError:
        return MEMORY
    return pages * limits.getpagesize()


def _text(cell: object) -> str:
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.isoformat(sep=" ")
    if isinstance(cell, date | time):
        return cell.isoformat()
    return str(cell) if not isinstance(cell, timedelta) else str(cell.total_seconds())
