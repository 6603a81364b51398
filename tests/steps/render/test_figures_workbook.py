"""What an organisation takes away beside its report: a workbook and a table, safe to open and always the same."""

import csv
import io
import zipfile

import pytest
import python_calamine

from flows import warehouse
from flows.steps.render import figures_workbook
from flows.steps.render.published import read_organisation
from tests import programmes
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
    figures_workbook.write_table(figures, tmp_path / "town.csv")
    with (tmp_path / "town.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def _sheets(book):
    opened = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(book))
    return {name: opened.get_sheet_by_name(name).to_python() for name in opened.sheet_names}


def test_the_same_figures_are_the_same_bytes(figures, book, tmp_path):
    assert figures_workbook.workbook(figures, SETTING) == book
    for name in ("one", "other"):
        figures_workbook.write_table(figures, tmp_path / name)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "other").read_bytes()


def test_a_name_that_looks_like_a_formula_is_a_text(book, rows):
    with zipfile.ZipFile(io.BytesIO(book)) as file:
        pages = [file.read(name).decode() for name in file.namelist() if "worksheets/sheet" in name]
        assert "xl/externalLinks" not in " ".join(file.namelist())
    assert not any("<f>" in page or "<hyperlink" in page for page in pages)
    assert {row["group"] for row in rows if row["unit_id"] == "watch"} == {f"'{FORMULA}"}


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
    assert {row["table"] for row in rows} == {"Respons", "Scores", "Verscheidenheid", "Leden"}
    assert {"Gemiddelde", "Interval van", "Aandeel"} <= {row["figure"] for row in rows}


def test_the_workbook_says_what_it_is(book):
    (*_, (_, about)) = _sheets(book).items()
    assert "Een lege cel is een cijfer dat niet wordt getoond." in about[2][0]
