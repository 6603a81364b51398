"""`motiefmix explain`: the reference that stands beside a printed figure leads to its query, exports and counts."""

import json

import duckdb
import pytest

from flows.cli import app
from flows.commands.explain import explain
from flows.commands.figure_in_words import Figure, in_words
from flows.foundation.errors import UserError
from flows.foundation.figure_reference import figure_reference, same_reference
from tests import programmes


@pytest.fixture(scope="module")
def made(shared):
    return shared("released", 14)


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
    with duckdb.connect(str(released.settings.folder.database), read_only=True) as connection:
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
    with pytest.raises(UserError, match="No release prints"):
        explain(released.settings, "0000-0000")


def _printed(released, capsys, *words: str) -> str:
    reference = figure_reference("2026-10", "collective", "watch", "community")
    app(["explain", reference, *words, "-p", str(released.root)], result_action="return_value")
    return capsys.readouterr().out


def test_the_command_begins_in_plain_words(released, capsys):
    ((label, mean, low, high),) = released.query(
        "select label_en, mean, ci_low, ci_high from published.scale_levels inner join published.scales using (scale)"
        " where unit_id = 'watch' and scale = 'community'"
    )
    paragraph = _printed(released, capsys).partition("\n")[0]
    reference = figure_reference("2026-10", "collective", "watch", "community")
    assert paragraph.startswith(
        f"{reference} is the mean score for ‘{label}’ in the collective Buurtwacht in 2026-10: {mean:g} on a scale from"
        " 0 (every answer the lowest) to 100 (the highest). It is based on 14 members who answered. Scores of a group"
        " of this size are rounded to 5 points, so that nobody can work out the answers of one person. The mean of all"
        f" members very likely lies between {low:g} and {high:g}."
    )


def test_sql_is_shown_only_when_it_is_asked_for(released, capsys):
    plain, full = _printed(released, capsys), _printed(released, capsys, "--sql")
    assert "select" not in plain
    assert "collective watch" in plain
    assert "select * from scale_levels where" in full
    assert full.startswith(plain.partition("\n")[0])


def test_json_holds_the_words_and_the_queries(released, capsys):
    found = json.loads(_printed(released, capsys, "--json"))
    assert " is the mean score for " in found["in_words"]
    assert found["tables"][0]["query"].startswith("select * from scale_levels where")


def test_of_a_group_it_says_how_many_answered_and_what_is_withheld(released):
    words = explain(released.settings, figure_reference("2026-10", "collective", "watch")).in_words
    assert "is the reference of the collective Buurtwacht as a group in 2026-10. It is based on 14 members" in words
    assert "That is 35% of the 40 members on the register." in words
    assert "Withheld is how many members have which strongest motive: too few people answered." in words


def test_a_total_says_what_it_is_made_of(released):
    words = explain(released.settings, figure_reference("2026-10", "organisation", "town", "community")).in_words
    assert "in the organisation Gemeente Voorbeeldstad in 2026-10" in words
    assert "put together from the rounded figures of the collectives" in words


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ({"respondents": None, "respondents_band": "5–9", "ci_low": None}, "It is based on 5–9 members who answered."),
        ({"ci_low": None}, "There are too few answers to say between which limits the mean of all members lies."),
        ({"figures_of": "2026-08"}, "It is the figure of 2026-08, carried forward: since then so few people came"),
        ({"covered_share": 0.8}, "It speaks for 80% of the members on the register."),
        ({"computed_over": "Buurtwacht"}, "It is based on one collective only, Buurtwacht."),
    ],
)
def test_what_is_special_about_a_figure_is_said(row, sentence):
    level = {"mean": 62.5, "ci_low": 55.0, "ci_high": 70.0, "respondents": 14, "respondents_band": "10–19", **row}
    figure = Figure("K7F3-Q2MD", "2026-10", "collective", "Buurtwacht", "For others", 5.0, {"scale_levels": [level]})
    assert sentence in in_words(figure)


@pytest.mark.parametrize(
    ("reason", "why"),
    [
        ("too_few", "too few people answered"),
        ("protects_people", "it would reveal what individual people answered"),
        ("unreliable_scale", "the questions about it are too weakly related"),
    ],
)
def test_why_something_is_withheld_is_said(reason, why):
    rows = {"diversity": [{"withheld_because": reason}]}
    figure = Figure("K7F3-Q2MD", "2026-10", "collective", "Buurtwacht", "", 5.0, rows)
    assert in_words(figure).endswith(f"Withheld is how members differ: {why}.")
