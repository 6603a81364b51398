"""Whether the warehouse already holds what a run would compute, so that nothing is read or computed twice."""

import hashlib
import json
from dataclasses import asdict

from flows import __version__, warehouse
from flows.foundation.contracts import Computed, Ingested
from flows.monthly_run import MonthlyRun
from flows.programme import manifest
from flows.steps.compute import profiles

_COMPUTED_FROM = "reference.computed_from"


def inputs_hash(run: MonthlyRun, ingested: Ingested, computed: Computed | None = None) -> str:
    """The fingerprint of all inputs of the month, with the profiles that were used, or that would be used now."""
    typology = computed.typology if computed else profiles.newest(run.folder.profiles)
    return run.programme.fingerprint(run.period, ingested.exports, __version__, typology.version if typology else 0)


def is_computed(run: MonthlyRun, ingested: Ingested) -> bool:
    """Whether the figures in the warehouse were computed from the inputs of this run, and nothing new is asked for."""
    if run.request.refit_profiles:
        return False
    with warehouse.opened(run.folder.warehouse, read_only=True) as connection:
        if not warehouse.has_table(connection, _COMPUTED_FROM):
            return False
        computed_from = warehouse.one(connection, "select inputs from " + warehouse.quoted(_COMPUTED_FROM))
    return bool(computed_from == _inputs(run, ingested))


def mark_computed(run: MonthlyRun, ingested: Ingested) -> None:
    """Store what the figures in the warehouse were computed from; validating anything again removes it."""
    with warehouse.opened(run.folder.warehouse) as connection:
        warehouse.append(connection, _COMPUTED_FROM, [{"inputs": _inputs(run, ingested)}])


def _inputs(run: MonthlyRun, ingested: Ingested) -> str:
    """One hash over all that validate and compute read, releases and files that could not be read included."""
    read = [
        inputs_hash(run, ingested),
        run.has_ended,
        sorted(file.file_name for file in ingested.unread),
        [asdict(released) for released in manifest.released_inputs(run.folder)],
    ]
    return hashlib.sha256(json.dumps(read, default=str).encode()).hexdigest()
