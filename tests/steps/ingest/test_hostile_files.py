"""Whatever lies in the inbox is read, or held with a plain sentence: quickly, in little memory, and stopping no other.

All hostile files lie in one inbox beside a good export, as they would.
"""

import json
import re
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from flows.foundation.contracts import Ingested, Unread
from flows.programme.loading import load_programme
from flows.steps.ingest import ingest
from flows.steps.ingest.readers import sandbox
from flows.steps.ingest.readers.file_facts import FileFacts
from flows.steps.ingest.readers.unreadable import Unreadable
from tests import programmes
from tests.steps.ingest.hostile_files import (
    CELL,
    GOOD,
    MB,
    ONE_ROW,
    SECONDS,
    SHEET,
    STRINGS,
    entities,
    far_cell,
    flipped,
    good_objects,
    good_table,
    processor_seconds,
    scattered_text,
    sheet,
    spaces,
    spaces_alone,
    spss,
    strings,
    table,
    with_size_in_directory,
    workbook,
    zipped,
)

# What is held, and why

FAR_LARGER = "far larger than it looks"
DAMAGED_SPSS = "The SPSS file cannot be read"
TOO_MUCH = "takes more time, memory or disk"
ENTITIES = "contains an XML document type declaration"
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
    "the last cell.xlsx": (lambda: far_cell("XFD1048576"), "extends to cell XFD1048576"),
    "a far cell.xlsx": (lambda: far_cell("ZZ200000"), "extends to cell ZZ200000"),
    "a cell beyond every sheet.xlsx": (lambda: far_cell("ZZZZZ99999999999"), "far beyond the answers in it"),
    "a far cell in a hurry.xlsx": (
        lambda: workbook(sheet([ONE_ROW, '<row r="1048576">', CELL.format("XFD1048576", "x") * 2])),
        "extends to cell XFD1048576",
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
    "a CSV in an archive.zip": (lambda: zipped(("answers.csv", table(good_table()))), "This is a zip archive"),
    "old.xls": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504, "the old Excel format"),
    # Text.
    "10,000 columns.csv": (
        lambda: table([[f"q{n}" for n in range(10_000)], ["1"] * 10_000]).encode(),
        "No source describes this file",
    ),
    "20,000 columns.csv": (lambda: table([[f"q{n}" for n in range(20_000)]]).encode(), "20000 columns"),
    "20 million columns.csv": (lambda: b"," * 20_000_000, "longer than any row of answers"),
    "a cell of 50 MB.csv": (lambda: b"id,member\n1," + b"a" * 50 * MB + b"\n", "longer than any row of answers"),
    "a cell of 1 MB.csv": (lambda: b"id,member\n1," + b"a" * MB + b"\n", "Near row 2 the quotation marks do not match"),
    "a cell of many lines.csv": (
        lambda: b'id,member\n1,"' + b"a\n" * MB + b'"\n',
        "Near row 2 the quotation marks do not match",
    ),
    "NUL bytes.csv": (lambda: b"id,member\n1,\0\n", "NUL bytes"),
    "NUL bytes later.csv": (lambda: b"id,member\n" + b"1,2\n" * 5_000 + b"1,\0\n", "NUL bytes|not UTF-8"),
    "ragged.csv": (lambda: b"id,member,submitted\n1,2\n", "Row 2 has 2 cells, but the heading has 3"),
    "too wide a row.csv": (lambda: b"id,member\n1,2\n1,2,3\n", "Row 3 has 3 cells, but the heading has 2"),
    "a record of a million lines.csv": (
        lambda: b"id,member\n" + b'"' + b'a\n","' * 1_000_000,
        "Near row 2 the quotation marks do not match, or a cell is longer",
    ),
    "an unclosed quote.csv": (lambda: b'id,member\n"1,2\n3,4\n', "the quotation marks do not match"),
    "a quote in the middle.csv": (lambda: b'id,member\n"1"2,3\n', "the quotation marks do not match"),
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
        "2 columns have the heading 'learning_2'",
    ),
    "a heading twice to the eye.csv": (
        lambda: table([[*good_table()[0], "learning\u200b_2\u202e"], [*good_table()[1], 5]]).encode(),
        "2 columns have the heading 'learning_2'",
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
    "a questionnaire.json": (lambda: b'{"items": [{"label": "x"}]}', "This is a questionnaire, not its answers"),
}


@dataclass(frozen=True)
class Inbox:
    """What became of an inbox full of hostile files: the outcome, and the seconds of the processor that each took."""

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
        chosen.folder,
        load_programme(chosen).sources,
        chosen.pseudonym_keys(),
        chosen.now().date(),
        lambda progress: begun.setdefault(progress.name, processor_seconds()),
    )
    ends = [*list(begun.values())[1:], processor_seconds()]
    seconds = {name: end - begin for (name, begin), end in zip(begun.items(), ends, strict=True)}
    return Inbox(ingested, seconds, programme)


# Looks every few milliseconds at the peaks of all processes that are alive.
_INGEST = """
import json, re, sys, threading
from pathlib import Path
from flows.programme import settings
from flows.programme.loading import load_programme
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

progress = threading.Thread(target=watch)
progress.start()
chosen = settings.load(Path(sys.argv[1]))
sources = load_programme(chosen).sources
ingested = ingest(chosen.folder, sources, chosen.pseudonym_keys(), chosen.now().date())
ended.set()
progress.join()
print(json.dumps({
    "peak_mb": max(peaks) // 1024,
    "read": [export.file_name for export in ingested.exports],
    "held": {file.file_name: file.sentence for file in ingested.unread},
}))
"""


def ingest_in_a_process(programme: programmes.TestProgramme) -> subprocess.CompletedProcess[str]:
    """Ingest as a run does, apart from these tests; prints the outcome and the memory that it took."""
    command = [sys.executable, "-c", _INGEST, str(programme.root)]
    return subprocess.run(command, capture_output=True, text=True, cwd=programme.root.parent, check=True)


@pytest.mark.parametrize("name", HELD)
def test_a_hostile_file_is_held_with_a_plain_reason_and_soon(inbox, name):
    held = inbox.held(name)
    assert re.search(HELD[name][1], held.sentence)
    assert held.advice
    assert len(held.sentence) < 500
    assert held.sentence.isprintable()
    assert inbox.seconds[name] < SECONDS


def test_the_good_export_among_them_is_read(inbox):
    assert [(export.file_name, export.rows) for export in inbox.ingested.exports] == [(GOOD, 6)]
    assert len(inbox.ingested.unread) == len(HELD)
    assert inbox.programme.query("select count(*) from raw.responses") == [(6,)]


def test_nothing_of_what_a_reader_wrote_stays_behind(inbox):
    landed = inbox.programme.settings.folder.landed
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
@pytest.mark.slow
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


def _busy(_path: str, _encodings: tuple[str, ...], _facts: FileFacts) -> sandbox.Table:
    while True:
        pass


def _waiting(_path: str, _encodings: tuple[str, ...], _facts: FileFacts) -> sandbox.Table:
    time.sleep(1e6)


@pytest.mark.parametrize(("reader", "limit"), [(_busy, "SECONDS"), (_waiting, "WAITING_SECONDS")])
def test_a_reader_that_never_ends_is_stopped(tmp_path, monkeypatch, reader, limit):
    monkeypatch.setattr(sandbox, limit, 1)
    with pytest.raises(Unreadable, match="more time, memory or disk"):
        sandbox.read(reader, tmp_path / "a.xlsx", [], FileFacts(), Unreadable("damaged", ""))
    assert list(tmp_path.iterdir()) == []


def _slow(_path: str, _encodings: tuple[str, ...], _facts: FileFacts) -> list[sandbox.Table]:
    time.sleep(1.5)
    return [sandbox.Table([(1, ["id"])])]


def test_a_reader_that_is_slow_but_takes_little_of_the_processor_is_not_stopped(tmp_path, monkeypatch):
    monkeypatch.setattr(sandbox, "SECONDS", 1)
    (spool,) = sandbox.read(_slow, tmp_path / "a.xlsx", [], FileFacts(), Unreadable("damaged", ""))
    assert list(spool.rows()) == [(1, ["id"])]
