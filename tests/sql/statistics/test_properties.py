"""What must hold of the statistics whatever people answer."""

from collections.abc import Mapping, Sequence

import duckdb
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flows import warehouse
from flows.programme.loading import load_programme
from flows.programme.period import Period
from flows.steps.compute import python_models
from flows.steps.validate import reference_schema
from tests import programmes

EXACT = ("counted", "scored", "measurement", "mixes", "statistics")
COLLECTIVES = ("watch", "second", "third")
Answers = Sequence[Sequence[int | None]]
Figures = Mapping[str, list[tuple]]
# Answers to every item, None for those left out; the respondents are dealt to the collectives in turn.
ANSWERS = st.lists(
    st.lists(st.one_of(st.integers(1, 5), st.integers(1, 5), st.none()), min_size=32, max_size=32),
    min_size=3,
    max_size=40,
)
# Low enough for everybody to say more of it without reaching the end of the scale.
LOW_ANSWERS = st.lists(st.lists(st.integers(1, 3), min_size=32, max_size=32), min_size=4, max_size=20)
FEW = settings(max_examples=3, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
TABLES = {
    "scale_levels": "unit_type, unit_id, scale, respondents, mean, sd, ci_low, ci_high",
    "motive_mix": "unit_type, unit_id, scale, respondents, mean_share, centre_share, relative_importance",
    "diversity": "unit_type, unit_id, respondents, motives_in_play, entropy_total, entropy_within, balance, blau",
    "class_shares": "unit_type, unit_id, distribution, class, respondents, share",
    "reliability": "scale, respondents, alpha, omega, icc1",
}


@pytest.fixture(scope="module")
def programme(tmp_path_factory):
    made = programmes.make(tmp_path_factory.mktemp("properties") / "programme")
    made.register(
        collectives=[{**programmes.COLLECTIVES[0], "collective_id": name, "members": "60"} for name in COLLECTIVES]
    )
    return load_programme(made.settings)


def _computed(programme, tmp_path, answers: Answers, order: Sequence[int] | None = None) -> warehouse.Connection:
    """The statistics of accepted answers, read in an order."""
    connection = duckdb.connect()
    warehouse.prepare(connection)
    reference_schema.fill(connection, programme, Period.parse("2026-10"))
    warehouse.run_models(connection, ["reference"])
    connection.execute(
        'create table counted.responses (response bigint, "window" varchar, respondent varchar, collective_id varchar,'
        " organisation_id varchar, submitted_at timestamp, item_values utinyint[])"
    )
    rows = [
        [place, f"m{number}", COLLECTIVES[number % len(COLLECTIVES)], list(answers[number])]
        for place, number in enumerate(order or range(len(answers)))
    ]

    def fill(connection: warehouse.Connection) -> None:
        connection.executemany(
            "insert into counted.responses values (?, 'current', ?, ?, 'town', timestamp '2026-10-05', ?)", rows
        )

    given_responses = warehouse.PythonModel("counted.responses", fill, frozenset())
    warehouse.set_key(connection, b"k" * 32)
    warehouse.run_models(connection, EXACT, [*python_models(tmp_path), given_responses])
    assert warehouse.one(connection, "select count(*) from counted.responses") == len(answers)
    return connection


def _figures(connection: warehouse.Connection) -> Figures:
    return {
        table: connection.execute(f"select {columns} from statistics.{table} order by all").fetchall()
        for table, columns in TABLES.items()
    }


def _assert_same(first: Figures, second: Figures) -> None:
    for table, rows in first.items():
        assert len(rows) == len(second[table])
        for mine, other in zip(rows, second[table], strict=True):
            assert list(mine) == pytest.approx(list(other), abs=1e-9, nan_ok=True), table


@FEW
@given(answers=ANSWERS)
def test_shares_add_up_to_one_and_the_partition_to_its_parts(programme, tmp_path, answers):
    with _computed(programme, tmp_path, answers) as connection:
        sums = connection.execute(
            "select sum(mean_share), sum(centre_share) from statistics.motive_mix where mean_share is not null"
            " group by unit_type, unit_id"
        ).fetchall()
        sums += connection.execute(
            "select sum(share), 1 from statistics.class_shares group by unit_type, unit_id, distribution"
        ).fetchall()
        parts = connection.execute(
            "select entropy_total - entropy_within - entropy_between, entropy_between from statistics.diversity"
            " where entropy_total is not null"
        ).fetchall()
    assert all(total == pytest.approx(1) for row in sums for total in row)
    assert all(abs(rest) < 1e-12 and between > -1e-12 for rest, between in parts)


@FEW
@given(answers=ANSWERS, data=st.data())
def test_the_order_of_respondents_changes_nothing(programme, tmp_path, answers, data):
    order = data.draw(st.permutations(range(len(answers))))
    with _computed(programme, tmp_path, answers) as first, _computed(programme, tmp_path, answers, order) as second:
        _assert_same(_figures(first), _figures(second))


@pytest.mark.slow
@FEW
@given(answers=ANSWERS, seed=st.integers(0, 99))
def test_the_order_of_items_within_a_scale_changes_nothing(programme, tmp_path, answers, seed):
    chance = np.random.default_rng(seed)
    order = np.arange(32)
    for start in range(0, 30, 3):
        chance.shuffle(order[start : start + 3])
    turned = [[row[place] for place in order] for row in answers]
    with _computed(programme, tmp_path, answers) as first, _computed(programme, tmp_path, turned) as second:
        _assert_same(_figures(first), _figures(second))


@pytest.mark.slow
@FEW
@given(answers=LOW_ANSWERS, extra=st.lists(st.integers(0, 2), min_size=20, max_size=20))
def test_saying_yes_to_everything_moves_levels_and_not_the_order_of_mixes(programme, tmp_path, answers, extra):
    more = [[value + extra[number] for value in row] for number, row in enumerate(answers)]
    question = (
        "select respondent, relative_importances, pomps from mixes.motive_scores"
        " join counted.responses using (response)"
    )
    with _computed(programme, tmp_path, answers) as first, _computed(programme, tmp_path, more) as second:
        before = {name: rest for name, *rest in first.execute(question).fetchall()}
        after = {name: rest for name, *rest in second.execute(question).fetchall()}
        # Which motives are in the mix depends on reliability, which a shift of some people changes.
        same = first.execute("from measurement.motives_in_mix").fetchall() and _mix(first) == _mix(second)
    for name in before if same else ():
        importances, pomps = before[name]
        assert after[name][0] == pytest.approx(importances, abs=1e-9)
        shift = 25 * extra[int(name[1:])]
        assert after[name][1] == pytest.approx([pomp + shift for pomp in pomps], abs=1e-9)


def _mix(connection: warehouse.Connection) -> list[tuple]:
    return connection.execute("select scale from measurement.motives_in_mix order by position").fetchall()


def test_what_nobody_answered_is_null_and_never_zero(programme, tmp_path):
    answers = [[None] * 3 + [1 + (number + place) % 5 for place in range(29)] for number in range(12)]
    with _computed(programme, tmp_path, answers) as connection:
        rows = connection.execute(
            "select respondents, mean, sd, ci_low, bound_low, shrunken_mean from statistics.scale_levels"
            " where scale = (select scale from reference.scales where position = 1)"
        ).fetchall()
        complete = connection.execute("select count(*) from mixes.motive_scores").fetchone()
    assert set(rows) == {(0, None, None, None, None, None)}
    # Whoever lacks a motive has no mix at all.
    assert complete == (0,)


def test_of_nobody_everything_is_null(programme, tmp_path):
    with _computed(programme, tmp_path, [[None] * 32]) as connection:
        shown = connection.execute(
            "select count(mean), count(sd), count(bound_low) from statistics.scale_levels"
        ).fetchone()
        mixes = connection.execute(
            "select count(mean_share), count(centre_share) from statistics.motive_mix"
        ).fetchone()
        varied = connection.execute(
            "select count(motives_in_play), count(balance) from statistics.diversity"
        ).fetchone()
    assert (shown, mixes, varied) == ((0, 0, 0), (0, 0), (0, 0))
