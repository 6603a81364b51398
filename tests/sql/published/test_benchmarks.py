"""Similar collectives as a band: itself left out, enough others from enough organisations, and nobody who dominates."""

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flows import warehouse
from flows.programme.policy import Policy


@pytest.fixture
def connection():
    with warehouse.opened(None) as opened:
        yield opened


def _benchmarks(
    connection, means: Sequence[float], sizes: Sequence[int], owners: Sequence[str], reliability: float | None = 0.8
) -> dict[str, tuple]:
    """What the model makes of collectives c0, c1, … of one type, with one scale and intervals of ten points."""
    warehouse.prepare(connection)
    warehouse.load_macros(connection)
    policy = Policy()
    warehouse.append(connection, "reference.policy", [vars(policy)])
    for table in (
        "reference.collectives (collective_id varchar, organisation_id varchar, type varchar)",
        "published.scale_levels (period varchar, unit_type varchar, unit_id varchar, scale varchar, mean double,"
        " ci_low double, ci_high double, respondents bigint, reliability double)",
        "published.diversity"
        " (period varchar, unit_type varchar, unit_id varchar, between_share double, respondents bigint)",
    ):
        connection.execute(f"create or replace table {table}")
    for number, (mean, size, owner) in enumerate(zip(means, sizes, owners, strict=True)):
        name = f"c{number}"
        connection.execute("insert into reference.collectives values (?, ?, 'watch')", [name, owner])
        connection.execute(
            "insert into published.scale_levels values"
            " ('2026-10', 'collective', $name, 'social', $mean, $mean - 5, $mean + 5, $size, $reliability)",
            {"name": name, "mean": mean, "size": size, "reliability": reliability},
        )
    model = warehouse.read_models(["published"])["published.benchmarks"]
    rows = connection.execute(
        "select collective_id, peers, p25, median, p75, verdict from (" + model.sql + ")"
    ).fetchall()
    return {name: tuple(figures) for name, *figures in rows}


OWNERS = ["a", "b", "c", "d", "e", "f", "g"]


def test_itself_is_left_out(connection):
    found = _benchmarks(connection, [10, 20, 30, 40, 50, 60, 70], [20] * 7, OWNERS)
    assert found["c0"][:4] == (6, 32.5, 45, 57.5)
    assert found["c6"][:4] == (6, 22.5, 35, 47.5)


@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from([0, 12.5, 25, 40, 62.5, 100]), min_size=6, max_size=30))
def test_the_band_is_that_of_the_others(connection, means):
    found = _benchmarks(connection, means, [20] * len(means), [OWNERS[n % 7] for n in range(len(means))])
    for number in range(len(means)):
        others = means[:number] + means[number + 1 :]
        assert found[f"c{number}"][:4] == pytest.approx(
            (len(others), *np.quantile(others, [0.25, 0.5, 0.75])), abs=1e-3
        )


@pytest.mark.parametrize(
    ("others", "shown"), [(4, False), (5, True)], ids=["one below the least number of others", "the least number"]
)
def test_fewer_than_five_others_give_no_band(connection, others, shown):
    found = _benchmarks(connection, [50] * (others + 1), [20] * (others + 1), OWNERS[: others + 1])
    assert bool(found) is shown


def test_others_of_two_organisations_give_no_band(connection):
    two_and_own = ["a", "a", "a", "b", "b", "b", "c"]
    found = _benchmarks(connection, [50] * 7, [20] * 7, two_and_own)
    assert "c6" not in found
    assert set(found) == {"c0", "c1", "c2", "c3", "c4", "c5"}


@pytest.mark.parametrize(("largest", "shown"), [(101, False), (100, True)], ids=["more than half", "half"])
def test_nobody_has_more_than_half_of_the_respondents(connection, largest, shown):
    found = _benchmarks(connection, [50] * 7, [largest, 20, 20, 20, 20, 20, 60], OWNERS)
    assert ("c6" in found) is shown
    assert "c0" in found


def test_a_withheld_mean_is_nobodys_peer_and_gets_no_band(connection):
    found = _benchmarks(connection, [50, 50, 50, 50, 50, 50, None], [20] * 7, OWNERS)
    assert found["c0"][0] == 5
    assert "c6" not in found


@pytest.mark.parametrize(
    ("mean", "reliability", "verdict"),
    [
        (66, 0.8, "higher"),
        (65, 0.8, "uncertain"),
        (60, 0.8, "similar"),
        (50, 0.8, "similar"),
        (35, 0.8, "uncertain"),
        (34, 0.8, "lower"),
        (90, 0.69, "uncertain"),
        (90, None, "uncertain"),
    ],
)
def test_higher_or_lower_is_only_what_lies_outside_the_band_with_its_whole_interval(
    connection, mean, reliability, verdict
):
    """The others lie from 40 to 60: an interval of 5 points on either side has to clear that."""
    found = _benchmarks(connection, [mean, 40, 40, 40, 60, 60, 60], [20] * 7, OWNERS, reliability)
    assert found["c0"][1:] == (40, 50, 60, verdict)


def test_the_share_between_members_is_compared_as_if_all_groups_were_large(connection):
    _benchmarks(connection, [50] * 7, [20] * 7, OWNERS)
    for number in range(7):
        connection.execute(
            "insert into published.diversity values ('2026-10', 'collective', ?, 0.1, ?)", [f"c{number}", 20 + number]
        )
    model = warehouse.read_models(["published"])["published.benchmarks"]
    found = dict(
        connection.execute(
            "select collective_id, compared_value from (" + model.sql + ") where measure = 'between_share'"
        ).fetchall()
    )
    assert found == {f"c{number}": pytest.approx(0.1 * (20 + number) / (19 + number)) for number in range(7)}
