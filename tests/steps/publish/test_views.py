"""Analysts get the names, the month as a date and the step since the last release; the examples of their page answer.

The figures are made by hand, in tables with the columns of a real release.
"""

import re
from datetime import date
from pathlib import Path

import duckdb
import pytest

from flows.foundation.resources import resource

PAGE = Path(__file__).parents[3] / "flows" / "steps" / "publish" / "README.md"
EXAMPLES = re.findall(r"^```sql\n(.+?)^```", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
JULY, AUGUST, SEPTEMBER, OCTOBER = "2026-07", "2026-08", "2026-09", "2026-10"
# Collective, scale, and its levels from July to October: a number, a number with the month of its figures where they
# are carried forward, or None where nothing is published.
LEVELS = [
    ("veenwijk", "ideals", [60.0, 60.0, (60.0, AUGUST), 65.0]),
    ("duinrand", "ideals", [40.0, None, 45.0, 42.5]),
    ("veenwijk", "learning", [50.0, 55.0, 45.0, 45.0]),
    ("veenwijk", "social", [50.0, 50.0, 55.0, 55.0]),
    ("duinrand", "social", [70.0, (70.0, JULY), (70.0, JULY), (70.0, JULY)]),
    ("duinrand", "community", [50.0, 50.0, 51.0, (51.0, SEPTEMBER)]),
    ("veenwijk", "salience", [10.0, 20.0, 30.0, 40.0]),
    ("school", "social", [20.0, 40.0, 60.0, 80.0]),
]
# The other rows: table, columns, values.
ROWS = [
    ("organisations", "organisation_id, name", [("town", "Town"), ("city", "City")]),
    (
        "collectives",
        "collective_id, organisation_id, name, type",
        [
            ("veenwijk", "town", "Buurtpreventie Veenwijk", "neighbourhood watch"),
            ("duinrand", "town", "Duinrand", "neighbourhood watch"),
            ("school", "city", "School", "school council"),
        ],
    ),
    (
        "scales",
        "scale, kind, label_en, label_nl",
        [
            ("ideals", "motive", "Ideals", "Idealen"),
            ("learning", "motive", "Learning", "Leren"),
            ("social", "motive", "Sociality", "Contact"),
            ("community", "motive", "Community", "Gemeenschap"),
            ("salience", "condition", "Salience", "Belang"),
        ],
    ),
    (
        "response_rates",
        "period, unit_type, unit_id",
        [(JULY, "collective", name) for name in ("veenwijk", "duinrand", "school", "left")]
        + [(JULY, "organisation", "town"), (JULY, "organisation", "city"), (JULY, "programme", "programme")],
    ),
    (
        "changes",
        "period, unit_type, unit_id, scale, compared_with, mean_then, difference, ci_low, ci_high, is_change",
        [
            (OCTOBER, "collective", "veenwijk", "ideals", "2025-10", 50.0, 15.0, 5.0, 25.0, True),
            (OCTOBER, "collective", "veenwijk", "social", "2025-10", 55.0, 0.0, -10.0, 10.0, False),
        ],
    ),
    (
        "motive_mix",
        "period, unit_type, unit_id, scale, mean_share",
        [
            (OCTOBER, "collective", name, "ideals", share)
            for name, share in (("veenwijk", 0.3), ("duinrand", 0.2), ("school", 0.5))
        ],
    ),
    (
        "benchmarks",
        "period, collective_id, measure, compared_value, p75, verdict",
        [(OCTOBER, "veenwijk", "ideals", 65.0, 55.0, "higher"), (OCTOBER, "school", "ideals", 5.0, 55.0, "lower")],
    ),
    # From five to nine answered: no interval, and steps of ten points.
    (
        "scale_levels",
        "period, unit_type, unit_id, scale, mean",
        [(JULY, "collective", "veenwijk", "community", 20.0), (OCTOBER, "collective", "veenwijk", "community", 90.0)],
    ),
    # Neither the collective nor one of the scales is in the newest month.
    (
        "scale_levels",
        "period, unit_type, unit_id, scale, mean",
        [(JULY, "collective", "left", "ideals", 50.0), (JULY, "collective", "left", "dropped", 50.0)],
    ),
]
LEVEL_COLUMNS = "period, unit_type, unit_id, scale, mean, ci_low, figures_of"


def insert(connection: duckdb.DuckDBPyConnection, table: str, columns: str, rows: list[tuple]) -> None:
    marks = ", ".join("?" for _ in rows[0])
    connection.executemany(f"insert into {table} ({columns}) values ({marks})", rows)


@pytest.fixture(scope="module")
def released(shared):
    return shared("released", 14).settings.folder.public


@pytest.fixture(scope="module")
def database(released):
    """Four months of two neighbourhood watches of one organisation, a school of another, and one watch that left."""
    with duckdb.connect() as connection:
        connection.execute(f"attach '{released / 'motiefmix.duckdb'}' as released (read_only)")
        for (table,) in connection.execute(
            "select table_name from duckdb_tables() where database_name = 'released'"
        ).fetchall():
            connection.execute(f"create table {table} as from released.{table} limit 0")
        for unit_id, scale, levels in LEVELS:
            known = [level if isinstance(level, tuple) else (level, None) for level in levels]
            rows = [
                (period, "collective", unit_id, scale, mean, mean and 0.0, figures_of)
                for period, (mean, figures_of) in zip((JULY, AUGUST, SEPTEMBER, OCTOBER), known, strict=True)
            ]
            insert(connection, "scale_levels", LEVEL_COLUMNS, rows)
        for table, columns, rows in ROWS:
            insert(connection, table, columns, rows)
        for name in ("views.sql", "views_nl.sql"):
            connection.execute(resource("sql", name).read_text(encoding="utf-8"))
        yield connection


def example(database, word: str) -> list[tuple]:
    """The rows of the only example with this word."""
    (query,) = [query for query in EXAMPLES if word in query]
    return database.execute(query).fetchall()


def trend(database, unit_id: str, scale: str) -> list[tuple]:
    return database.execute(
        "select previous_mean, difference_since_previous, months_between, is_carried_forward"
        " from v_trend where unit_id = ? and scale = ? order by period",
        [unit_id, scale],
    ).fetchall()


def test_which_motives_grew_in_the_last_three_months_across_collectives_of_a_type(database):
    """Learning fell. Of sociality one collective still has its figures of July, and a level of September that stands in
    October is newer than July. A school, a condition and levels without an interval do not count."""
    assert example(database, "interval 3 month") == [
        ("Sociality", 1, 5.0, 1, 0), ("Ideals", 2, 3.8, 2, 0), ("Community", 1, 1.0, 1, 0),
    ]  # fmt: skip


def test_the_other_examples_answer(database):
    assert len(EXAMPLES) == 5
    assert [row[:2] for row in example(database, "v_trend")][:5] == [
        (JULY, "Community"), (OCTOBER, "Community"), (JULY, "Ideals"), (AUGUST, "Ideals"), (SEPTEMBER, "Ideals"),
    ]  # fmt: skip
    assert example(database, "v_changes") == [("Buurtpreventie Veenwijk", "Ideals", 50.0, 15.0, 5.0, 25.0)]
    assert example(database, "v_mix") == [
        ("neighbourhood watch", "Ideals", 2, 0.25), ("school council", "Ideals", 1, 0.5),
    ]  # fmt: skip
    assert example(database, "benchmarks") == [("Town", "Buurtpreventie Veenwijk", "ideals", 65.0, 55.0)]


@pytest.mark.parametrize("name", ["motiefmix.duckdb", "motiefmix_2026-10.duckdb"])
@pytest.mark.parametrize("query", EXAMPLES, ids=range(len(EXAMPLES)))
def test_examples_run_on_a_release_and_on_one_month(released, name, query):
    with duckdb.connect(str(released / name), read_only=True) as connection:
        connection.execute(query)
        assert connection.execute("select distinct previous_period from v_trend").fetchall() == [(None,)]


def test_a_trend_is_the_difference_of_two_published_levels(database):
    assert trend(database, "school", "social") == [
        (None, None, None, False), (20.0, 20.0, 1, False), (40.0, 20.0, 1, False), (60.0, 20.0, 1, False),
    ]  # fmt: skip


def test_figures_that_are_carried_forward_are_no_new_figures(database):
    """Their difference is not 0 but unknown; the first new level says that it is compared with figures of August."""
    assert trend(database, "veenwijk", "ideals") == [
        (None, None, None, False), (60.0, 0.0, 1, False), (60.0, None, None, True), (60.0, 5.0, 2, False),
    ]  # fmt: skip


def test_a_trend_does_not_reach_over_a_withheld_level(database):
    assert trend(database, "duinrand", "ideals") == [
        (None, None, None, False), (40.0, None, None, False), (None, None, None, False), (45.0, -2.5, 1, False),
    ]  # fmt: skip


def test_a_trend_compares_with_the_release_before_whichever_month_that_is(database):
    """The level of July is not compared with October while the releases between them lack the group."""
    assert trend(database, "veenwijk", "community")[1] == (None, None, None, False)
    database.execute("begin")
    database.execute("delete from scale_levels where period in ('2026-08', '2026-09')")
    assert trend(database, "veenwijk", "community")[1] == (20.0, 70.0, 3, False)
    database.execute("rollback")


def test_a_total_over_carried_figures_of_several_months_is_carried_forward(database):
    database.execute("begin")
    for period in (SEPTEMBER, OCTOBER):
        parts = [("collective", "veenwijk", 50.0, JULY), ("organisation", "town", 45.0, None)]
        parts += [("programme", "programme", 45.0, None)]
        rows = [(period, unit_type, unit_id, "benefit", mean, 0.0, month) for unit_type, unit_id, mean, month in parts]
        insert(database, "scale_levels", LEVEL_COLUMNS, rows)
        insert(
            database,
            "rest_groups",
            "period, organisation_id, table_name, figure, key, number, figures_of",
            [(period, "town", "scale_levels", "mean", "benefit", 40.0, AUGUST)],
        )
    assert trend(database, "town", "benefit")[1] == (45.0, None, None, True)
    assert trend(database, "programme", "benefit")[1] == (45.0, None, None, True)
    database.execute("update rest_groups set figures_of = null where period = '2026-10'")
    assert trend(database, "town", "benefit")[1] == (45.0, 0.0, 2, False)
    database.execute("rollback")


def test_what_left_the_register_keeps_its_rows_under_its_id(database):
    columns = "group_name, organisation_id, collective_type, scale_name, kind"
    left = database.execute(f"select {columns} from v_trend where unit_id = 'left' order by scale").fetchall()
    assert left == [("left", None, None, "dropped", None), ("left", None, None, "Ideals", "motive")]
    left = database.execute("select groep, schaal from v_verloop where groep_id = 'left' order by schaal_id").fetchall()
    assert left == [("left", "dropped"), ("left", "Idealen")]


@pytest.mark.parametrize(
    ("english", "dutch"),
    [
        ("v_levels", "v_niveaus"), ("v_mix", "v_motievenmix"), ("v_changes", "v_veranderingen"),
        ("v_trend", "v_verloop"),
    ],
)  # fmt: skip
def test_views_say_month_group_organisation_and_type_in_both_languages(database, english, dutch):
    keys = "period, period_start, unit_id, group_name, organisation_id, organisation_name, collective_type"
    rows = database.execute(f"select {keys} from {english} where unit_id = 'veenwijk'").fetchall()
    assert (
        OCTOBER, date(2026, 10, 1), "veenwijk", "Buurtpreventie Veenwijk", "town", "Town", "neighbourhood watch",
    ) in rows  # fmt: skip
    sleutels = "maand, maand_begin, groep_id, groep, organisatie_id, organisatie, soort_collectief"
    assert database.execute(f"select {sleutels} from {dutch} where groep_id = 'veenwijk'").fetchall() == rows
    assert (
        database.execute(f"select count(*) from {english}").fetchall()
        == database.execute(f"select count(*) from {dutch}").fetchall()
    )


def test_every_view_has_a_comment(released):
    with duckdb.connect(str(released / "motiefmix.duckdb"), read_only=True) as connection:
        assert (
            connection.execute("select view_name from duckdb_views() where comment is null and not internal").fetchall()
            == []
        )
