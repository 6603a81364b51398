"""Compute: scale scores, statistics per group, disclosure control. Reads `validated` and `reference` only.

Exact group figures go to the schema `statistics`, publishable ones to `disclosure`, from which totals, changes and
comparisons are computed; the results go to `published`, the only source of reports and databases.
"""

from pathlib import Path

from flows import warehouse
from flows.foundation.contracts import Computed, Standing, Typology, WeakScale
from flows.foundation.progress import ProgressCallback, no_progress
from flows.programme.policy import PROFILE_STABILITY_WARN, RELIABILITY_WARN
from flows.steps.compute import changes, one_factor, profiles, quantiles, totals
from flows.steps.disclosure import differencing, disclosure_record
from flows.warehouse import PythonModel

_WEAK_SCALES = """
    select scales.label_nl as label, reliability.estimate as alpha, not reliability.is_reliable as withheld
    from published.reliability as reliability inner join published.scales as scales on reliability.scale = scales.scale
    where reliability.estimate < ? order by reliability.estimate, scales.scale
"""
_STANDINGS = """
    select collectives.collective_id, collectives.name, collectives.organisation_id, standings.state,
        standings.figures_of, standings.answers_short, standings.counted_as
    from disclosure.standings as standings
    inner join published.collectives as collectives on standings.collective_id = collectives.collective_id
    order by collectives.organisation_id, collectives.name, collectives.collective_id
"""
SCHEMAS = ("counted", "scored", "measurement", "mixes", "statistics", "disclosure", "published")
_PROFILES = "profiles"
# So that memory does not grow with the answers: ten million respondents are computed within it in less than five
# minutes, one million in 40 seconds instead of the 32 with 6 GB (measured).
MEMORY_MEGABYTES = 2000
_PYTHON_MODELS = (
    PythonModel(
        "statistics.student_t",
        quantiles.fill_student_t,
        frozenset({"scored.score_moments", "released.levels", "released.former_levels"}),
    ),
    PythonModel("measurement.one_factor", one_factor.fill_one_factor, frozenset({"measurement.item_covariances"})),
    PythonModel("measurement.feldt", quantiles.fill_feldt, frozenset({"measurement.reliabilities"})),
    PythonModel(
        "statistics.hypergeometric",
        quantiles.fill_hypergeometric,
        frozenset({"statistics.class_counts", "counted.units"}),
    ),
    PythonModel(
        "disclosure.hypergeometric",
        quantiles.fill_coarsened_hypergeometric,
        frozenset({"disclosure.coarsened_counts", "statistics.hypergeometric"}),
    ),
    PythonModel(
        "disclosure.differencing_verdicts",
        differencing.fill_differencing_verdicts,
        frozenset({"disclosure.atoms", "disclosure.linked_cells", "disclosure.proposed_bounds"}),
    ),
    PythonModel("disclosure.total_quantiles", totals.fill_total_quantiles, frozenset({"disclosure.level_sums"})),
    PythonModel("disclosure.total_shares", totals.fill_total_shares, frozenset({"disclosure.class_sums"})),
    PythonModel("disclosure.change_tests", changes.fill_change_tests, frozenset({"disclosure.change_estimates"})),
)


def compute(
    database: Path, record_key: bytes, progress: ProgressCallback = no_progress, refit_profiles: bool = False
) -> Computed:
    """Build everything from `counted` to `published` in one transaction, and summarise the result.

    `record_key` keys the hashes of answers in the disclosure record. Uses the frozen profiles beside the database; with
    `refit_profiles` fits new ones.
    """
    frozen = database.parent / _PROFILES
    with warehouse.opened(database, memory=MEMORY_MEGABYTES) as connection:
        warehouse.set_key(connection, record_key)
        disclosure_record.load(connection, database.parent / disclosure_record.FOLDER)
        with warehouse.transaction(connection):
            warehouse.run_models(connection, SCHEMAS, python_models(frozen, refit_profiles), progress)
        return _summary(connection, profiles.newest(frozen))


def summary(database: Path) -> Computed:
    """Summarise once more what was computed."""
    with warehouse.opened(database, read_only=True) as connection:
        return _summary(connection, profiles.newest(database.parent / _PROFILES))


def python_models(profiles_folder: Path, refit_profiles: bool = False) -> tuple[PythonModel, ...]:
    """The tables that Python computes."""
    return (
        *_PYTHON_MODELS,
        PythonModel(
            "mixes.profile_centroids",
            lambda connection: profiles.fill_profile_centroids(connection, profiles_folder, refit_profiles),
            frozenset({"mixes.motive_scores", "measurement.motives_in_mix"}),
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
    return Computed(
        rows=rows,
        withheld=int(withheld),
        organisations=tuple(row[0] for row in organisations),
        weak_scales=warehouse.rows_as(WeakScale, connection, _WEAK_SCALES, [RELIABILITY_WARN]),
        typology=_typology(connection, frozen),
        standings=warehouse.rows_as(Standing, connection, _STANDINGS),
    )


def _typology(connection: warehouse.Connection, frozen: profiles.Profiles | None) -> Typology | None:
    if frozen is None:
        return None
    in_use = warehouse.one(connection, "select count(*) from mixes.profile_centroids")
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
