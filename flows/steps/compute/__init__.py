"""Compute: scale scores, statistics per unit, disclosure control. Reads `validated` and `reference` only.

Exact figures end in the schema `statistics`; what may be told of them, once and for everybody, in `published`.
"""

from pathlib import Path

from flows.steps import warehouse
from flows.steps.compute import changes, omega, quantiles
from flows.steps.contracts import Computed, WeakScale
from flows.steps.policy import RELIABILITY_WARN
from flows.steps.progress import Watcher, unwatched
from flows.steps.warehouse import PythonModel

_WEAK_SCALES = """
    select scales.label_nl, reliability.alpha, not reliability.is_reliable
    from published.reliability as reliability inner join published.scales as scales on reliability.scale = scales.scale
    where reliability.alpha < ? order by reliability.alpha, scales.scale
"""
SCHEMAS = ("scored", "statistics", "published")
PYTHON_MODELS = (
    PythonModel("statistics.student_t", quantiles.fill_student_t, frozenset({"statistics.score_moments"})),
    PythonModel("statistics.omega", omega.fill_omega, frozenset({"statistics.item_covariances"})),
    PythonModel("statistics.change_tests", changes.fill_change_tests, frozenset({"statistics.change_estimates"})),
    PythonModel("statistics.feldt", quantiles.fill_feldt, frozenset({"statistics.reliabilities"})),
    PythonModel(
        "statistics.hypergeometric",
        quantiles.fill_hypergeometric,
        frozenset({"statistics.rungs", "statistics.units"}),
    ),
)


def compute(database: Path, watcher: Watcher = unwatched) -> Computed:
    """Build `scored`, `statistics` and `published` in one transaction and say what came of it."""
    with warehouse.opened(database) as connection, warehouse.transaction(connection):
        run(connection, watcher)
        return _summary(connection)


def run(connection: warehouse.Connection, watcher: Watcher = unwatched) -> None:
    """Build the schemas of this stage on an open connection."""
    warehouse.run_models(connection, SCHEMAS, PYTHON_MODELS, watcher)


def _summary(connection: warehouse.Connection) -> Computed:
    tables = list(warehouse.read_models(["published"]))
    rows = {
        table: int(warehouse.one(connection, "select count(*) from " + warehouse.quoted(table))) for table in tables
    }
    withheld = warehouse.one(
        connection,
        "select count(*) from published.scale_levels where withheld_because in ('too_few', 'protects_people')",
    )
    organisations = connection.execute(
        "select distinct organisation_id from published.collectives order by all"
    ).fetchall()
    weak_scales = connection.execute(_WEAK_SCALES, [RELIABILITY_WARN]).fetchall()
    return Computed(
        rows,
        int(withheld),
        tuple(row[0] for row in organisations),
        tuple(WeakScale(*row) for row in weak_scales),
    )
