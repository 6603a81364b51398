"""Validate: accepts, holds or refuses every response, with the reason; changes no value.

Each text is kept unchanged, beside the number that the instrument gives it.
"""

from collections.abc import Iterator
from pathlib import Path

from flows import warehouse
from flows.foundation.contracts import Ingested, Validated
from flows.foundation.progress import ProgressCallback, no_progress
from flows.programme.loading import Programme
from flows.programme.period import Period
from flows.steps.validate import checks, quality, reference_schema
from flows.steps.validate.held_rows import write_held_rows
from flows.steps.validate.readings import fill_readings
from flows.warehouse import PythonModel

__all__ = ["report", "run", "validate", "write_held_rows"]

SCHEMAS = ("reference", "validated")
# So that memory does not grow with the exports: 200,000 responses take 0.9 instead of 1.7 GB, and no longer (measured).
MEMORY_MEGABYTES = 600


def validate(
    database: Path,
    programme: Programme,
    period: Period,
    ingested: Ingested,
    progress: ProgressCallback = no_progress,
) -> Validated:
    """Rebuild `reference` and `validated` for a period, run the suites, and report on every file."""
    with warehouse.opened(database, memory=MEMORY_MEGABYTES) as connection, warehouse.transaction(connection):
        run(connection, programme, period, progress)
        return quality.report(connection, ingested)


def report(database: Path, ingested: Ingested) -> Validated:
    """Report on every file once more, as it was validated."""
    with warehouse.opened(database, read_only=True) as connection:
        return quality.report(connection, ingested)


def run(
    connection: warehouse.Connection,
    programme: Programme,
    period: Period,
    progress: ProgressCallback = no_progress,
) -> None:
    """Build the schemas of this stage on an open connection."""
    warehouse.prepare(connection)
    reference_schema.fill(connection, programme, period)
    checker = checks.checker()
    python_models = (
        PythonModel("validated.readings", lambda connection: fill_readings(connection, programme.sources), frozenset()),
        PythonModel(
            "validated.check_results",
            lambda connection: checks.record(connection, list(_check_exports(connection, checker))),
            frozenset({"validated.export_facts"}),
        ),
    )
    warehouse.run_models(connection, SCHEMAS, python_models, progress)
    checks.record(connection, list(_check_whole(connection, checker)))


def _check_exports(connection: warehouse.Connection, checker: checks.Checker) -> Iterator[checks.Outcome]:
    facts = connection.execute("select * from validated.export_facts order by sha256").df()
    yield from checker.run(checks.read_suite("export"), facts)


def _check_whole(connection: warehouse.Connection, checker: checks.Checker) -> Iterator[checks.Outcome]:
    facts = connection.execute("select * from validated.whole_facts").df()
    yield from checker.run(checks.read_suite("accepted_whole"), facts)
