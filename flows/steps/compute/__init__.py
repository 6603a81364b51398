"""Compute: scale scores, statistics per unit, disclosure control. Reads `validated` and `reference` only.

Exact figures end in the schema `statistics`; what may be told of them, once and for everybody, in `published`.
"""

from pathlib import Path

from flows.steps import warehouse
from flows.steps.compute import changes, one_factor, profiles, quantiles
from flows.steps.contracts import Computed, Typology, WeakScale
from flows.steps.disclosure import ledger, withheld_sets
from flows.steps.policy import PROFILE_STABILITY_WARN, RELIABILITY_WARN
from flows.steps.progress import Watcher, unwatched
from flows.steps.warehouse import PythonModel

_WEAK_SCALES = """
    select scales.label_nl, reliability.alpha, not reliability.is_reliable
    from published.reliability as reliability inner join published.scales as scales on reliability.scale = scales.scale
    where reliability.alpha < ? order by reliability.alpha, scales.scale
"""
SCHEMAS = ("scored", "statistics", "published", "ledger")
_PROFILES = "profiles"
_PYTHON_MODELS = (
    PythonModel("statistics.student_t", quantiles.fill_student_t, frozenset({"statistics.score_moments"})),
    PythonModel("statistics.one_factor", one_factor.fill_one_factor, frozenset({"statistics.item_covariances"})),
    PythonModel(
        "statistics.change_tests",
        changes.fill_change_tests,
        frozenset({"statistics.change_estimates", "statistics.units"}),
    ),
    PythonModel(
        "statistics.withheld_sets",
        withheld_sets.fill_withheld_sets,
        frozenset(
            {
                "scored.set_members",
                "statistics.first_decisions",
                "statistics.first_rungs",
                "statistics.set_parts",
                "statistics.told_sums",
                "statistics.units",
            }
        ),
    ),
    PythonModel("statistics.feldt", quantiles.fill_feldt, frozenset({"statistics.reliabilities"})),
    PythonModel(
        "statistics.hypergeometric",
        quantiles.fill_hypergeometric,
        frozenset({"statistics.rungs", "statistics.units"}),
    ),
)


def compute(database: Path, watcher: Watcher = unwatched, refit_profiles: bool = False) -> Computed:
    """Build `scored`, `statistics` and `published` in one transaction and say what came of it.

    The profiles are those that lie frozen beside the database; with `refit_profiles` they are found anew.
    """
    frozen = database.parent / _PROFILES
    with warehouse.opened(database) as connection:
        ledger.load(connection, database.parent / ledger.FOLDER)
        with warehouse.transaction(connection):
            warehouse.run_models(connection, SCHEMAS, python_models(frozen, refit_profiles), watcher)
        return _summary(connection, profiles.newest(frozen))


def python_models(profiles_folder: Path, refit_profiles: bool = False) -> tuple[PythonModel, ...]:
    """What SQL cannot compute."""
    return (
        *_PYTHON_MODELS,
        PythonModel(
            "statistics.profile_centroids",
            lambda connection: profiles.fill_profile_centroids(connection, profiles_folder, refit_profiles),
            frozenset({"scored.motive_scores", "scored.cells", "statistics.motives_in_mix"}),
        ),
    )


def _summary(connection: warehouse.Connection, frozen: profiles.Profiles | None) -> Computed:
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
        _typology(connection, frozen),
    )


def _typology(connection: warehouse.Connection, frozen: profiles.Profiles | None) -> Typology | None:
    if frozen is None:
        return None
    in_use = warehouse.one(connection, "select count(*) from statistics.profile_centroids")
    return Typology(
        version=frozen.version,
        profiles=len(frozen.names),
        fitted_on=frozen.fitted_on,
        respondents=frozen.respondents,
        silhouette=frozen.silhouette,
        stability=frozen.stability,
        is_stable=frozen.stability >= PROFILE_STABILITY_WARN,
        in_use=bool(in_use),
    )
