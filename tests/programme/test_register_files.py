"""The register is read as spreadsheets save it; what cannot be read for certain is told with file, row and field."""

import io
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import pytest
import xlsxwriter

from flows.foundation.errors import RegisterError
from flows.programme import register, register_files, register_table
from flows.programme.register import Register
from tests.steps.ingest import hostile_files

ORGANISATIONS = [["organisation_id", "name", "language"], ["town", "Café Één", "nl"]]
COLLECTIVES = [
    ["collective_id", "organisation_id", "name", "type", "members", "valid_from", "valid_until"],
    ["007", "town", "Buurtwacht", "watch", 40, date(2026, 1, 1), date(2026, 12, 31)],
]
TEXT = "organisation_id,name,language\r\ntown,Café Één,nl\r\n"


def workbook(sheets: Mapping[str, Sequence[Sequence[object]]], hidden: Sequence[str] = ()) -> bytes:
    """A workbook as a spreadsheet program saves it."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True, "default_date_format": "dd-mm-yyyy"}) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
            if name in hidden:
                sheet.hide()
    return file.getvalue()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A register of one organisation and one collective."""
    (tmp_path / "organisations.csv").write_text(TEXT, encoding="utf-8")
    lines = (",".join(map(str, row)) for row in COLLECTIVES)
    (tmp_path / "collectives.csv").write_text("\n".join(lines), encoding="utf-8")
    return tmp_path


def _mistakes(folder: Path) -> list[str]:
    with pytest.raises(RegisterError) as caught:
        register.load(folder)
    return str(caught.value).splitlines()


def _with(folder: Path, name: str, content: bytes) -> Path:
    """The folder with this file in place of the other one of the same table."""
    for suffix in register_files.SUFFIXES:
        (folder / name).with_suffix(suffix).unlink(missing_ok=True)
    (folder / name).write_bytes(content)
    return folder


def _loaded(folder: Path, name: str, content: bytes) -> Register:
    return register.load(_with(folder, name, content))


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("line_end", ["\r\n", "\r"])
def test_text_is_read_in_every_way_that_spreadsheets_save_it(folder, separator, encoding, line_end):
    text = TEXT.replace(",", separator).replace("\r\n", line_end)
    (found,) = _loaded(folder, "organisations.csv", text.encode(encoding)).organisations
    assert found.name == "Café Één"


def test_a_separator_inside_cells_is_not_taken_for_the_one_between_them(folder):
    text = "organisation_id,name,language,recipients\ntown,Stad,nl,a@example.org;b@example.org;c@example.org\n"
    (found,) = _loaded(folder, "organisations.csv", text.encode()).organisations
    assert len(found.addresses) == 3


@pytest.mark.parametrize(
    "text",
    [
        " Organisation_ID ,NAME,Language\ntown,Café Één,nl",
        "organisation_id,name,language,,\n,,,,\ntown,Café Één,nl,,\n,,,,\n\n",
        "organisation_id,,name,language\ntown,,Café Één,nl",
        "\n\norganisation_id,name,language\ntown,Café Één,nl,,",
        "sep=;\r\norganisation_id;name;language\r\ntown;Café Één;nl\r\n",
    ],
)
def test_what_a_spreadsheet_adds_is_ignored(folder, text):
    assert _loaded(folder, "organisations.csv", text.encode()).organisations[0].name == "Café Één"


def test_a_workbook_is_read_from_the_first_visible_sheet_with_the_headings(folder):
    sheets = {
        "Uitleg": [["Zo werkt het"]],
        "Oud": COLLECTIVES[:1],
        "Register": [[], *COLLECTIVES, [""] * 7],
        "Kladje": COLLECTIVES[:1],
    }
    (found,) = _loaded(folder, "collectives.xlsx", workbook(sheets, hidden=["Oud"])).collectives
    assert (found.collective_id, found.members) == ("007", 40)
    assert (found.valid_from, found.valid_until) == (date(2026, 1, 1), date(2026, 12, 31))
    table = register.read(folder).collectives.table
    assert (table.read_as, table.other_sheets) == ("sheet 'Register'", ("Kladje",))


def test_the_value_of_a_formula_counts_and_an_error_in_one_is_told(folder):
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet("Blad & 1")
        sheet.write_row(0, 0, COLLECTIVES[0][:5])
        sheet.write_row(1, 0, COLLECTIVES[1][:4])
        sheet.write_formula("E2", "=20+20", value=40)
        other = book.add_worksheet("Kladje")
        other.write_formula("A1", "=NA()", value="#N/A")
    assert _loaded(folder, "collectives.xlsx", file.getvalue()).collectives[0].members == 40
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet("Blad & 1")
        sheet.write_row(0, 0, COLLECTIVES[0][:5])
        sheet.write_row(1, 0, COLLECTIVES[1][:4])
        sheet.write_formula("E2", "=NA()", value="#N/A")
    (mistake,) = _mistakes(_with(folder, "collectives.xlsx", file.getvalue()))
    assert mistake == (
        "register/collectives.xlsx: cell E2 of sheet 'Blad & 1' holds an error such as #N/A; correct its formula."
    )


def test_the_same_rows_are_the_same_register_in_any_file(folder):
    before = register.load(folder)
    after = _loaded(folder, "collectives.xlsx", workbook({"Blad1": COLLECTIVES}))
    assert after.sha256 == before.sha256
    assert after.collectives_file == "register/collectives.xlsx"


def test_two_files_for_one_table_are_refused(folder):
    (folder / "organisations.xlsx").write_bytes(workbook({"Blad1": ORGANISATIONS}))
    assert _mistakes(folder) == [
        "register/organisations.csv: organisations.csv and organisations.xlsx are both there; keep one of the two."
    ]


def test_a_file_that_is_missing_is_told_with_both_names(folder):
    (folder / "organisations.csv").unlink()
    assert _mistakes(folder) == [
        "register/organisations.csv: this file is missing (organisations.xlsx would do as well)."
    ]


@pytest.mark.parametrize(
    ("dates", "found"),
    [
        (["31-12-2026"], ["2026-12-31"]),
        (["1-7-2026", "31/12/2026"], ["2026-07-01", "2026-12-31"]),
        (["01.01.2026"], ["2026-01-01"]),
        (["2026-07-01"], ["2026-07-01"]),
    ],
)
def test_dates_are_read_as_dutch_spreadsheets_write_them(folder, dates, found):
    rows = (f"c{number},town,Wacht,watch,{text}" for number, text in enumerate(dates))
    text = "collective_id,organisation_id,name,type,valid_from\n" + "\n".join(rows)
    loaded = _loaded(folder, "collectives.csv", text.encode()).collectives
    assert [str(row.valid_from) for row in loaded] == found


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("1-7-2026", "'1-7-2026' can be two days, 2026-07-01 or 2026-01-07; write the one that is meant."),
        ("12-31-2026", "'12-31-2026' is no date; write it as 2026-10-31."),
        ("46387", "must be a date such as 2026-10-31, not a number; give the column the format of a date."),
        ("0", "must be a date such as 2026-10-31, not a number; give the column the format of a date."),
        ("vorig jaar", "must be a date such as 2026-10-31."),
    ],
)
def test_a_date_that_is_not_certain_is_refused(folder, text, sentence):
    content = f"collective_id,organisation_id,name,type,valid_from\nc,town,Wacht,watch,{text}\n"
    (mistake,) = _mistakes(_with(folder, "collectives.csv", content.encode()))
    assert mistake == f"register/collectives.csv, line 2, field valid_from: {sentence}"


def test_a_mistake_in_a_workbook_is_told_with_its_row(folder):
    rows = [*ORGANISATIONS, [], ["town", "Stad", "nl"], ["dorp", "Dorp", "de"]]
    assert _mistakes(_with(folder, "organisations.xlsx", workbook({"Blad1": rows}))) == [
        "register/organisations.xlsx, row 5, field language: must be 'nl' or 'en'.",
        "register/organisations.xlsx, row 4: 'town' is already on row 2.",
    ]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("organisation_id,name,langage\n", "line 1: unknown column 'langage' (did you mean 'language'?)."),
        ("organisation_id,name,language,Name\n", "line 1: the column 'name' is there twice."),
        ("organisation_id,name,language\ntown,Stad\n", "line 2: 2 cells, but the heading has 3."),
        ("organisation_id,name,language\ntown,Stad,nl,x\n", "line 2: 4 cells, but the heading has 3."),
        ("organisation_id,,name,language\ntown,x,A,nl\n", "line 2: cell 2 is filled, but its column has no heading."),
    ],
)
def test_headings_and_cells_that_do_not_fit_are_told(folder, text, sentence):
    assert _mistakes(_with(folder, "organisations.csv", text.encode()))[0] == f"register/organisations.csv, {sentence}"


OLD_EXCEL = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
GOOD = workbook({"Blad1": ORGANISATIONS})


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("organisations.csv", b"", "this file does not begin with the headings organisation_id, name, language."),
        ("organisations.csv", b"a;b\n1;2\n", "this file does not begin with the headings"),
        ("organisations.csv", TEXT.encode("utf-16-le"), "UTF-16 text without a mark"),
        ("organisations.csv", TEXT.encode("utf-16")[:-1], "UTF-16 text without a mark or cut off"),
        ("organisations.csv", TEXT.encode() + b"dorp,Caf\xe9,nl\n", "mixes UTF-8 (line 2) with another encoding"),
        ("organisations.csv", b"\x81\x8d", "neither UTF-8 nor Windows-1252"),
        ("organisations.csv", TEXT.encode() + b'dorp,"Dorp,nl\n', "from line 3 on, the quotation marks do not match"),
        ("organisations.xlsx", TEXT.encode(), "this is no .xlsx workbook"),
        ("organisations.xlsx", OLD_EXCEL, "with a password, or of the old Excel format"),
        ("organisations.xlsx", hostile_files.zipped(("a.txt", "a")), "this is no .xlsx workbook"),
        ("organisations.xlsx", GOOD[: len(GOOD) // 2], "this workbook cannot be read"),
        ("organisations.xlsx", hostile_files.far_cell("XFD1048576"), "a sheet extends to cell XFD1048576"),
        ("organisations.xlsx", hostile_files.entities("<!ENTITY x 'y'>", "x"), "declares an XML document type"),
        ("organisations.xlsx", workbook({"Blad1": [["Titel"]]}), "no sheet begins with the headings"),
        ("organisations.xlsx", workbook({"Blad1": []}), "no sheet begins with the headings"),
    ],
)
def test_a_file_that_cannot_be_read_is_a_sentence(folder, name, content, sentence):
    (mistake,) = _mistakes(_with(folder, name, content))
    assert mistake.startswith(f"register/{name}: ")
    assert sentence in mistake


def test_any_damage_to_a_workbook_is_a_sentence_or_is_read(folder):
    for place in range(0, len(GOOD), 97):
        damaged = bytearray(GOOD)
        damaged[place] ^= 0xFF
        found = register.read(_with(folder, "organisations.xlsx", bytes(damaged)))
        assert found.organisations.rows or found.mistakes[0].startswith("register/organisations.xlsx")


def test_a_file_that_is_far_too_large_is_refused(folder, monkeypatch):
    monkeypatch.setattr(register_files, "MOST_ROWS", 3)
    rows = TEXT + "".join(f"town-{number},Stad,nl\n" for number in range(3))
    sentence = "this table has more than 3 rows; keep only those of the register."
    assert _mistakes(_with(folder, "organisations.csv", rows.encode())) == [f"register/organisations.csv: {sentence}"]
    with (folder / "organisations.csv").open("wb") as file:
        file.truncate(register_table.LARGEST + 1)
    assert "this file is larger than 20 MB" in _mistakes(folder)[0]


def test_of_many_mistakes_a_hundred_are_told(folder):
    rows = "organisation_id,name,language\n" + "town,Stad,de\n" * 150
    told = _mistakes(_with(folder, "organisations.csv", rows.encode()))
    assert (len(told), told[-1]) == (101, "And 50 more.")
