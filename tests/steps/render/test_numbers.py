"""Every number that a report prints is a cell of the published database, or one that stands in every report."""

import csv
import io
import re
from decimal import ROUND_HALF_UP, Decimal

import pytest
import python_calamine

from flows import warehouse
from flows.steps.render import figures_workbook
from flows.steps.render.documents import write_pdf
from flows.steps.render.report import fill, fill_leaflet
from tests import programmes
from tests.steps.render.organisation import read_organisation
from tests.steps.render.reading import alternatives, without, words
from tests.steps.render.settings import RULES, SETTING, SETTING_WITH_RULES

# A number as readers of Dutch or English see it, with or without a sign.
_NUMBER = re.compile(r"[+\-−]?\d+(?:[.,]\d+)?")


@pytest.fixture(scope="module")
def programme(tmp_path_factory):
    made = programmes.make(tmp_path_factory.mktemp("numbers") / "programme")
    made.register(
        organisations=[*programmes.ORGANISATIONS, {"organisation_id": "city", "name": "City", "language": "en"}],
        collectives=[
            {**programmes.COLLECTIVES[0], "collective_id": "watch", "name": "Buurtwacht", "members": "61"},
            {**programmes.COLLECTIVES[0], "collective_id": "energy", "name": "Energie", "members": "37"},
            {**programmes.COLLECTIVES[0], "collective_id": "only", "organisation_id": "city", "members": "83"},
        ],
    )
    programmes.plain_source(made, programmes.ITEMS)
    made.export(
        "answers.csv",
        [
            *(programmes.answers(n, group="watch") for n in range(1, 48)),
            *(programmes.answers(n, group="energy") for n in range(60, 83)),
            *(programmes.answers(n, group="only") for n in range(101, 160)),
        ],
    )
    made.compute()
    return made


# References, the hash of the input, the version of the software, dates, and where a suggestion comes from.
_NO_FIGURES = (
    r"\b[0-9A-Z]{4}-[0-9A-Z]{4}\b",
    re.escape(SETTING.inputs_hash),
    re.escape(SETTING.software),
    r"\d{1,2} \w+ \d{4}",
    r"\w+\.? \d{4}",
    r"\d{4}-\d{2}",
    *(re.escape(text) for rule in RULES for text in rule.source.values()),
)


def _published(connection, organisation: str) -> set[float]:
    """Every number of the organisation and its collectives, shares also as percentages."""
    found: set[float] = set()
    mine = {("organisation", organisation)}
    mine |= {("collective", name) for (name,) in connection.execute(
        "select collective_id from published.collectives where organisation_id = ?", [organisation]
    ).fetchall()}  # fmt: skip
    for (table,) in connection.execute(
        "select table_name from duckdb_tables() where schema_name = 'published'"
    ).fetchall():
        cursor = connection.execute(f'select * from published."{table}"')
        names = [column[0] for column in cursor.description]
        for row in cursor.fetchall():
            values = dict(zip(names, row, strict=True))
            unit = (values.get("unit_type", "collective"), values.get("unit_id", values.get("collective_id")))
            if ("unit_id" not in values and "collective_id" not in values) or unit in mine:
                found.update(float(v) for v in row if isinstance(v, int | float) and not isinstance(v, bool))
    return found | {100 * number for number in found if abs(number) <= 1}


# Thresholds, the scale from 0 to 100 and its ticks, the 95 per cent of intervals, and small counts of words.
_ALWAYS = {0, 1, 2, 5, 6, 9, 10, 15, 19, 20, 25, 50, 75, 95, 100, *range(1, 13)}


def _value(text: str) -> float:
    return float(text.replace("−", "-").replace(",", "."))


def _printed(cell: float, folder: int) -> float:
    """A cell as people round it: halves away from zero."""
    return float(Decimal(repr(round(abs(cell), 9))).quantize(Decimal(1).scaleb(-folder), ROUND_HALF_UP))


def _unknown(text: str, known: set[float]) -> set[float]:
    """The numbers in a text that are no cell, not even rounded to no, one or two decimals."""
    printed = {_value(number) for number in _NUMBER.findall(without(text, *_NO_FIGURES))}
    assert len(printed) > 10
    return {
        number
        for number in printed
        if abs(number) not in _ALWAYS
        and not any(_printed(cell, places) == abs(number) for cell in known for places in (0, 1, 2))
    }


def _figures(programme, organisation):
    with warehouse.opened(programme.settings.folder.warehouse, read_only=True) as connection:
        return read_organisation(connection, organisation), _published(connection, organisation)


@pytest.mark.parametrize("organisation", ["town", "city"])
def test_every_number_on_the_pages_of_a_report_is_published(programme, organisation):
    figures, known = _figures(programme, organisation)
    pdf, _ = write_pdf(*fill(figures, SETTING_WITH_RULES))
    assert _unknown(words(pdf), known) == set()
    assert _unknown(" ".join(alternatives(pdf)), known) == set()


@pytest.mark.parametrize("organisation", ["town", "city"])
def test_every_number_of_a_leaflet_is_published(programme, organisation):
    figures, known = _figures(programme, organisation)
    for unit in figures.collectives:
        pdf, pages = write_pdf(*fill_leaflet(figures, unit, SETTING))
        assert pages == 1
        assert _unknown(words(pdf), known) == set()


@pytest.mark.parametrize("organisation", ["town", "city"])
def test_every_number_to_take_away_is_published(programme, organisation, tmp_path):
    figures, known = _figures(programme, organisation)
    (tmp_path / "figures.csv").write_bytes(figures_workbook.table(figures))
    with (tmp_path / "figures.csv").open(encoding="utf-8") as file:
        in_table = [float(row["number"]) for row in csv.DictReader(file)]
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(figures_workbook.workbook(figures, SETTING)))
    in_book = [
        cell
        for name in book.sheet_names
        for row in book.get_sheet_by_name(name).to_python()
        for cell in row
        if isinstance(cell, float)
    ]
    assert len(in_table) > 100
    assert sorted(in_book) == pytest.approx(sorted(in_table), abs=1e-12)
    cells = {round(cell, 9) for cell in known}
    assert {number for number in in_table if round(number, 9) not in cells} == set()


def test_a_number_of_another_organisation_is_noticed(programme):
    with warehouse.opened(programme.settings.folder.warehouse, read_only=True) as connection:
        mine, other = _published(connection, "town"), _published(connection, "city")
    assert other - mine - _ALWAYS

    assert 83.0 not in mine
