"""Whatever lies in the inbox is read, or held with a plain sentence: quickly, in little memory, and stopping no other.

All hostile files lie in one inbox beside a good export, as they would.
"""

import csv
import functools
import hashlib
import io
import json
import os
import random
import re
import subprocess
import sys
import tempfile
import time
import warnings
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from flows.programme import load_programme
from flows.steps.contracts import Ingested, Unread
from flows.steps.ingest import child, copying, ingest, landing
from flows.steps.ingest.unreadable import Unreadable
from flows.steps.mistakes import Mistake
from tests import programmes

MB = 1024**2
GOOD = "answers.csv"
# Far more than any of them needs, also on a busy machine.
SECONDS = 20


@pytest.fixture(autouse=True)
def _files_are_at_rest(monkeypatch):
    """No test waits for a file to come to rest, but those that are about it."""
    monkeypatch.setattr(copying, "REST", 0)


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


def flipped(content: bytes, *places: int) -> bytes:
    changed = bytearray(content)
    for place in places:
        changed[place] ^= 0xFF
    return bytes(changed)


# What is held, and why

FAR_LARGER = "far larger than it looks"
DAMAGED_SPSS = "The SPSS file cannot be read"
TOO_MUCH = "takes more time, memory or disk"
ENTITIES = "defines entities of its own"
LAUGHS = '<!ENTITY a "ha">' + "".join(
    f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True)
)

HELD: dict[str, tuple[Callable[[], bytes], str]] = {
    # Workbooks that unpack to far more than they are.
    "600 MB of spaces.xlsx": (spaces_alone, FAR_LARGER),
    "200 MB in one string.xlsx": (lambda: workbook(sheet(), strings("a" * MB for _ in range(200))), FAR_LARGER),
    "a bomb beside what does not shrink.xlsx": (
        lambda: workbook(sheet(spaces(30)), ("x.bin", [scattered_text(2)])),
        FAR_LARGER,
    ),
    "a lie about sizes.xlsx": (lambda: with_size_in_directory(workbook(sheet(spaces(30))), 5_000), FAR_LARGER),
    "3,000 parts.xlsx": (lambda: workbook(sheet(), *((f"x/{n}.xml", "") for n in range(3_000))), FAR_LARGER),
    "a bomb of bombs.xlsx": (
        lambda: workbook(sheet(), ("a.zip", [workbook(sheet(spaces(9))).hex()]), ("b.bin", spaces(50))),
        FAR_LARGER,
    ),
    # Sheets with a cell far from all others: a parser makes room for everything between.
    "the last cell.xlsx": (lambda: far_cell("XFD1048576"), "reaches to cell XFD1048576"),
    "a far cell.xlsx": (lambda: far_cell("ZZ200000"), "reaches to cell ZZ200000"),
    "a cell beyond every sheet.xlsx": (lambda: far_cell("ZZZZZ99999999999"), "far larger than the answers in it"),
    "a far cell in a hurry.xlsx": (
        lambda: workbook(sheet([ONE_ROW, '<row r="1048576">', CELL.format("XFD1048576", "x") * 2])),
        "reaches to cell XFD1048576",
    ),
    "a far cell that does not say so.xlsx": (
        lambda: workbook(
            sheet([f'<row>{CELL.format("XFC1", "x")}<c><v>1</v></c></row><row r="1048576"><c><v>1</v></c>'])
        ),
        FAR_LARGER,
    ),
    # XML that defines what it means.
    "entities that multiply.xlsx": (lambda: entities(LAUGHS, "i"), ENTITIES),
    "an entity in the strings.xlsx": (lambda: entities('<!ENTITY a "x">', "a", STRINGS), ENTITIES),
    "an entity from a file.xlsx": (lambda: entities('<!ENTITY a SYSTEM "file:///etc/passwd">', "a"), ENTITIES),
    "an entity in UTF-16.xlsx": (
        lambda: workbook(sheet(), ("xl/styles.xml", ["<\0!\0D\0O\0C\0T\0Y\0P\0E\0 \0x\0>\0"])),
        ENTITIES,
    ),
    "a part twice.xlsx": (lambda: workbook(sheet(), sheet([])), "the same part twice"),
    "a part twice in capitals.xlsx": (
        lambda: workbook(sheet(), (SHEET.upper(), ["<worksheet/>"])),
        "the same part twice",
    ),
    "cut off.xlsx": (lambda: workbook(sheet())[:-200], FAR_LARGER),
    "no workbook at all.xlsx": (lambda: b"PK\x03\x04" + b"x" * 100, FAR_LARGER),
    "a cell of 50 MB.xlsx": (lambda: workbook(sheet(), strings("ab" * (MB // 2) for _ in range(50))), FAR_LARGER),
    "a cell of 3 MB.xlsx": (
        lambda: workbook(sheet([f'<row r="1">{CELL.format("A1", scattered_text(3))}</row>'])),
        "Row 1 holds more than 2000000 characters",
    ),
    "10,000 columns.xlsx": (
        lambda: workbook(sheet(["<row>", *(f"<c><v>{number}</v></c>" for number in range(10_000)), "</row>"])),
        "No source describes this file",
    ),
    "20,000 columns.xlsx": (
        lambda: workbook(sheet(["<row>", *(f"<c><v>{number}</v></c>" for number in range(20_000)), "</row>"])),
        "20000 columns",
    ),
    "old.xls": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504, "the old Excel format"),
    # Text.
    "10,000 columns.csv": (
        lambda: table([[f"q{n}" for n in range(10_000)], ["1"] * 10_000]).encode(),
        "No source describes this file",
    ),
    "20,000 columns.csv": (lambda: table([[f"q{n}" for n in range(20_000)]]).encode(), "20000 columns"),
    "20 million columns.csv": (lambda: b"," * 20_000_000, "longer than any row of answers"),
    "a cell of 50 MB.csv": (lambda: b"id,member\n1," + b"a" * 50 * MB + b"\n", "longer than any row of answers"),
    "a cell of 1 MB.csv": (lambda: b"id,member\n1," + b"a" * MB + b"\n", "Near row 2 the quotation marks do not fit"),
    "a cell of many lines.csv": (
        lambda: b'id,member\n1,"' + b"a\n" * MB + b'"\n',
        "Near row 2 the quotation marks do not fit",
    ),
    "NUL bytes.csv": (lambda: b"id,member\n1,\0\n", "NUL bytes"),
    "NUL bytes later.csv": (lambda: b"id,member\n" + b"1,2\n" * 5_000 + b"1,\0\n", "NUL bytes|not UTF-8"),
    "ragged.csv": (lambda: b"id,member,submitted\n1,2\n", "Row 2 has 2 cells, but the heading has 3"),
    "too wide a row.csv": (lambda: b"id,member\n1,2\n1,2,3\n", "Row 3 has 3 cells, but the heading has 2"),
    "an unclosed quote.csv": (lambda: b'id,member\n"1,2\n3,4\n', "the quotation marks do not fit"),
    "a quote in the middle.csv": (lambda: b'id,member\n"1"2,3\n', "the quotation marks do not fit"),
    "two encodings.csv": (
        lambda: "id,naam\n1,café\n".encode() + "2,café\n".encode("cp1252"),
        "not UTF-8, and no source declares another encoding",
    ),
    "UTF-16 without a mark.csv": (
        lambda: table(good_table()).encode("utf-16-le"),
        "UTF-16 text without a byte order mark",
    ),
    "UTF-16 cut in a letter.tsv": (
        lambda: table(good_table(), "\t").encode("utf-16")[:-1],
        "begins as UTF-16, but is damaged or was cut off",
    ),
    "empty.csv": (lambda: b"", "The file is empty"),
    "blank lines.csv": (lambda: b"\n\r\n\n", "holds no rows"),
    # Headings.
    "a heading twice.csv": (
        lambda: table([[*good_table()[0], "learning_2"], [*good_table()[1], 5]]).encode(),
        "'learning_2' stands above 2 columns",
    ),
    "a heading twice to the eye.csv": (
        lambda: table([[*good_table()[0], "learning\u200b_2\u202e"], [*good_table()[1], 5]]).encode(),
        "'learning_2' stands above 2 columns",
    ),
    # SPSS.
    "cut off.sav": (lambda: spss()[:-300], DAMAGED_SPSS),
    "a header alone.sav": (lambda: spss()[:176], DAMAGED_SPSS),
    "flipped bits.sav": (lambda: flipped(spss(), *range(180, 1_000, 37)), DAMAGED_SPSS),
    "flipped bits, compressed.sav": (lambda: flipped(spss(compressed=True), *range(180, 1_000, 37)), DAMAGED_SPSS),
    # JSON.
    "nested deeply.json": (lambda: b'[{"id": ' + b"[" * MB + b"]" * MB + b"}]", "The JSON file cannot be read"),
    "a huge number.json": (lambda: b'[{"id": ' + b"9" * MB + b"}]", "The JSON file cannot be read"),
    "a cell of 50 MB.json": (
        lambda: b'[{"id": "' + b"a" * 50 * MB + b'"}]',
        "Row 2 holds more than 2000000 characters",
    ),
    "20,000 columns.json": (lambda: json.dumps([dict.fromkeys(map(str, range(20_000)), 1)]).encode(), "20000 columns"),
    "a name for each of 3,000 rows.json": (
        lambda: json.dumps([{str(number): 1} for number in range(3_000)]).encode(),
        TOO_MUCH,
    ),
    "cut off.json": (lambda: json.dumps(good_objects()).encode()[:-5], "The JSON file cannot be read"),
    "a questionnaire.json": (lambda: b'{"items": [{"label": "x"}]}', "This is a questionnaire, no responses"),
}


@dataclass(frozen=True)
class Inbox:
    """What became of an inbox full of hostile files: the outcome, and the seconds that each of them took."""

    ingested: Ingested
    seconds: dict[str, float]
    programme: programmes.TestProgramme

    def held(self, name: str) -> Unread:
        return next(file for file in self.ingested.unread if file.file_name == name)


@pytest.fixture(scope="module")
def inbox(tmp_path_factory) -> Inbox:
    """A good export among all of the hostile ones, ingested at once."""
    programme = programmes.with_answers(programmes.make(tmp_path_factory.mktemp("hostile") / "programme"), 6)
    for name, (content, _) in HELD.items():
        (programme.root / "inbox" / name).write_bytes(content())
    return ingest_with_times(programme)


def ingest_with_times(programme: programmes.TestProgramme) -> Inbox:
    begun: dict[str, float] = {}
    chosen = programme.settings
    ingested = ingest(
        chosen.places,
        load_programme(chosen).sources,
        chosen.pseudonym_key(),
        chosen.now().date(),
        on_file=lambda name: begun.setdefault(name, time.monotonic()),
    )
    ends = [*list(begun.values())[1:], time.monotonic()]
    seconds = {name: end - begin for (name, begin), end in zip(begun.items(), ends, strict=True)}
    return Inbox(ingested, seconds, programme)


# Looks every few milliseconds at the peaks of all processes that are alive.
_INGEST = """
import json, re, sys, threading
from pathlib import Path
from flows import settings
from flows.programme import load_programme
from flows.steps.ingest import ingest

def peak(process):
    try:
        own = int(re.search("VmHWM:\\\\s+(\\\\d+)", (process / "status").read_text())[1])
        below = " ".join(path.read_text() for path in process.glob("task/*/children"))
    except (OSError, TypeError):
        return 0
    return own + sum(peak(Path("/proc", child)) for child in below.split())

peaks, ended = [], threading.Event()

def watch():
    while not ended.wait(0.005):
        peaks.append(peak(Path("/proc/self")))

watcher = threading.Thread(target=watch)
watcher.start()
chosen = settings.load(Path(sys.argv[1]))
sources = load_programme(chosen).sources
ingested = ingest(chosen.places, sources, chosen.pseudonym_key(), chosen.now().date())
ended.set()
watcher.join()
print(json.dumps({
    "peak_mb": max(peaks) // 1024,
    "read": [export.file_name for export in ingested.exports],
    "held": {file.file_name: file.sentence for file in ingested.unread},
}))
"""


def ingest_in_a_process(programme: programmes.TestProgramme) -> subprocess.CompletedProcess[str]:
    """Ingest as a run does, apart from these tests; prints the outcome and the memory that it took."""
    command = [sys.executable, "-c", _INGEST, str(programme.root)]
    return subprocess.run(command, capture_output=True, text=True, cwd=programme.root.parent, timeout=120, check=True)


@pytest.mark.xdist_group("hostile")
@pytest.mark.parametrize("name", HELD)
def test_a_hostile_file_is_held_with_a_plain_reason_and_soon(inbox, name):
    held = inbox.held(name)
    assert re.search(HELD[name][1], held.sentence)
    assert held.advice
    assert len(held.sentence) < 500
    assert held.sentence.isprintable()
    assert inbox.seconds[name] < SECONDS


@pytest.mark.xdist_group("hostile")
def test_the_good_export_among_them_is_read(inbox):
    assert [(export.file_name, export.rows) for export in inbox.ingested.exports] == [(GOOD, 6)]
    assert len(inbox.ingested.unread) == len(HELD)
    assert inbox.programme.query("select count(*) from raw.responses") == [(6,)]


@pytest.mark.xdist_group("hostile")
def test_nothing_of_what_a_reader_wrote_stays_behind(inbox):
    landed = inbox.programme.settings.places.landed
    assert {path.name for path in landed.iterdir() if len(path.name) != 64} == set()


def test_a_parser_that_dies_says_nothing_and_leaves_no_core_file(tmp_path):
    programme = programmes.with_answers(programmes.make(tmp_path / "programme"), 6)
    name = "a far cell that does not say so.xlsx"
    (programme.root / "inbox" / name).write_bytes(HELD[name][0]())
    run = ingest_in_a_process(programme)
    assert run.stderr == ""
    assert name in json.loads(run.stdout)["held"]
    assert list(tmp_path.rglob("*core*")) == []


# The worst of what 20 MB can do to the memory, each found by trying.
GREEDY: dict[str, dict[str, Callable[[], bytes]]] = {
    "text": {
        "20 million columns.csv": lambda: b"," * 20_000_000,
        "cells of two lines.csv": lambda: b'"\na",' * 3_300_000 + b"x\n",
    },
    "read in a child": {
        "600 MB of spaces.xlsx": spaces_alone,
        "a string of 30 MB.xlsx": lambda: workbook(sheet(), strings([scattered_text(30)])),
        "far cells.xlsx": HELD["a far cell that does not say so.xlsx"][0],
        "6 million empty lists.json": lambda: b"[" + b"[]," * 6_500_000 + b"[]]",
    },
}


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="only Linux tells the peak of a process")
@pytest.mark.parametrize("kind", GREEDY)
def test_a_file_of_20_mb_takes_at_most_512_mb(tmp_path, kind):
    """The most that the run and every process below it took at a time."""
    programme = programmes.with_answers(programmes.make(tmp_path / "programme"), 6)
    for name, content in GREEDY[kind].items():
        path = programme.root / "inbox" / name
        path.write_bytes(content())
        assert path.stat().st_size <= 20 * MB
    outcome = json.loads(ingest_in_a_process(programme).stdout)
    assert outcome["read"] == [GOOD]
    assert set(outcome["held"]) == set(GREEDY[kind])
    assert outcome["peak_mb"] <= 512


def test_a_reader_that_never_ends_is_stopped(tmp_path, monkeypatch):
    monkeypatch.setattr(child, "SECONDS", 1)
    with pytest.raises(Unreadable, match="more time, memory or disk"):
        child.read(_endless, tmp_path / "a.xlsx", [], Unreadable("damaged", ""))
    assert list(tmp_path.iterdir()) == []


def _endless(_path: str, _encodings: tuple[str, ...]) -> child.Table:
    while True:
        pass


# What is not held: it only looks odd


def drop(programme: programmes.TestProgramme, name: str, content: bytes) -> Ingested:
    (programme.root / "inbox" / name).write_bytes(content)
    return programme.ingest()


def test_a_sheet_that_lies_about_its_size_is_read_by_its_cells(programme):
    """`<dimension>` claims a billion cells; there are as many as stand there."""
    programmes.plain_source(programme, programmes.ITEMS)
    content = workbook(sheet(unnumbered(good_table()), dimension='<dimension ref="A1:XFD1048576"/>'))
    assert [export.rows for export in drop(programme, "a.xlsx", content).exports] == [6]
    assert {len(path.name) for path in programme.settings.places.landed.iterdir()} == {64}


def test_a_far_cell_that_was_only_given_a_colour_does_no_harm(programme):
    programmes.plain_source(programme, programmes.ITEMS)
    coloured = '<row r="1048576"><c r="XFD1048576" s="1"/></row>'
    content = workbook(sheet([*unnumbered(good_table()), coloured]))
    assert [export.rows for export in drop(programme, "a.xlsx", content).exports] == [6]


def test_a_sheet_that_begins_in_the_middle_is_read_from_its_first_column(programme):
    """Row numbers stay those that the steward sees in Excel."""
    programmes.plain_source(programme, programmes.ITEMS)
    import xlsxwriter

    path = programme.root / "inbox" / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        page = book.add_worksheet()
        for number, row in enumerate(good_table()):
            page.write_row(number + 3, 2, row)
    assert [export.rows for export in programme.ingest().exports] == [6]
    assert programme.query("select min(row_number), max(row_number) from raw.responses") == [(5, 10)]


def test_a_heading_that_begins_as_a_package_does_is_text(programme):
    programmes.plain_source(programme, programmes.ITEMS)
    rows = good_table()
    rows[0][0] = "PK"
    programmes.plain_source(programme, programmes.ITEMS, response_id="PK")
    assert [export.rows for export in drop(programme, "a.csv", table(rows).encode()).exports] == [6]


@pytest.mark.parametrize(
    "heading", ['"); drop table raw.responses; --', "'; delete from raw.exports; --", "{{ 7 * 7 }}", "%s %(x)s %n"]
)
def test_a_heading_is_a_name_whatever_it_says(programme, heading):
    rows = good_table()
    rows[0][rows[0].index("learning_2")] = heading
    source = programmes.plain_source(programme, programmes.ITEMS)
    source.write_text(source.read_text().replace('learning_2: "learning_2"', f"learning_2: {json.dumps(heading)}"))
    assert [export.rows for export in drop(programme, "a.csv", table(rows).encode()).exports] == [6]
    assert programme.query("select count(*) from raw.responses") == [(6,)]
    unmapped = drop(programme, "b.csv", table([[heading, "x"], ["1", "2"]]).encode())
    assert "No source describes this file" in unmapped.unread[0].sentence


def test_an_answer_that_looks_like_a_formula_stays_text_and_is_no_answer(programme):
    formulas = ['=HYPERLINK("http://example.org";"5")', "+5", "-5", "@5", "'=5", "=5"]
    rows = good_table()
    for row, formula in zip(rows[1:], formulas, strict=True):
        row[rows[0].index("learning_2")] = formula
    programmes.plain_source(programme, programmes.ITEMS)
    programme.validate(ingested=drop(programme, "a.csv", table(rows).encode()))
    assert programme.query("select answers['learning_2'] from raw.responses order by row_number") == [
        (formula,) for formula in formulas
    ]
    words = dict(programme.query("select text, word from validated.readings where field = 'learning_2'"))
    assert {formula: words[formula] in ("unknown", "out_of_range") for formula in formulas} == dict.fromkeys(
        formulas, True
    )


@pytest.mark.parametrize(
    "heading",
    ["\u202elearning_2", "learn\u200bing_2", "\ufefflearning_2", "learning_2\u2066", " learning_2\u00a0"],
)
def test_what_nobody_sees_in_a_heading_makes_no_difference(programme, heading):
    rows = good_table()
    rows[0][rows[0].index("learning_2")] = heading
    programmes.plain_source(programme, programmes.ITEMS)
    assert [export.rows for export in drop(programme, "a.csv", table(rows).encode()).exports] == [6]


COMPOSED, DECOMPOSED = "Hoe gaat het met je caf\u00e9?", "Hoe gaat het met je cafe\u0301?"


@pytest.mark.parametrize("written", [COMPOSED, DECOMPOSED])
def test_a_heading_is_the_same_in_either_way_of_writing_an_accent(programme, written):
    rows = good_table()
    rows[0][rows[0].index("learning_2")] = written
    source = programmes.plain_source(programme, programmes.ITEMS)
    source.write_text(source.read_text().replace('learning_2: "learning_2"', f'learning_2: "{COMPOSED}"'))
    assert [export.rows for export in drop(programme, "a.csv", table(rows).encode()).exports] == [6]


def test_two_headings_that_differ_in_the_way_of_writing_an_accent_are_not_told_apart(programme):
    rows = [[*row, 5] for row in good_table()]
    rows[0][rows[0].index("learning_2")], rows[0][-1] = COMPOSED, DECOMPOSED
    source = programmes.plain_source(programme, programmes.ITEMS)
    source.write_text(source.read_text().replace('learning_2: "learning_2"', f'learning_2: "{COMPOSED}"'))
    held = drop(programme, "a.csv", table(rows).encode()).unread
    assert "stands above 2 columns" in held[0].sentence


def test_half_a_character_in_json_becomes_a_question_mark(programme):
    """A phone cuts a text in the middle of an emoji, and no other format can hold what is left of it."""
    programmes.plain_source(programme, programmes.ITEMS)
    objects = good_objects(member="\ud83d", learning_2="\ud83d", group="watch\udfff", id="r\ud800", submitted="\ud800")
    assert [export.rows for export in drop(programme, "a.json", json.dumps(objects).encode()).exports] == [6]
    assert ("?",) in programme.query("select answers['learning_2'] from raw.responses")


def test_values_of_json_that_are_no_answers_stay_text(programme):
    programmes.plain_source(programme, programmes.ITEMS)
    objects = good_objects(learning_2={"a": [1, {"b": None}]}, id=[1], group=10**4000, member=True, submitted=1e308)
    text = json.dumps(objects).replace("1e+308", "1e999")
    assert [export.rows for export in drop(programme, "a.json", text.encode()).exports] == [6]


# Names and things that are no files


def test_two_lines_or_unseen_characters_in_a_name_are_held_by_an_escaped_name(programme):
    programmes.with_answers(programme, 6)
    for name in ("two\nlines.csv", "gnp\u202evsc.csv", "zero\u200bwidth.csv", "esc\x1b[31m.csv"):
        (programme.root / "inbox" / name).write_text(table(good_table(3)))
    (Path(os.fsdecode(os.fsencode(programme.root / "inbox") + b"/latin-\xe9.csv"))).write_text(table(good_table(3)))
    ingested = programme.ingest()
    assert [export.file_name for export in ingested.exports] == [GOOD]
    assert len(ingested.unread) == 5
    for file in ingested.unread:
        assert file.file_name.isascii()
        assert file.file_name.isprintable()
        assert "characters that cannot be printed" in file.sentence


@pytest.mark.parametrize(
    "name", ["a\\..\\b.csv", "a..csv", "%2e%2e%2fa.csv", "; rm -rf ~.csv", "-rf.csv", "n" * 251 + ".csv"]
)
def test_a_name_is_no_path_and_no_command(programme, name):
    programmes.plain_source(programme, programmes.ITEMS)
    ingested = drop(programme, name, table(good_table()).encode())
    assert [export.file_name for export in ingested.exports] == [name]
    assert {len(path.name) for path in programme.settings.places.landed.iterdir()} == {64}


def test_names_that_differ_in_the_way_of_writing_an_accent_are_two_files(programme):
    programmes.plain_source(programme, programmes.ITEMS)
    (programme.root / "inbox" / "caf\u00e9.csv").write_text(table(good_table(3)))
    ingested = drop(programme, "cafe\u0301.csv", table(good_table(5)).encode())
    assert sorted(export.rows for export in ingested.exports) == [3, 5]
    assert len({export.file_name for export in ingested.exports}) == 2


def test_what_is_no_ordinary_file_is_held_and_never_followed(programme, tmp_path):
    programmes.with_answers(programme, 6)
    box = programme.root / "inbox"
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.csv").write_text(table(good_table(3)))
    (box / "link.csv").symlink_to(outside / "secret.csv")
    (box / "link to nothing.csv").symlink_to(outside / "nothing.csv")
    (box / "link to a folder").symlink_to(outside)
    (box / "hard link.csv").hardlink_to(outside / "secret.csv")
    os.mkfifo(box / "pipe.csv")
    (box / "folder.csv").mkdir()
    (box / "folder.csv" / "loop").symlink_to(box)
    begin = time.monotonic()
    ingested = programme.ingest()
    assert time.monotonic() - begin < SECONDS
    assert [export.file_name for export in ingested.exports] == [GOOD]
    reasons = {file.file_name: file.reason for file in ingested.unread}
    link, other = "This is a link, or a file that cannot be opened.", "This is no ordinary file."
    assert reasons == {
        "link.csv": link,
        "link to nothing.csv": link,
        "link to a folder": link,
        "loop": link,
        "hard link.csv": other,
        "pipe.csv": other,
    }


def test_a_full_disk_holds_the_file_instead_of_keeping_a_part_of_it(programme, monkeypatch):
    programmes.with_answers(programme, 6)

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    ingested = programme.ingest()
    assert "the disk is full" in ingested.unread[0].sentence
    assert list(programme.settings.places.landed.iterdir()) == []


# Files that are not all there yet

STILL_COPIED = "This file is still being copied to the inbox."


def age(path: Path, seconds: float) -> Path:
    """A file as if it was last changed so long ago."""
    path.touch()
    moment = time.time() - seconds
    os.utime(path, (moment, moment))
    return path


def test_a_file_that_was_changed_while_the_others_came_to_rest_is_held_and_read_when_it_is_whole(
    programme, monkeypatch
):
    """One that is cut at a line end looks like a whole one."""
    programmes.with_answers(programme, 6)
    age(programme.root / "inbox" / GOOD, 3600)
    growing = programme.root / "inbox" / "growing.csv"
    growing.write_text(table(good_table(20)[:8]))
    monkeypatch.setattr(copying, "REST", 600)
    monkeypatch.setattr(copying, "let_come_to_rest", lambda paths: growing.write_text(table(good_table(20)[:15])))
    ingested = programme.ingest()
    assert [export.file_name for export in ingested.exports] == [GOOD]
    assert [(file.file_name, file.reason) for file in ingested.unread] == [("growing.csv", STILL_COPIED)]
    growing.write_text(table(good_table(20)))
    age(growing, 3600)
    monkeypatch.setattr(copying, "let_come_to_rest", lambda paths: None)
    assert [(export.file_name, export.rows) for export in programme.ingest().exports] == [
        (GOOD, 6),
        ("growing.csv", 20),
    ]


@pytest.mark.parametrize("change", ["grows", "is written anew"])
def test_a_file_that_changes_while_it_is_read_is_held(tmp_path, change):
    path = tmp_path / "a.csv"
    path.write_text("id\n1\n")
    before = path.stat()
    path.write_text("id\n1\n2\n" if change == "grows" else "id\n7\n")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns + (change == "is written anew")))
    with pytest.raises(Unreadable, match="still being copied"):
        copying.refuse_growing(path, before, path.stat(), now=before.st_mtime + 3600)


def test_the_wait_is_once_for_all_files_and_only_when_one_was_changed_just_now(tmp_path, monkeypatch):
    monkeypatch.setattr(copying, "REST", 0.5)
    waits: list[float] = []
    paths = [tmp_path / name for name in ("a.csv", "b.csv")]
    for path in paths:
        path.write_text("id\n1\n")
    modified = paths[0].stat().st_mtime
    copying.let_come_to_rest(paths, now=lambda: modified + 0.1, wait=waits.append)
    assert waits == [0.5]
    copying.let_come_to_rest(paths, now=lambda: modified + 60, wait=waits.append)
    assert waits == [0.5]


def test_a_clock_that_runs_behind_holds_no_file(tmp_path, monkeypatch):
    monkeypatch.setattr(copying, "REST", 0.5)
    path = age(tmp_path / "a.csv", -3600)
    copying.let_come_to_rest([path], wait=pytest.fail)
    copying.refuse_growing(path, path.stat(), path.stat(), time.time())


def test_a_done_marker_saves_the_wait_and_is_no_export(programme, monkeypatch):
    programmes.with_answers(programme, 6)
    (programme.root / "inbox" / f"{GOOD}.done").touch()
    monkeypatch.setattr(copying, "REST", 600)
    ingested = programme.ingest()
    assert [export.file_name for export in ingested.exports] == [GOOD]
    assert ingested.unread == ()


@pytest.mark.parametrize(
    "written", ["{0}", "{1}  answers.csv\n", "SHA256 (answers.csv) = {0}\n", "{0} *answers.csv\r\n"]
)
def test_a_sha256_marker_that_matches_lets_the_file_in(programme, monkeypatch, written):
    programmes.with_answers(programme, 6)
    content = (programme.root / "inbox" / GOOD).read_bytes()
    digest = hashlib.sha256(content).hexdigest()
    (programme.root / "inbox" / f"{GOOD}.sha256").write_text(written.format(digest, digest.upper()))
    monkeypatch.setattr(copying, "REST", 600)
    assert [export.file_name for export in programme.ingest().exports] == [GOOD]


@pytest.mark.parametrize("marker", ["other", "empty", "a link", "a pipe", "a folder", "huge"])
def test_a_sha256_marker_that_does_not_match_holds_the_file(programme, tmp_path, marker):
    programmes.with_answers(programme, 6)
    path = programme.root / "inbox" / f"{GOOD}.sha256"
    digest = hashlib.sha256((programme.root / "inbox" / GOOD).read_bytes()).hexdigest()
    (tmp_path / "right").write_text(digest)
    {
        "other": lambda: path.write_text("0" * 64),
        "empty": path.touch,
        "a link": lambda: path.symlink_to(tmp_path / "right"),
        "a pipe": lambda: os.mkfifo(path),
        "a folder": path.mkdir,
        "huge": lambda: path.write_text(" " * 10_000 + digest),
    }[marker]()
    held = programme.ingest().unread
    assert [file.file_name for file in held] == [GOOD]
    assert "not the one that its .sha256 file describes" in held[0].reason


@pytest.mark.parametrize(
    "ending", [".part", ".partial", ".filepart", ".crdownload", ".tmp", ".TMP", ".done", ".sha256"]
)
def test_what_a_program_has_not_finished_and_markers_alone_are_passed_over(tmp_path, ending):
    (tmp_path / f"a.csv{ending}").write_text("id\n1\n")
    assert list(landing.inbox_files(tmp_path)) == []


# Sources


def test_a_source_with_anchors_is_refused_before_they_multiply(programme):
    laughs = [
        "a: &a [ha, ha]",
        *(f"{b}: &{b} [{', '.join([f'*{a}'] * 9)}]" for a, b in zip("abcdefgh", "bcdefghi", strict=True)),
    ]
    (programme.root / "sources" / "bomb.yaml").write_text("\n".join(laughs))
    with pytest.raises(Mistake, match="anchors and aliases"):
        load_programme(programme.settings)


def test_a_source_runs_nothing(programme, tmp_path):
    source = programmes.plain_source(programme, programmes.ITEMS)
    source.write_text(source.read_text() + f'consent: !!python/object/apply:os.mkdir ["{tmp_path}/made"]\n')
    with pytest.raises(Mistake):
        load_programme(programme.settings)
    assert not (tmp_path / "made").exists()


# Any bytes at all


def _rezipped(content: bytes, change: Callable[[bytes], bytes]) -> bytes:
    """A workbook of which the sheet is changed inside a sound package, so that the change reaches the parser."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(file, "w") as new:
        for name in old.namelist():
            new.writestr(name, change(old.read(name)) if name == SHEET else old.read(name))
    return file.getvalue()


SOUND: dict[str, Callable[[], bytes]] = {
    "csv": lambda: table(good_table()).encode(),
    "tsv": lambda: table(good_table(), "\t").encode("utf-16"),
    "json": lambda: json.dumps(good_objects()).encode(),
    "xlsx": lambda: workbook(sheet(unnumbered(good_table()))),
    "sheet": lambda: workbook(sheet(unnumbered(good_table()))),
    "sav": spss,
    "zsav": lambda: spss(compressed=True),
}
READ_IN_A_CHILD = ("json", "xlsx", "sheet", "sav", "zsav")
# A place as a share of the file, what happens there, and bytes that it happens with.
EDITS = st.lists(
    st.tuples(
        st.floats(0, 1, exclude_max=True),
        st.sampled_from(["flip", "put", "cut", "repeat", "end"]),
        st.binary(min_size=1, max_size=12),
    ),
    min_size=1,
    max_size=8,
)


def mutated(content: bytes, edits: Iterable[tuple[float, str, bytes]]) -> bytes:
    for share, kind, piece in edits:
        at = int(share * len(content))
        head, tail = content[:at], content[at:]
        content = {
            "flip": head + bytes(b ^ p for b, p in zip(tail, piece, strict=False)) + tail[len(piece) :],
            "put": head + piece + tail,
            "cut": head + tail[len(piece) :],
            "repeat": head + tail[: piece[0]] + tail,
            "end": head,
        }[kind]
    return content


@pytest.fixture(scope="module")
def fuzzed(tmp_path_factory) -> programmes.TestProgramme:
    programme = programmes.make(tmp_path_factory.mktemp("fuzzed") / "programme")
    programmes.plain_source(programme, programmes.ITEMS)
    programmes.plain_source(programme, programmes.ITEMS, name="spss", tool="spss")
    return programme


def _is_held_or_read(programme: programmes.TestProgramme, format_: str, edits: list[tuple[float, str, bytes]]) -> None:
    sound = SOUND[format_]()
    content = _rezipped(sound, lambda part: mutated(part, edits)) if format_ == "sheet" else mutated(sound, edits)
    path = programme.root / "inbox" / f"any.{format_}"
    path.write_bytes(content)
    programmes.at_rest(path)
    begin = time.monotonic()
    ingested = programme.ingest()
    assert time.monotonic() - begin < SECONDS
    assert f"any.{format_}" in {file.file_name for file in (*ingested.exports, *ingested.unread)}
    (programme.root / "inbox" / f"any.{format_}").unlink()
    programme.settings.places.warehouse.unlink()


def _fuzz(examples: int) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Shrinking an example that fails would start as many readers again."""
    return settings(
        max_examples=examples,
        deadline=timedelta(seconds=SECONDS),
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )


@pytest.mark.parametrize("format_", [name for name in SOUND if name not in READ_IN_A_CHILD])
@_fuzz(15)
@given(edits=EDITS)
def test_no_bytes_of_text_end_in_an_exception_or_a_hang(fuzzed, format_, edits):
    _is_held_or_read(fuzzed, format_, edits)


@pytest.mark.parametrize("format_", READ_IN_A_CHILD)
@_fuzz(3)
@given(edits=EDITS)
def test_no_bytes_of_other_formats_end_in_an_exception_or_a_hang(fuzzed, format_, edits):
    _is_held_or_read(fuzzed, format_, edits)


@pytest.mark.slow
@pytest.mark.parametrize("format_", SOUND)
@_fuzz(150)
@given(edits=EDITS)
def test_no_bytes_of_any_format_end_in_an_exception_or_a_hang(fuzzed, format_, edits):
    _is_held_or_read(fuzzed, format_, edits)
