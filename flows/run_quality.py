"""The quality page of a run, beside the run's record or in its release."""

from pathlib import Path

from flows import __version__
from flows.foundation.contracts import Audit, Computed, Report, Validated
from flows.monthly_run import MonthlyRun
from flows.steps.render.quality_page import QualityPage, write_quality_page
from flows.steps.render.undrawn_names import undrawn_names


def write_quality(
    run: MonthlyRun,
    folder: Path,
    validated: Validated,
    computed: Computed | None = None,
    reports: tuple[Report, ...] = (),
    audit: Audit | None = None,
) -> Path:
    """Write the page into a folder with what the run has found so far; beside the record it names what is private."""
    page = QualityPage(
        str(run.period),
        __version__,
        validated,
        computed,
        reports,
        audit,
        undrawn_names(run.programme, run.period.last_day),
        folder == run.record.folder,
        full_from=run.programme.policy.full_from,
    )
    return write_quality_page(folder / "index.html", page, run.programme.language)
