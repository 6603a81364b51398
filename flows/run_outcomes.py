"""The outcome of a run in each way in which it can end: its message, its exit code and its quality page."""

from dataclasses import replace
from typing import Any

from flows.foundation.contracts import Computed, Ingested, MadeReport, Release, RunOutcome
from flows.foundation.errors import UserError
from flows.foundation.exit_codes import ExitCode
from flows.foundation.messages import did_you_mean, pluralise
from flows.monthly_run import MonthlyRun
from flows.programme import manifest
from flows.run_quality import write_quality
from flows.steps import compute, validate
from flows.steps.render.quality_page import problems


def outcome_of(run: MonthlyRun, exit_code: int = 0, message: str = "", **stages: Any) -> RunOutcome:
    """The outcome of a run with what its stages returned."""
    return RunOutcome(run_id=run.record.run_id, period=str(run.period), exit_code=exit_code, message=message, **stages)


def chosen(organisations: tuple[str, ...], only: tuple[str, ...]) -> tuple[str, ...]:
    """The organisations whose reports are asked for.

    Raises:
        UserError: one of them has no collective this month.
    """
    for wanted in only:
        if wanted not in organisations:
            hint = did_you_mean(wanted, organisations)
            raise UserError(f"No organisation '{wanted}' has a collective on the register this month{hint}.")
    return tuple(dict.fromkeys(only)) or organisations


def stopped(run: MonthlyRun, outcome: RunOutcome) -> RunOutcome:
    """A critical check failed over all responses: there is no release."""
    page = write_quality(run, run.record.folder, outcome.validated)
    critical = [check for check in outcome.validated.failed_checks if check.severity == "critical"]
    message = f"There is no release of {run.period}. {problems(critical, 'en')} See {page}"
    return replace(outcome, exit_code=ExitCode.STOPPED, message=message, quality_page=page)


def nothing_new(run: MonthlyRun, ingested: Ingested, same: Release) -> RunOutcome:
    """A release of the same inputs stands; what is told is read from the warehouse, which holds its figures."""
    database = run.folder.warehouse
    validated = validate.report(database, ingested)
    validate.write_held_rows(database, run.record.folder / "held-rows.csv")
    page = write_quality(run, run.record.folder, validated, compute.summary(database), same.reports)
    message = f"Nothing new: release {same.period} v{same.version} follows from the same exports and settings."
    return outcome_of(run, message=message, ingested=ingested, validated=validated, release=same, quality_page=page)


def tried(run: MonthlyRun, outcome: RunOutcome, computed: Computed, organisations: tuple[str, ...]) -> RunOutcome:
    """A dry run: what would be made."""
    write_quality(run, run.record.folder, outcome.validated, computed)
    counted = pluralise(outcome.validated.accepted, "answer")
    made = pluralise(len(organisations), "report")
    return replace(outcome, message=f"Dry run: {counted} of {run.period} would count, {made} would be made.")


def released(run: MonthlyRun, outcome: RunOutcome, release: Release) -> RunOutcome:
    """A new release, possibly without some of its reports."""
    failed = [report.organisation_id for report in release.failed]
    made = pluralise(len(release.reports) - len(failed), "report")
    message = f"Release {release.period} v{release.version}: {made}{_as_before(run, release)}."
    if not run.has_ended:
        message += f" The month ends on {run.period.last_day}; run it again after that."
    if failed:
        message += f" Not made: {', '.join(failed)}; the others are not affected."
    page = run.record.folder / "index.html"
    exit_code = ExitCode.UNEXPECTED if failed else ExitCode.OK
    return replace(outcome, exit_code=exit_code, message=message, release=release, quality_page=page)


def _as_before(run: MonthlyRun, release: Release) -> str:
    """How many reports are those of the version before, to the last byte; empty where none is."""
    before = [
        entry
        for entry in manifest.versions(run.folder, release.period)
        if entry.version < release.version and not entry.withdrawn_on
    ]
    known = {report.files for report in before[-1].made_reports()} if before else set()
    same = sum(isinstance(report, MadeReport) and report.files in known for report in release.reports)
    return f", {same} of them as in v{before[-1].version}" if same else ""
