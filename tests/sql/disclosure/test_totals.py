"""Totals speak for all members: stratified estimates over published groups, as Cochran's formulas give them."""

import math
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from flows import warehouse
from flows.programme.policy import Policy
from flows.steps.compute import totals
from tests.sql.disclosure.simulated import SCALES, Population, Simulated, populate

# n, N, mean and sd: strata with the sizes of the sample apistrat in R's package survey, the scores are made up.
STRATA = {"elementary": (100, 4421, 67.4, 12.5), "high": (50, 755, 62.5, 10.9), "middle": (50, 1018, 63.7, 11.7)}
STEP = 1.0


@pytest.fixture
def connection():
    with warehouse.opened(None) as opened:
        warehouse.prepare(opened)
        warehouse.load_macros(opened)
        yield opened


def _total(connection, members: bool = True) -> dict[str, float]:
    """What the models make of these strata as the collectives of one organisation."""
    warehouse.append(connection, "reference.policy", [vars(Policy())])
    connection.execute("create table disclosure.levels as select * exclude (release) from released.levels where false")
    connection.execute(
        "create table disclosure.totals (unit_type varchar, unit_id varchar, family varchar, part_type varchar,"
        " part_id varchar, part_collectives bigint, part_members bigint, collectives bigint, members bigint)"
    )
    everybody = sum(size for _, size, _, _ in STRATA.values()) if members else None
    for name, (n, size, mean, sd) in STRATA.items():
        of_size = size if members else None
        warehouse.append(
            connection,
            "disclosure.levels",
            [{"unit_type": "collective", "unit_id": name, "organisation_id": "state", "type": "school",
              "scale": "score", "detail": "full", "is_carried": False, "respondents": n, "members": of_size,
              "step": STEP, "mean": mean, "ci_low": mean - 3, "ci_high": mean + 3, "bound_low": 0, "bound_high": 100,
              "sd": sd}],
        )  # fmt: skip
        connection.execute(
            "insert into disclosure.totals values ('organisation', 'state', 'levels', 'collective', ?, 1, ?, 3, ?)",
            [name, of_size, everybody],
        )
    models = warehouse.read_models(["disclosure"])
    for table in ("spreads", "level_strata", "level_sums", "level_totals"):
        if table == "level_totals":
            totals.fill_total_quantiles(connection)
        connection.execute(f"create table disclosure.{table} as {models[f'disclosure.{table}'].sql}")
    found = connection.execute("select * from disclosure.level_sums").fetchnumpy()
    published = connection.execute("select * from disclosure.level_totals").fetchnumpy()
    return {
        **{name: value[0] for name, value in found.items()},
        **{f"total_{name}": value[0] for name, value in published.items()},
    }


def test_a_total_is_the_stratified_mean_with_its_standard_error(connection):
    """By hand from Cochran (1977, 5.6 and 5.16): W N / sum N, variance W2 (1 - f) s2 / n, Satterthwaite's freedom."""
    found = _total(connection)
    population = sum(size for _, size, _, _ in STRATA.values())
    parts = [(size / population, (1 - n / size) * sd**2 / n, n) for n, size, _, sd in STRATA.values()]
    mean = sum(size * mean for _, size, mean, _ in STRATA.values()) / population
    sampling = sum(weight**2 * variance for weight, variance, _ in parts)
    rounding = sum(weight**2 * STEP**2 / 12 for weight, _, _ in parts)
    freedom = sampling**2 / sum((weight**2 * variance) ** 2 / (n - 1) for weight, variance, n in parts)
    assert found["mean"] == pytest.approx(mean)
    assert found["variance"] == pytest.approx(sampling + rounding)
    assert found["degrees_of_freedom"] == pytest.approx(freedom)
    half = stats.t.ppf(0.975, freedom) * math.sqrt(sampling + rounding)
    assert found["total_ci_low"] == pytest.approx(mean - half, abs=0.1)
    assert found["total_ci_high"] == pytest.approx(mean + half, abs=0.1)
    assert found["total_ci_low"] <= mean - half < mean + half <= found["total_ci_high"]
    assert (found["total_covered_share"], found["total_covered_collectives"]) == (1, 3)


def test_where_members_are_unknown_a_total_is_of_those_who_answered(connection):
    found = _total(connection, members=False)
    respondents = sum(n for n, *_ in STRATA.values())
    assert found["mean"] == pytest.approx(sum(n * mean for n, _, mean, _ in STRATA.values()) / respondents)
    assert found["variance"] == pytest.approx(
        sum((n / respondents) ** 2 * (sd**2 / n + STEP**2 / 12) for n, _, _, sd in STRATA.values())
    )
    assert np.ma.is_masked(found["total_covered_share"]) or np.isnan(found["total_covered_share"])


def test_a_share_in_a_total_has_korn_and_graubards_interval():
    """One stratum without finite population is Clopper and Pearson's own interval."""
    share, n = np.array([0.3]), np.array([40.0])
    low, high = totals.korn_graubard(share, share * (1 - share) / (n - 1), n, n - 1)
    effective = n[0] - 1
    assert low[0] == pytest.approx(stats.beta.ppf(0.025, 0.3 * effective, 0.7 * effective + 1))
    assert high[0] == pytest.approx(stats.beta.ppf(0.975, 0.3 * effective + 1, 0.7 * effective))


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_where_nobody_or_everybody_is_in_a_class_the_interval_ends_there(share):
    low, high = totals.korn_graubard(np.array([share]), np.array([0.0]), np.array([40.0]), np.array([38.0]))
    assert share in (low[0], high[0])
    assert low[0] < high[0]


SIZES, UNEQUAL, EQUAL = (40, 25, 80, 120), (0.9, 0.6, 0.3, 0.1), (0.5, 0.5, 0.5, 0.5)


def _answered(population: Population, rates: tuple[float, ...], chance: np.random.Generator) -> np.ndarray:
    return np.flatnonzero(chance.random(len(population.collective)) < np.array(rates)[population.collective])


@pytest.mark.parametrize(
    ("icc", "rates"),
    [(0.2, UNEQUAL), (0.0, UNEQUAL), (0.1, EQUAL)],
)
@pytest.mark.slow
def test_the_interval_of_a_total_holds_the_mean_of_all_members(tmp_path: Path, icc, rates):
    """Collectives of unequal sizes answer at unequal rates: 45 organisations, 11 scales."""
    chance = np.random.default_rng(5)
    population = populate(45, SIZES, icc, chance)
    made = Simulated(tmp_path, population)
    made.compute("2026-10", _answered(population, rates, chance))
    rows = made.query(
        "select unit_id, scale, ci_low, ci_high from published.scale_levels"
        " where unit_type = 'organisation' and ci_low is not null"
    )
    truth = {
        (f"o{owner}", scale): population.scores[population.organisation == owner, place].mean()
        for owner in range(45)
        for place, scale in enumerate(SCALES)
    }
    held = [low <= truth[unit, scale] <= high for unit, scale, low, high in rows]
    assert len(held) > 450
    # The standard error of the coverage of 495 intervals is 1 %.
    assert 0.92 <= np.mean(held) <= 0.975


@pytest.mark.slow
def test_where_only_the_composition_shifts_nobody_is_told_of_a_change(tmp_path: Path):
    """The same members hold the same views, but other collectives answer: 45 organisations."""
    chance = np.random.default_rng(3)
    population = populate(45, (40, 45, 60, 50), 0.2, chance)
    made = Simulated(tmp_path, population)
    then = _answered(population, (0.9, 0.6, 0.3, 0.2), chance)
    made.compute("2026-07", then)
    made.release("2026-07")
    made.compute("2026-10", _answered(population, (0.2, 0.3, 0.6, 0.9), chance), then)
    rows = made.query(
        "select unit_id, bool_or(is_change) from published.changes where unit_type = 'organisation' group by unit_id"
    )
    assert len(rows) == 45
    assert sum(changed for _, changed in rows) <= 2


def test_where_nobody_changes_a_total_does_not_change_either(tmp_path: Path):
    chance = np.random.default_rng(3)
    population = populate(2, (30, 40), 0.1, chance)
    made = Simulated(tmp_path, population)
    then = np.arange(len(population.collective))
    made.compute("2026-07", then)
    made.release("2026-07")
    made.compute("2026-10", then, then)
    assert made.query("select distinct difference, is_change from published.changes") == [(0.0, False)]
