"""The files of the register: `organisations` and `collectives`, each a CSV file or a workbook."""

from collections.abc import Collection
from pathlib import Path

from flows.programme.register_table import LARGEST, MOST_ROWS, NotRead, Record, Table, TableFile, clean_headings
from flows.programme.register_text import TextFile
from flows.programme.register_workbook import WorkbookFile

SUFFIXES = (".csv", ".xlsx")
_PACKAGE = b"PK"
# Old Excel files, and new ones with a password, are in the same container.
_OLD_OFFICE = b"\xd0\xcf\x11\xe0"


def find(folder: Path, stem: str) -> Path:
    """The file of a table in a folder; the CSV file when there is none.

    Raises:
        NotRead: there are two.
    """
    present = [path for suffix in SUFFIXES if (path := folder / f"{stem}{suffix}").exists()]
    if len(present) > 1:
        raise NotRead(f"{present[0].name} and {present[1].name} are both there; keep one of the two.")
    return present[0] if present else folder / f"{stem}.csv"


def opened(path: Path, known: Collection[str]) -> TableFile:
    """Open a file by its content, whatever its name; `known` are the headings that it may have.

    Raises:
        NotRead: it is missing, too large, or no table.
    """
    content = _content(path)
    if content.startswith(_OLD_OFFICE):
        raise NotRead(
            "this is a workbook with a password, or of the old Excel format (.xls);"
            " save it as .xlsx without a password."
        )
    if content.startswith(_PACKAGE):
        return WorkbookFile(content)
    if path.suffix.lower() == ".xlsx":
        raise NotRead("this is no .xlsx workbook; save it as one, or as CSV UTF-8 with a name that ends in .csv.")
    return TextFile(content, known)


def _content(path: Path) -> bytes:
    try:
        if path.stat().st_size > LARGEST:
            raise NotRead(f"this file is larger than {LARGEST // 1024**2} MB; keep only the rows of the register.")
        return path.read_bytes()
    except FileNotFoundError:
        raise NotRead(f"this file is missing ({path.stem}.xlsx would do as well).") from None
    except OSError:
        raise NotRead("this is not a readable file.") from None


def read(file: TableFile, name: str, needed: Collection[str], known: Collection[str]) -> Table:
    """Read the table of a file with all needed headings: of a workbook, the first such sheet.

    When there is none, it is the one with most known headings, so that sentences can say what it lacks.

    Raises:
        NotRead: no table has any of the headings, or the table has too many rows.
    """
    sheets = {sheet: clean_headings(cells) for sheet, cells in file.headings().items()}
    complete = [sheet for sheet, headings in sheets.items() if set(needed) <= set(headings)]
    nearest = max(sheets, key=lambda sheet: len(set(sheets[sheet]) & set(known)), default=None)
    sheet = complete[0] if complete else nearest
    if sheet is None or not set(sheets[sheet]) & set(known):
        begins = "no sheet begins" if file.unit == "row" else "this file does not begin"
        raise NotRead(f"{begins} with the headings {', '.join(needed)}.")
    (heading_at, _), *rows = _all(file, sheet)
    headings = tuple(sheets[sheet])
    return Table(name, file.unit, heading_at, headings, tuple(rows), file.read_as(sheet), tuple(complete[1:]))


def _all(file: TableFile, sheet: str) -> list[Record]:
    records: list[Record] = []
    for record in file.records(sheet):
        if len(records) > MOST_ROWS:
            raise NotRead(f"this table has more than {MOST_ROWS:,} rows; keep only those of the register.")
        records.append(record)
    return records
