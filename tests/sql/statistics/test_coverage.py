"""Intervals hold the truth of a finite group as often as they say, over many simulated groups of 8 to 200 members.

Ordinary run: 3,000 groups, about 5 s. `make test-slow`: 60,000 groups, about a minute.
"""

from collections.abc import Iterator

import numpy as np
import pytest

from flows import warehouse
from flows.steps.compute import quantiles

MANY = [3_000, pytest.param(60_000, marks=pytest.mark.slow)]


@pytest.fixture
def connection() -> Iterator[warehouse.Connection]:
    with warehouse.opened(None) as connection:
        warehouse.prepare(connection)
        yield connection


def _populations(count: int, chance: np.random.Generator) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """For each group the scores of all members (three items of five points, as POMP) and those of who answered."""
    for _ in range(count):
        members = int(chance.integers(8, 201))
        person = chance.normal(3.2 + chance.normal(0, 0.3), 0.8, size=(members, 1))
        items = np.clip(np.round(person + chance.normal(0, 0.7, size=(members, 3))), 1, 5)
        scores = 100 * (items.mean(axis=1) - 1) / 4
        answered = int(np.ceil(members * chance.uniform(0.3, 0.95)))
        yield scores, chance.choice(scores, size=max(answered, 5), replace=False)


def _levels(connection: warehouse.Connection, groups: list[np.ndarray], members: list[int]) -> dict[str, np.ndarray]:
    """What the models of levels make of the answers of many groups."""
    connection.execute(
        "create table counted.groups (family varchar, unit_type varchar, unit_id integer, group_number integer)"
    )
    connection.execute('create table scored.scores ("window" varchar, group_number integer, pomps double[])')
    connection.execute(
        "create table counted.units (period varchar, family varchar, unit_type varchar, unit_id integer,"
        " members bigint, respondents bigint)"
    )
    units = np.repeat(np.arange(len(groups)), [len(group) for group in groups])
    scores = np.concatenate(groups)
    answers = {"unit_id": units, "pomp": scores}
    sizes = {"unit_id": np.arange(len(groups)), "members": np.array(members)}
    connection.register("answers", _frame(answers))
    connection.register("sizes", _frame(sizes))
    connection.execute("insert into counted.groups select 'levels', 'collective', unit_id, unit_id from sizes")
    connection.execute("insert into scored.scores select 'current', unit_id, [pomp] from answers")
    connection.execute(
        "insert into counted.units select '2026-10', 'levels', 'collective', unit_id, members, 0 from sizes"
    )
    scale = {"scale": "motive", "position": 1, "kind": "motive", "orientation": "none", "minimum": 1, "maximum": 5}
    warehouse.append(connection, "reference.scales", [{**scale, "items": 3, "item_positions": [1, 2, 3]}])
    warehouse.load_macros(connection)
    models = warehouse.read_models(["scored", "measurement", "statistics"])
    for table in (
        "scored.score_counts",
        "scored.score_moments",
        "measurement.between_collectives",
        "statistics.scale_levels",
    ):
        if table.endswith("scale_levels"):
            quantiles.fill_student_t(connection)
        connection.execute("create or replace table " + table + " as " + models[table].sql)
    return connection.execute("select * from statistics.scale_levels order by unit_id").fetchnumpy()


def _frame(columns: dict[str, np.ndarray]):
    import pandas

    return pandas.DataFrame(columns)


@pytest.mark.parametrize("count", MANY)
def test_the_mean_of_all_members_lies_in_its_interval(connection, count):
    everyone, answered = zip(*_populations(count, np.random.default_rng(20260)), strict=True)
    found = _levels(connection, list(answered), [len(group) for group in everyone])
    truth = np.array([group.mean() for group in everyone])
    known = ~np.ma.getmaskarray(np.ma.asarray(found["ci_low"]))
    held = (found["ci_low"] <= truth) & (truth <= found["ci_high"])
    # Small skewed groups keep it a little below 95 %.
    assert 0.93 <= held[known].mean() <= 0.965
    assert known.mean() > 0.99


@pytest.mark.parametrize("count", [500])
def test_the_bounds_hold_whatever_the_others_would_have_answered(connection, count):
    chance = np.random.default_rng(7)
    everyone, answered = zip(*_populations(count, chance), strict=True)
    found = _levels(connection, list(answered), [len(group) for group in everyone])
    for number, (group, some) in enumerate(zip(everyone, answered, strict=True)):
        for others in (0, 100, chance.uniform(0, 100)):
            mean = (some.sum() + (len(group) - len(some)) * others) / len(group)
            assert found["bound_low"][number] - 1e-9 <= mean <= found["bound_high"][number] + 1e-9


@pytest.mark.parametrize("count", MANY)
def test_an_exact_interval_for_a_share_holds_it_at_least_as_often_as_it_says(count):
    chance = np.random.default_rng(11)
    members = chance.integers(8, 201, size=count)
    of_class = chance.binomial(members, chance.uniform(0, 1, size=count))
    answered = np.ceil(members * chance.uniform(0.2, 1, size=count)).astype(int)
    seen = chance.hypergeometric(of_class, members - of_class, answered)
    low, high = quantiles.hypergeometric_interval(members, answered, seen)
    truth = of_class / members
    assert ((low <= truth + 1e-12) & (truth - 1e-12 <= high)).mean() >= 0.95
