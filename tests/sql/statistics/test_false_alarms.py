"""Where nothing changed, fewer than 5 % of reports say that something did.

Simulated organisations of 1 to 6 collectives, asked twice: the same members hold the same views, but answer a little
differently, and not the same ones answer. Ordinary run: 400 reports, about 3 s. `make test-slow`: 6,000 reports, about
half a minute.
"""

from collections.abc import Iterator

import numpy as np
import pytest

from flows.steps import warehouse
from flows.steps.compute import changes, quantiles
from tests.sql.statistics.holding_back import nobody_is_held_back

SCALES, ITEMS = 11, 3
REPORTS = [(400, 0.07), pytest.param(6_000, 0.05, marks=pytest.mark.slow)]
MODELS = (
    "scored.cells", "scored.unit_cells", "statistics.units", "scored.score_counts", "scored.score_sums",
    "statistics.score_moments", "statistics.live_units",
    "statistics.between_collectives", "statistics.scale_levels", "statistics.paired_changes",
    "statistics.change_estimates", "statistics.changes",
)  # fmt: skip


@pytest.fixture
def connection() -> Iterator[warehouse.Connection]:
    with warehouse.opened(None) as connection:
        warehouse.prepare(connection)
        yield connection


def _answers(views: np.ndarray, chance: np.random.Generator) -> np.ndarray:
    """Scores on every scale, as POMP, of people who hold certain views."""
    items = views[:, :, None] + chance.normal(0, 0.7, size=(*views.shape, ITEMS))
    return 100 * (np.clip(np.round(items), 1, 5).mean(axis=2) - 1) / 4


def _simulate(reports: int, chance: np.random.Generator) -> dict[str, np.ndarray]:
    columns: dict[str, list] = {name: [] for name in ("window", "organisation", "collective", "respondent", "pomps")}
    for organisation in range(reports):
        for collective in range(int(chance.integers(1, 7))):
            members = int(chance.integers(15, 60))
            person = chance.normal(3.2, 0.4, size=(members, 1))
            views = person + chance.normal(0, 0.6, size=(members, SCALES)) + chance.normal(0, 0.3, size=SCALES)
            for window in ("former", "current"):
                chosen = np.flatnonzero(chance.random(members) < 0.6)
                scores = _answers(views[chosen], chance)
                columns["window"] += [window] * len(chosen)
                columns["organisation"] += [f"o{organisation}"] * len(chosen)
                columns["collective"] += [f"o{organisation}c{collective}"] * len(chosen)
                columns["respondent"] += [f"o{organisation}c{collective}p{number}" for number in chosen]
                columns["pomps"] += list(scores)
    return {name: np.array(values) for name, values in columns.items()}


def _reports_with_changes(connection: warehouse.Connection, simulated: dict[str, np.ndarray]) -> tuple[int, int]:
    """How many organisations are told of a change, and how many could be."""
    import pandas

    frame = pandas.DataFrame({**simulated, "pomps": list(simulated["pomps"])})
    frame["response"] = np.arange(len(frame))
    connection.register("simulated", frame)
    connection.execute(
        'create table scored.counted as select response, "window", respondent, collective as collective_id,'
        " organisation as organisation_id, true as in_organisation, true as in_programme from simulated"
    )
    warehouse.append(connection, "reference.run", [{
        "period": "2026-10", "window_start": "2026-08-01", "window_end": "2026-10-31", "timezone": "Europe/Amsterdam",
        "instrument": "x", "instrument_version": "1",
    }])  # fmt: skip
    for window, month in (("current", "2026-10"), ("former", "2026-07")):
        days = {"first_day": f"{month}-01", "last_day": f"{month}-28"}
        warehouse.append(connection, "reference.windows", [{"window": window, "period": month, **days}])
    warehouse.append(connection, "reference.policy", [_policy()])
    scale = {"kind": "motive", "orientation": "none", "minimum": 1, "maximum": 5, "items": ITEMS}
    warehouse.append(
        connection,
        "reference.scales",
        [{"scale": f"s{n}", "position": n + 1, **scale, "item_positions": [1, 2, 3]} for n in range(SCALES)],
    )
    connection.execute(
        "create table reference.collectives as select distinct collective as collective_id,"
        " organisation as organisation_id, 'x' as type, collective as name, 100 as members from simulated"
    )
    connection.execute(
        "create table reference.window_collectives as"
        ' select windows."window", collectives.* from reference.windows as windows cross join reference.collectives'
        " as collectives"
    )
    nobody_is_held_back(connection)
    warehouse.load_macros(connection)
    models = warehouse.read_models(["scored", "statistics"])
    for table in MODELS:
        if table == "scored.score_counts":
            connection.execute(
                "create table scored.scores as select counted.response, cells.cell, simulated.pomps"
                " from scored.counted as counted inner join simulated on counted.response = simulated.response"
                " inner join scored.cells as cells"
                ' on counted.collective_id = cells.collective_id and counted."window" = cells."window"'
            )
        if table == "statistics.scale_levels":
            quantiles.fill_student_t(connection)
        if table == "statistics.change_estimates":
            connection.execute(
                "create table statistics.release_decisions as"
                " select unit_type, unit_id, scale, 'scale_levels' as figure, 'full' as detail"
                " from statistics.scale_levels"
            )
        if table == "statistics.changes":
            changes.fill_change_tests(connection)
        connection.execute("create or replace table " + table + " as " + models[table].sql)
    told = connection.execute(
        "select units.organisation_id, bool_or(changes.is_change), bool_or(changes.paired), bool_or(not changes.paired)"
        " from statistics.changes as changes inner join statistics.units as units"
        " on changes.unit_type = units.unit_type and changes.unit_id = units.unit_id"
        " where units.organisation_id is not null and changes.is_shown group by 1"
    ).fetchall()
    assert any(paired for *_, paired, _ in told)
    assert any(strangers for *_, strangers in told)
    return sum(changed for _, changed, *_ in told), len(told)


def _policy() -> dict[str, object]:
    from dataclasses import asdict

    from flows.steps.policy import Policy

    return asdict(Policy())


@pytest.mark.parametrize(("reports", "most"), REPORTS)
def test_fewer_than_one_report_in_twenty_tells_of_a_change_that_is_none(connection, reports, most):
    changed, told = _reports_with_changes(connection, _simulate(reports, np.random.default_rng(7)))
    assert told > 0.9 * reports
    assert changed / told < most
