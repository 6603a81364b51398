"""Exports as nobody would write them, made for tests: workbooks part by part, bombs, and sound files to spoil."""

import csv
import functools
import io
import random
import tempfile
import time
import warnings
import zipfile
from collections.abc import Iterable
from pathlib import Path

from flows.foundation.contracts import Ingested
from tests import programmes

MB = 1024**2
GOOD = "answers.csv"
# Far more than any of them needs, also on a busy machine.
SECONDS = 20


def processor_seconds() -> float:
    """What this process has used of the processor; readers in processes of their own have a limit of their own."""
    return time.process_time()


# How the files are made

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
CELL = '<c r="{0}" t="inlineStr"><is><t>{1}</t></is></c>'
ONE_ROW = f'<row r="1">{CELL.format("A1", "id")}</row>'
PARTS = {
    "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types"/>',
    "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="r1"'
    f' Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets><sheet name="S" sheetId="1" r:id="r1"/>'
    "</sheets></workbook>",
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="r1"'
    f' Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="r2" Type="{OFFICE}/sharedStrings"'
    ' Target="sharedStrings.xml"/></Relationships>',
}
SHEET, STRINGS = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"
Part = tuple[str, Iterable[str]]


def workbook(*parts: Part, compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A package of the usual parts and these; the text of a part comes in pieces."""
    file = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(file, "w", compression, compresslevel=1) as archive:
        warnings.filterwarnings("ignore", "Duplicate name")
        for name, text in PARTS.items():
            archive.writestr(name, text)
        for name, pieces in parts:
            with archive.open(name, "w") as part:
                for piece in pieces:
                    part.write(piece.encode())
    return file.getvalue()


def zipped(*files: tuple[str, str]) -> bytes:
    """An archive that is no workbook."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, text in files:
            archive.writestr(name, text)
    return file.getvalue()


def sheet(rows: Iterable[str] = (ONE_ROW,), before: str = "", dimension: str = "") -> Part:
    return SHEET, [f'{before}<worksheet xmlns="{MAIN}">{dimension}<sheetData>', *rows, "</sheetData></worksheet>"]


def strings(pieces: Iterable[str]) -> Part:
    return STRINGS, [f'<sst xmlns="{MAIN}"><si><t>', *pieces, "</t></si></sst>"]


def unnumbered(rows: Iterable[Iterable[object]]) -> Iterable[str]:
    """Rows of cells that do not say where they stand."""
    for row in rows:
        cells = (f'<c t="inlineStr"><is><t>{cell}</t></is></c>' for cell in row)
        yield f"<row>{''.join(cells)}</row>"


def far_cell(reference: str) -> bytes:
    row = "".join(filter(str.isdigit, reference))
    return workbook(sheet([ONE_ROW, f'<row r="{row}">{CELL.format(reference, "x")}</row>']))


def entities(declaration: str, name: str, part: str = SHEET) -> bytes:
    """A workbook of which one part declares an entity and uses it."""
    document_type = f"<!DOCTYPE x [{declaration}]>"
    if part == STRINGS:
        body = f'<sst xmlns="{MAIN}"><si><t>&{name};</t></si></sst>'
        return workbook(sheet(['<row r="1"><c r="A1" t="s"><v>0</v></c></row>']), (STRINGS, [document_type, body]))
    return workbook(sheet([f'<row r="1">{CELL.format("A1", f"&{name};")}</row>'], before=document_type))


def with_size_in_directory(package: bytes, size: int) -> bytes:
    """A package that says of its largest parts that they are small."""
    lying = bytearray(package)
    for mark, offset in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        place = lying.find(mark)
        while place >= 0:
            at = slice(place + offset, place + offset + 4)
            if int.from_bytes(lying[at], "little") > MB:
                lying[at] = size.to_bytes(4, "little")
            place = lying.find(mark, place + 4)
    return bytes(lying)


def spaces(megabytes: int) -> Iterable[str]:
    return (" " * MB for _ in range(megabytes))


@functools.cache
def spaces_alone() -> bytes:
    """600 MB of them in a package of 600 KB."""
    return workbook(sheet(spaces(600)))


def scattered_text(megabytes: int) -> str:
    """Text that hardly shrinks in a package."""
    return random.Random(1).randbytes(megabytes * MB // 2).hex()


def table(rows: Iterable[Iterable[object]], delimiter: str = ",") -> str:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows(rows)
    return text.getvalue()


def good_table(count: int = 6) -> list[list[object]]:
    """The heading and some rows of the plain form."""
    rows = [programmes.answers(number) for number in range(1, count + 1)]
    return [list(rows[0]), *(list(row.values()) for row in rows)]


def good_objects(**changes: object) -> list[dict[str, object]]:
    """The responses of the plain form, of which the third is changed."""
    rows = [programmes.answers(number) for number in range(1, 7)]
    rows[2].update(changes)
    return rows


def spss(compressed: bool = False) -> bytes:
    import pandas
    import pyreadstat

    heading, *rows = good_table(8)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.sav"
        pyreadstat.write_sav(pandas.DataFrame(rows, columns=heading), str(path), compress=compressed)
        return path.read_bytes()


def flipped(content: bytes, *folder: int) -> bytes:
    changed = bytearray(content)
    for place in folder:
        changed[place] ^= 0xFF
    return bytes(changed)


def drop(programme: programmes.TestProgramme, name: str, content: bytes) -> Ingested:
    (programme.root / "inbox" / name).write_bytes(content)
    return programme.ingest()
