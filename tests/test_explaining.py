"""`motiefmix explain`: the reference that stands beside a printed figure leads to its query, exports and counts."""

import json

import duckdb
import pytest

from flows.cli import app
from flows.explaining import explain
from flows.steps.figure_reference import figure_reference, same_reference
from flows.steps.mistakes import Mistake
from tests import programmes


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    programme = programmes.with_answers(programmes.make(tmp_path_factory.mktemp("released") / "programme"), 14)
    programmes.release(programme)
    return programme


@pytest.fixture
def released(made, tmp_path):
    return programmes.copied(made, tmp_path)


def _entries(programme) -> list[dict]:
    return json.loads((programme.root / "releases/2026-10/v1/manifest.json").read_text())["figures"]


def test_every_level_that_is_shown_has_a_reference_in_the_manifest_and_no_other(released):
    shown = released.query(
        "select unit_type, unit_id, scale from published.scale_levels"
        " where mean is not null and unit_type <> 'programme'"
    )
    listed = [(e["unit_type"], e["unit_id"], e["scale"]) for e in _entries(released) if e["scale"]]
    assert sorted(listed) == sorted(shown)
    assert all(
        entry["reference"] == figure_reference("2026-10", entry["unit_type"], entry["unit_id"], entry["scale"])
        for entry in _entries(released)
    )


def test_it_leads_to_the_released_row_the_query_the_exports_and_the_counts(released):
    found = explain(released.settings, figure_reference("2026-10", "collective", "watch", "community"))
    assert (found.period, found.version, found.unit_id, found.scale) == ("2026-10", 1, "watch", "community")
    levels = next(table for table in found.tables if table.table == "scale_levels")
    assert levels.rows[0]["respondents"] == 14
    with duckdb.connect(str(released.settings.places.database), read_only=True) as connection:
        (row,) = connection.execute(levels.query).fetchall()
        names = [column[0] for column in connection.description]
    assert dict(zip(names, row, strict=True)) == levels.rows[0]
    assert "score_moments" in levels.model
    assert levels.follows[-1].startswith(("validated.", "reference."))
    ((sha256,),) = released.query("select sha256 from raw.exports")
    assert [entry["sha256"] for entry in found.inputs] == [sha256]


def test_without_a_scale_it_is_what_is_told_of_the_group(released):
    found = explain(released.settings, figure_reference("2026-10", "organisation", "town"))
    assert {"response_rates", "diversity"} <= {table.table for table in found.tables}


@pytest.mark.parametrize("typed", ["k7f3-q2md", " K7F3Q2MD ", "K7F3-Q2MD"])
def test_a_reference_may_be_typed_carelessly(typed):
    assert same_reference(typed) == "K7F3-Q2MD"


def test_one_that_no_release_prints_is_a_mistake(released):
    with pytest.raises(Mistake, match="No release prints"):
        explain(released.settings, "0000-0000")


def test_the_command_prints_it(released, capsys):
    app(
        ["explain", figure_reference("2026-10", "collective", "watch", "community"), "-p", str(released.root)],
        result_action="return_value",
    )
    printed = capsys.readouterr().out
    assert "collective watch" in printed
    assert "select * from scale_levels where" in printed
