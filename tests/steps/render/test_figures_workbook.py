"""What an organisation takes away beside its report: a workbook and a table, safe to open and always the same."""

import csv
import io
import re
import zipfile
from dataclasses import replace
from datetime import date
from xml.etree import ElementTree

import pytest
import python_calamine

from flows import warehouse
from flows.foundation.figure_reference import figure_reference
from flows.steps.render import figures_workbook
from flows.steps.render.levels import Change, EarlierLevel
from flows.steps.render.workbook_tables import sheets
from tests import programmes
from tests.steps.render.organisation import read_organisation
from tests.steps.render.settings import SETTING

FORMULA = '=HYPERLINK("http://192.0.2.1";"x")'


@pytest.fixture(scope="module")
def figures(tmp_path_factory):
    made = programmes.make(tmp_path_factory.mktemp("figures_workbook") / "programme")
    first = programmes.COLLECTIVES[0]
    made.register(
        collectives=[
            {**first, "name": FORMULA},
            {**first, "collective_id": "same", "name": "Dezelfde naam"},
            {**first, "collective_id": "name", "name": "Dezelfde naam"},
            {**first, "collective_id": "few", "name": "Klein"},
            {**first, "collective_id": "fewer", "name": "Kleiner"},
        ]
    )
    programmes.plain_source(made, programmes.ITEMS)
    sizes = {"watch": 24, "same": 22, "name": 21, "few": 4, "fewer": 4}
    rows = [programmes.answers(100 * at + n, group=name) for at, name in enumerate(sizes) for n in range(sizes[name])]
    made.export("answers.csv", rows)
    made.compute()
    with warehouse.opened(made.settings.folder.warehouse, read_only=True) as connection:
        return read_organisation(connection, "town")


@pytest.fixture(scope="module")
def book(figures):
    return figures_workbook.workbook(figures, SETTING)


@pytest.fixture
def rows(figures, tmp_path):
    return _table(figures, tmp_path)


def _table(figures, folder):
    (folder / "town.csv").write_bytes(figures_workbook.table(figures))
    with (folder / "town.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def compared(figures):
    """In English: a group with changes since 2025-10, with similar collectives, and with figures of earlier months."""
    (watch,) = (unit for unit in figures.collectives if unit.unit_id == "watch")
    first, second, third, *others = watch.levels
    levels = (
        replace(first, mean_then=40.0, peers=5, p25=10.0, p75=20.0, verdict="higher"),
        replace(second, mean_then=60.0, peers=5, p25=80.0, p75=90.0, verdict="similar"),
        replace(third, peers=5, p25=10.0, p75=90.0, verdict="uncertain", figures_of="2026-08"),
        *others,
    )
    changes = (
        Change(first.scale, first.label, "2025-10", 15, 6.5, 2.0, 9.0, True, 40.0),
        Change(second.scale, second.label, "2025-10", 15, -1.0, -4.0, 2.0, False, 60.0),
    )
    earlier = {first.scale: (EarlierLevel("2026-08", 51.0, False), EarlierLevel("2026-09", 51.0, True))}
    unit = replace(watch, levels=levels, changes=changes, earlier=earlier)
    return replace(figures, language="en", collectives=(unit,))


@pytest.fixture(scope="module")
def english(compared):
    return figures_workbook.workbook(compared, SETTING)


def _sheets(book):
    opened = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(book))
    return {name: opened.get_sheet_by_name(name).to_python() for name in opened.sheet_names}


def _records(book, name):
    """The rows of a sheet, each by its headings."""
    headings, *rows = _sheets(book)[name]
    return [dict(zip(headings, row, strict=True)) for row in rows]


def _by_scale(records, compared):
    """The first three scales of the compared group, in the order of the fixture."""
    labels = [level.label for level in compared.collectives[0].levels[:3]]
    return [next((record for record in records if record["Scale"] == label), None) for label in labels]


def _pages(book):
    """The XML of every sheet by its name."""
    with zipfile.ZipFile(io.BytesIO(book)) as file:
        names = re.findall(r'<sheet name="([^"]+)"', file.read("xl/workbook.xml").decode())
        return {name: file.read(f"xl/worksheets/sheet{n}.xml").decode() for n, name in enumerate(names, start=1)}


def _formats(book, name):
    """How the first shown cell of each column is formatted, by heading."""
    space = {"x": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}
    with zipfile.ZipFile(io.BytesIO(book)) as file:
        styles = ElementTree.fromstring(file.read("xl/styles.xml"))
    codes = {
        "1": "0",
        "9": "0%",
        **{e.get("numFmtId"): e.get("formatCode") for e in styles.iterfind(".//x:numFmt", space)},
    }
    used = [entry.get("numFmtId") for entry in styles.iterfind("x:cellXfs/x:xf", space)]
    found = {}
    for cell in ElementTree.fromstring(_pages(book)[name]).iterfind("x:sheetData/x:row[@r!='1']/x:c", space):
        found.setdefault(re.sub(r"\d", "", cell.get("r")), codes.get(used[int(cell.get("s", 0))], "General"))
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    return {heading: found.get(letters[at]) for at, heading in enumerate(_sheets(book)[name][0])}


def test_the_same_figures_are_the_same_bytes(figures, book, compared, english, tmp_path):
    assert figures_workbook.workbook(figures, SETTING) == book
    assert figures_workbook.workbook(compared, SETTING) == english
    for name in ("one", "other"):
        (tmp_path / name).write_bytes(figures_workbook.table(figures))
    assert (tmp_path / "one").read_bytes() == (tmp_path / "other").read_bytes()


def test_a_name_that_looks_like_a_formula_is_a_text(book, rows):
    with zipfile.ZipFile(io.BytesIO(book)) as file:
        pages = [file.read(name).decode() for name in file.namelist() if "worksheets/sheet" in name]
        assert "xl/externalLinks" not in " ".join(file.namelist())
    assert not any("<f>" in page or "<hyperlink" in page for page in pages)
    assert {row["group"] for row in rows if row["unit_id"] == "watch"} == {f"'{FORMULA}"}


@pytest.mark.parametrize("line_end", ["\r", "\n", "\r\n"])
def test_a_name_with_a_line_end_starts_no_row_of_its_own(figures, line_end):
    name = f"Wijk{line_end}=1+1"
    named = replace(figures, collectives=(replace(figures.collectives[0], name=name), *figures.collectives[1:]))
    rows = list(csv.DictReader(io.StringIO(figures_workbook.table(named).decode(), newline="")))
    assert name in {row["group"] for row in rows}
    assert all(row["reference"] for row in rows)


def test_collectives_of_one_name_are_told_apart(rows):
    assert {row["unit_id"] for row in rows if row["group"] == "Dezelfde naam"} == {"same", "name"}


def test_what_is_withheld_is_an_empty_cell(book, rows):
    scores = _sheets(book)["Scores"]
    withheld = [row for row in scores if row[1] == "few"]
    assert withheld
    assert all(cell == "" for row in withheld for cell in row[4:])
    assert not [row for row in rows if row["unit_id"] in ("few", "fewer")]


def test_every_number_has_a_reference_and_a_name_in_the_language_of_the_organisation(rows):
    assert all(row["reference"] for row in rows)
    assert {row["table"] for row in rows} == {"Respons", "Scores", "Verscheidenheid", "Leden", "Door de tijd"}
    assert {"Score", "Aandeel", "Uiterste grens van"} <= {row["figure"] for row in rows}


def test_the_first_sheet_says_what_the_file_is(english):
    name, (headings, title, *_) = next(iter(_sheets(english).items()))
    assert name == "How to read"
    assert headings == ["Sheet", "Column", "What it says"]
    assert title == ["This file", "Title", "Programma: Gemeente Voorbeeldstad, October 2026"]
    texts = {row["Column"]: row["What it says"] for row in _records(english, "How to read")}
    assert texts["Made with"] == "Motiefmix 0.1.0, 0123456789ab"
    assert "not shown, to protect people" in texts["Empty cell"]
    assert "fewer than 5 answers nothing" in texts["Few answers"]


def test_the_first_sheet_explains_every_sheet_and_every_column(english):
    explained = [
        (row["Sheet"], row["Column"])
        for row in _records(english, "How to read")
        if row["What it says"] and row["Sheet"] not in ("This file", "All sheets")
    ]
    present = []
    for name, (headings, *_) in list(_sheets(english).items())[1:]:
        present += [(name, "All columns"), *((name, heading) for heading in headings)]
    assert explained == present


def test_each_sheet_has_its_headings_on_top_in_sight_and_with_a_filter(english):
    names = {"How to read": 0, "Response": 4, "Scores": 4, "Variety": 3, "Members": 5, "Changes": 5, "Over time": 5}
    pages = _pages(english)
    assert list(pages) == list(names)
    for name, page in pages.items():
        headings, *rows = _sheets(english)[name]
        assert all(headings)
        assert "<mergeCell" not in page
        assert 'ySplit="1"' in page
        assert re.findall(r'xSplit="(\d+)"', page) == [str(names[name])] * bool(names[name])
        last = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"[len(headings) - 1]
        assert f'<autoFilter ref="A1:{last}{len(rows) + 1}"/>' in page


def test_the_longest_word_of_each_heading_fits(english):
    for name, page in _pages(english).items():
        widths = []
        for first, last, width in re.findall(r'<col min="(\d+)" max="(\d+)" width="([\d.]+)"', page):
            widths += [float(width)] * (int(last) - int(first) + 1)
        headings = _sheets(english)[name][0]
        assert len(widths) == len(headings)
        assert all(width > max(map(len, heading.split())) for width, heading in zip(widths, headings, strict=True))


def test_numbers_look_like_what_they_are(english):
    response, scores, variety = (_formats(english, name) for name in ("Response", "Scores", "Variety"))
    assert (response["Answers"], response["Members"], response["Response"]) == ("0", "0", "0%")
    assert (scores["Answers"], scores["Score"], scores["Very likely from"]) == ("0", "0.0", "0.0")
    assert (scores["Weight"], scores["Share in the mix"]) == ("+0.0;-0.0;0.0", "0%")
    assert (variety["Reasons at the same time"], variety["Between members"]) == ("0.0", "0%")
    assert variety["Difference community − themselves, points"] == "+0.0;-0.0;0.0"
    members, changes, months = (_formats(english, name) for name in ("Members", "Changes", "Over time"))
    assert (members["Number"], members["Share"], members["Very likely to"]) == ("0", "0%", "0%")
    assert (changes["Difference"], changes["Score before"]) == ("+0.0;-0.0;0.0", "0.0")
    assert (changes["Since"], months["Month"], months["Score"]) == ("mmm yyyy", "mmm yyyy", "0.0")


def test_a_score_is_compared_with_similar_collectives_in_words(compared, english):
    records = _records(english, "Scores")
    told = [record["Beside similar collectives"] for record in _by_scale(records, compared)]
    assert told == ["higher", "about the same", "unclear"]
    alone = [record for record in records if record["Similar collectives"] == ""]
    assert {record["Beside similar collectives"] for record in alone} == {""}


def test_a_score_says_whether_it_clearly_changed_where_there_is_an_earlier_one(compared, english):
    scores = _records(english, "Scores")
    assert [record["Clear change"] for record in _by_scale(scores, compared)] == ["rose", "no", ""]
    (unit,) = compared.collectives
    fell = replace(unit.changes[0], difference=-6.5, ci_low=-9.0, ci_high=-2.0)
    fallen = replace(compared, collectives=(replace(unit, changes=(fell,)),))
    records = _records(figures_workbook.workbook(fallen, SETTING), "Scores")
    assert [record["Clear change"] for record in _by_scale(records, compared)] == ["fell", "", ""]


def test_a_change_is_told_with_the_score_before_and_now(compared, english):
    rose, same, nothing = _by_scale(_records(english, "Changes"), compared)
    (unit,) = compared.collectives
    assert (rose["Since"], rose["Clear change"], rose["Difference"]) == (date(2025, 10, 1), "rose", 6.5)
    assert (rose["Score before"], rose["Score now"]) == (40.0, unit.levels[0].mean)
    assert (same["Score before"], same["Score now"], same["Clear change"]) == (60.0, unit.levels[1].mean, "no")
    assert nothing is None


def test_scores_over_time_have_a_row_for_each_month_oldest_first(compared, english):
    (unit,) = compared.collectives
    first, _, third, *_ = unit.levels
    rows = [row for row in _records(english, "Over time") if row["Scale"] == first.label]
    assert [row["Month"] for row in rows] == [date(2026, 8, 1), date(2026, 9, 1), date(2026, 10, 1)]
    assert [row["Score"] for row in rows] == [51.0, 51.0, first.mean]
    assert [row["Figure of an earlier month"] for row in rows] == ["", "yes", ""]
    then = figure_reference("2026-08", "collective", "watch", first.scale)
    assert rows[0]["Code"] == then != rows[2]["Code"]
    (carried,) = (row for row in _records(english, "Over time") if row["Scale"] == third.label)
    assert carried["Figure of an earlier month"] == "yes"


def test_the_table_tells_months_apart_and_has_numbers_only(compared, tmp_path):
    rows = _table(compared, tmp_path)
    label = compared.collectives[0].levels[0].label
    months = [row["row"] for row in rows if row["table"] == "Over time" and row["row"].startswith(label)]
    assert months == [f"{label}, 2026-08", f"{label}, 2026-09", f"{label}, 2026-10"]
    words = {"Clear change", "Beside similar collectives", "Figure of an earlier month"}
    assert words < {column.heading for sheet in sheets(compared) for column in sheet.columns}
    assert not words & {row["figure"] for row in rows}
