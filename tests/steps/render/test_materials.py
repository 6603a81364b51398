"""Many organisations are read at once: each has the figures that it has alone, and what is wrong stays with one."""

from dataclasses import replace

import pytest

from flows import warehouse
from flows.steps.render import earlier_months, materials, published
from flows.steps.render.materials import Materials
from flows.steps.render.published import PublishedFigures
from flows.steps.render.report_inputs import drawn_with
from flows.steps.render.workers import Failure
from tests import programmes
from tests.steps.render.organisation import read_organisation
from tests.steps.render.settings import SETTING

NAMES = ("city", "town", "empty", "village")
COLLECTIVES = {"c": "city", "t1": "town", "t2": "town", "v": "village"}


@pytest.fixture(scope="module")
def opened(tmp_path_factory):
    """A warehouse of three organisations with answers, and one without a collective."""
    programme = programmes.make(tmp_path_factory.mktemp("materials") / "programme")
    programme.register(
        [{"organisation_id": name, "name": name.title(), "language": "en"} for name in NAMES],
        [
            {**programmes.COLLECTIVES[0], "collective_id": unit, "organisation_id": name, "name": unit.upper()}
            for unit, name in COLLECTIVES.items()
        ],
    )
    programmes.plain_source(programme, programmes.ITEMS)
    units = list(COLLECTIVES)
    programme.export("answers.csv", [programmes.answers(n, group=units[n % 4]) for n in range(60)])
    programme.compute()
    with warehouse.opened(programme.settings.folder.warehouse, read_only=True) as connection:
        yield connection


@pytest.fixture(scope="module")
def earlier(tmp_path_factory):
    target = tmp_path_factory.mktemp("earlier") / "earlier.duckdb"
    earlier_months.gather([], target)
    return target


def test_an_organisation_has_the_figures_that_it_has_when_it_is_read_alone(opened):
    together = PublishedFigures(opened, NAMES)
    for name in ("city", "town", "village"):
        alone = read_organisation(opened, name)
        assert together.of(name) == alone
        assert [unit.unit_id for unit in alone.collectives] == [
            unit for unit in COLLECTIVES if COLLECTIVES[unit] == name
        ]
        assert alone.whole.answered == (30 if name == "town" else 15)


@pytest.mark.parametrize("at_once", [1, 2, 100])
def test_materials_come_in_order_and_one_that_cannot_be_read_does_not_stop_the_others(
    opened, earlier, monkeypatch, at_once
):
    monkeypatch.setattr(materials, "_AT_ONCE", at_once)
    found = list(Materials(opened, earlier, SETTING).of(NAMES))
    unread = Failure("it could not be drawn (LookupError)")
    assert [entry if entry == unread else entry.figures.organisation_id for entry in found] == [
        "city", "town", unread, "village",
    ]  # fmt: skip
    assert {entry.drawn_with for entry in found if entry != unread} == {drawn_with()}


def test_what_cannot_be_read_at_all_fails_and_the_next_are_read(opened, earlier, monkeypatch):
    monkeypatch.setattr(materials, "_AT_ONCE", 2)

    def broken_once(connection, names, past):
        if "city" in names:
            raise warehouse.Error("the answers of ten people")
        return PublishedFigures(connection, names, past)

    monkeypatch.setattr(published, "PublishedFigures", broken_once)
    city, town, village = Materials(opened, earlier, SETTING).of(["city", "town", "village"])
    assert city == town == Failure("it could not be drawn (Error)")
    assert village.figures.organisation_id == "village"


def test_so_many_are_read_as_are_asked_for(opened, earlier, monkeypatch):
    monkeypatch.setattr(materials, "_AT_ONCE", 2)
    read = []
    monkeypatch.setattr(
        published, "PublishedFigures", lambda opened, names, past: read.extend(names) or PublishedFigures(opened, names)
    )
    next(Materials(opened, earlier, SETTING).of(NAMES))
    assert read == ["city", "town"]


def test_a_material_says_nothing_of_other_organisations(opened, earlier):
    about = replace(
        SETTING,
        take_part={"c": "of the city", "t1": "of the first", "v": "of the village"},
        recent_suggestions={"town": {"listen"}, "city": {"teach"}},
        names_languages={"town": "fy", "city": "nl"},
    )
    (found,) = Materials(opened, earlier, about).of(["town"])
    own = found.setting
    assert own.take_part == {"t1": "of the first"}
    assert own.recent_suggestions == {"town": {"listen"}}
    assert own.names_languages == {"town": "fy"}
