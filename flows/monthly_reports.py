"""The flow: ingest, validate, compute, render, publish, deliver. Thin: each task calls one plain stage.

`MonthlyRun` holds what the stages share; Prefect sees paths, ids and counts only.
"""

from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Annotated

from prefect import flow, tags, task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State
from prefect.states import Completed, Failed
from pydantic import Field

from flows import __version__, notifications, run_outcomes, unchanged
from flows.artifacts import leave_artifacts
from flows.deployed_run import opened_run, run_behind, run_name
from flows.foundation.contracts import (
    Computed,
    Delivered,
    Ingested,
    Release,
    Report,
    RunOutcome,
    Validated,
    exit_code_of,
)
from flows.foundation.disk_space import told_when_full
from flows.foundation.errors import NoInput, UserError
from flows.foundation.messages import without_addresses
from flows.foundation.progress import Progress
from flows.monthly_run import MonthlyRun, RunRequest
from flows.privacy.retention import expire
from flows.programme import manifest
from flows.programme.former_reports import former_reports
from flows.programme.run_record import StageFailed
from flows.programme.tags import tags_of
from flows.releases.delivering import in_run, summary
from flows.releases.steward_site import write_site
from flows.run_quality import write_quality
from flows.steps import compute as compute_stage
from flows.steps import ingest as ingest_stage
from flows.steps import publish as publish_stage
from flows.steps import render as render_stage
from flows.steps import validate as validate_stage
from flows.steps.ingest.sentences import nothing_to_read
from flows.steps.publish.kept_reports import kept_reports
from flows.steps.render.report_context import ReportContext

Month = Annotated[str, Field(pattern=r"^(19|20|21)\d{2}-(0[1-9]|1[0-2])$")]
OrganisationId = Annotated[str, Field(min_length=1, max_length=200)]


@task(name="ingest", cache_policy=NO_CACHE)
def ingest(run: MonthlyRun) -> Ingested:
    """Read the inbox into `raw`."""
    with run.record.stage("ingest"):
        expire(run.folder, run.today, run.settings.retention_months)
        return ingest_stage.ingest(run.folder, run.programme.sources, run.keys, run.today, run.progress("ingest"))


@task(name="validate", cache_policy=NO_CACHE)
def validate(run: MonthlyRun, ingested: Ingested) -> Validated:
    """Accept, hold or refuse every response."""
    with run.record.stage("validate"):
        database, progress = run.folder.warehouse, run.progress("validate")
        validated = validate_stage.validate(database, run.programme, run.period, ingested, progress)
        validate_stage.write_held_rows(database, run.record.folder / "held-rows.csv")
        return validated


@task(name="compute", cache_policy=NO_CACHE)
def compute(run: MonthlyRun) -> Computed:
    """Compute exact statistics and the figures that may be published."""
    with run.record.stage("compute"):
        database, progress = run.folder.warehouse, run.progress("compute")
        return compute_stage.compute(database, run.keys.disclosure_record, progress, run.request.refit_profiles)


@task(name="render", cache_policy=NO_CACHE)
def render(run: MonthlyRun, organisations: tuple[str, ...], folder: Path) -> tuple[Report, ...]:
    """Make one PDF per organisation."""
    with run.record.stage("render"):
        before = manifest.newest_before(run.folder, str(run.period))
        context = ReportContext.of_run(run.programme, run.period, run.last_day, __version__, before)
        database, processes = run.folder.warehouse, run.settings.processes()
        earlier = [entry.database_in(run.folder) for entry in before]
        former = former_reports(run.folder, str(run.period))
        progress = run.progress("render")
        return render_stage.render(
            database, organisations, context, folder, processes, progress, earlier, former, run.settings.cluster
        )


@task(name="publish", cache_policy=NO_CACHE)
def publish(
    run: MonthlyRun,
    staged: Path,
    outcome: RunOutcome,
    computed: Computed,
    reports: tuple[Report, ...],
    inputs_hash: str,
) -> Release:
    """Audit the staged release, give its folder its final name, and update the analysts' database."""
    with run.record.stage("publish"):
        run.progress("publish")(Progress(0, 1, str(run.period)))
        made = publish_stage.new_manifest(
            run.folder,
            run.programme,
            run.period,
            exports=outcome.ingested.exports,
            reports=reports,
            inputs_hash=inputs_hash,
            made_at=run.record.started_at,
            unfinished_on=None if run.has_ended else run.today,
        )
        audit = publish_stage.complete(run.folder, staged, made)
        for folder in (staged / "quality", run.record.folder):
            write_quality(run, folder, outcome.validated, computed, reports, audit)
        return publish_stage.publish(run.folder, staged, made)


@task(name="deliver", cache_policy=NO_CACHE)
def deliver(run: MonthlyRun, release: Release) -> tuple[Delivered, ...]:
    """Send the approved reports of the release; with automatic approval, approve them first."""
    with run.record.stage("deliver"):
        return in_run(run.settings, run.programme.register, release, run.progress("deliver"))


@flow(name="monthly-reports", flow_run_name=run_name)
def monthly_reports(
    period: Month | None = None,
    organisations: list[OrganisationId] | None = None,
    dry_run: bool = False,
    unfinished: bool = False,
    refit_profiles: bool = False,
    deliver: bool | None = None,
) -> "State[RunOutcome]":
    """Make the reports of a month, for the programme that the deployment is bound to.

    A second run of the same month publishes nothing unless something has changed. The run ends as completed or failed,
    in both cases with the outcome as result; its exit code gives the kind of failure.

    Args:
        period: The month, such as 2026-10. Leave it out for the month before the day on which the run was scheduled.
        organisations: Make the reports of these organisations only, by their ids in the register. Leave it out for all.
        dry_run: Try everything and publish nothing.
        unfinished: Release a month that has not ended, with the answers so far. It is made again when it is over.
        refit_profiles: Find the profiles (types of motive mixes) again instead of using the frozen ones.
        deliver: Send what is approved (true), or send nothing (false). Leave it out to do what the settings say.
    """
    request = RunRequest(
        period=period,
        only=tuple(organisations or ()),
        dry_run=dry_run,
        unfinished=unfinished,
        refit_profiles=refit_profiles,
        deliver=deliver,
    )
    try:
        with run_behind(request) as run:
            outcome = _recorded(run)
    except UserError as problem:
        message = without_addresses(str(problem))
        outcome = RunOutcome(run_id="", period=period or "", exit_code=problem.exit_code, message=message)
    if outcome.exit_code:
        return Failed(message=outcome.message, data=outcome)
    return Completed(message=outcome.message, data=outcome)


def run_opened(run: MonthlyRun) -> "State[RunOutcome]":
    """Run the flow for an opened run, with the same tags as scheduled runs."""
    request = run.request
    token = opened_run.set(run)
    try:
        with tags(*tags_of(run.settings)):
            state: State[RunOutcome] = monthly_reports(  # type: ignore[assignment]
                period=request.period,
                organisations=list(request.only) or None,
                dry_run=request.dry_run,
                refit_profiles=request.refit_profiles,
                unfinished=request.unfinished,
                deliver=request.deliver,
                return_state=True,
            )
            return state
    finally:
        opened_run.reset(token)


def _recorded(run: MonthlyRun) -> RunOutcome:
    """Run, and store the outcome in the run record and on Prefect's pages."""
    try:
        with told_when_full(run.folder.private):
            outcome = _month(run)
            run.record.finish(outcome.exit_code, outcome.message, **outcome.counts)
    except (UserError, StageFailed) as problem:
        outcome = run_outcomes.outcome_of(run, exit_code=problem.exit_code, message=without_addresses(str(problem)))
        with suppress(OSError):
            run.record.finish(outcome.exit_code, outcome.message)
    _tell(run, outcome)
    return outcome


def _tell(run: MonthlyRun, outcome: RunOutcome) -> None:
    """Update the pages that show the run, and notify; a dry run shows its artifacts only."""
    try:
        leave_artifacts(outcome)
        if not run.request.dry_run:
            write_site(run.settings)
    except Exception as error:  # noqa: BLE001 pages follow from the release, which must not depend on them
        run.record.event("page not updated", error=type(error).__name__)
    if not (run.request.dry_run or run.request.is_watched):
        for problem in notifications.after_run(run.settings, outcome):
            run.record.event("not notified", reason=problem)


def _month(run: MonthlyRun) -> RunOutcome:
    dry_run = run.request.dry_run
    if not dry_run:
        publish_stage.refresh_public(run.folder)
    ingested = ingest(run)
    if not ingested.exports:
        page = write_quality(run, run.record.folder, Validated(unread=ingested.unread))
        raise NoInput(nothing_to_read(ingested, run.folder.inbox, page))
    if unchanged.is_computed(run, ingested) and (same := _same(run, unchanged.inputs_hash(run, ingested))):
        return _handed_over(run, run_outcomes.nothing_new(run, ingested, same))
    validated = validate(run, ingested)
    outcome = run_outcomes.outcome_of(run, ingested=ingested, validated=validated)
    if validated.stops_the_run:
        return run_outcomes.stopped(run, outcome)
    computed = compute(run)
    organisations = run_outcomes.chosen(computed.organisations, run.request.only)
    inputs_hash = unchanged.inputs_hash(run, ingested, computed)
    if same := _same(run, inputs_hash):
        unchanged.mark_computed(run, ingested)
        return _handed_over(run, run_outcomes.nothing_new(run, ingested, same))
    if dry_run:
        return run_outcomes.tried(run, outcome, computed, organisations)
    kept = kept_reports(run.folder, str(run.period), inputs_hash, run.has_ended, run.request.only)
    staged = publish_stage.staging(run.folder, str(run.period), run.record.run_id)
    drawn = render(run, organisations, staged / "reports")
    reports = (*drawn, *(former.put_into(staged / "reports") for former in kept))
    release = publish(run, staged, outcome, computed, reports, inputs_hash)
    unchanged.mark_computed(run, ingested)
    return _handed_over(run, run_outcomes.released(run, outcome, release))


def _same(run: MonthlyRun, inputs_hash: str) -> Release | None:
    """The release that follows from the same inputs, if all reports are asked for."""
    if run.request.only:
        return None
    return publish_stage.find_same(run.folder, str(run.period), inputs_hash, run.has_ended)


def _handed_over(run: MonthlyRun, outcome: RunOutcome) -> RunOutcome:
    """Deliver where that is asked for, or approved automatically and the month has ended; never in a dry run."""
    is_automatic = run.settings.delivery.approval == "automatic" and run.has_ended
    wants = is_automatic if run.request.deliver is None else run.request.deliver
    if outcome.release is None or run.request.dry_run or not wants:
        return outcome
    delivered = deliver(run, outcome.release)
    exit_code = outcome.exit_code or exit_code_of(delivered)
    return replace(outcome, delivered=delivered, exit_code=exit_code, message=f"{outcome.message} {summary(delivered)}")
