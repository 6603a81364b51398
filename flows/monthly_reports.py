"""The flow: ingest, validate, compute, render, publish. Thin: each task calls one plain stage.

`MonthlyRun` holds what the stages share; Prefect sees paths, ids and counts only.
"""

from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from prefect import flow, tags, task
from prefect.artifacts import create_markdown_artifact, create_table_artifact
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State
from prefect.runtime import flow_run
from prefect.states import Completed, Failed

from flows import __version__, settings
from flows.dry_run import workplace
from flows.programme import load_programme
from flows.settings import Settings
from flows.steps import compute as compute_stage
from flows.steps import ingest as ingest_stage
from flows.steps import lock, run_record
from flows.steps import publish as publish_stage
from flows.steps import render as render_stage
from flows.steps import validate as validate_stage
from flows.steps.contracts import Audit, Computed, Ingested, Release, Report, Run, Validated
from flows.steps.forgetting.expiry import expire
from flows.steps.mistakes import Mistake, NoInput, did_you_mean
from flows.steps.period import Period, month_to_run
from flows.steps.places import Places
from flows.steps.plain_text import counted
from flows.steps.progress import Progress, Watcher
from flows.steps.public_folder import refuse_obstacles
from flows.steps.publish import manifest
from flows.steps.reference import Programme
from flows.steps.render.quality_page import QualityPage, problems, write_quality_page
from flows.steps.render.undrawn_names import undrawn_names
from flows.steps.run_record import StageFailed

# Who wants to see how a run goes: called with the stage and how far it has come.
onlooker: ContextVar[Callable[[str, Progress], None]] = ContextVar("onlooker", default=lambda stage, progress: None)


@dataclass(frozen=True)
class Asked:
    """What a run was asked for."""

    period: str | None
    only: tuple[str, ...]
    dry_run: bool
    refit_profiles: bool
    unfinished: bool


@dataclass(frozen=True)
class MonthlyRun:
    """What the stages of one run share."""

    settings: Settings
    places: Places
    programme: Programme
    period: Period
    today: date
    record: run_record.RunRecord
    refit_profiles: bool = False

    @property
    def last_day(self) -> date:
        """The last day whose answers can be in it: today, while the month has not ended."""
        return min(self.today, self.period.last_day)


def _watcher(stage: str) -> Watcher:
    return lambda progress: onlooker.get()(stage, progress)


@task(name="ingest", cache_policy=NO_CACHE)
def ingest(run: MonthlyRun) -> Ingested:
    """Read the inbox into `raw`."""
    with run.record.stage("ingest"):
        expire(run.places, run.today, run.settings.retention_months)
        keys = run.settings.pseudonym_keys()
        return ingest_stage.ingest(run.places, run.programme.sources, keys, run.today, _watcher("ingest"))


@task(name="validate", cache_policy=NO_CACHE)
def validate(run: MonthlyRun, ingested: Ingested) -> Validated:
    """Accept, hold or refuse every response."""
    with run.record.stage("validate"):
        database, watcher = run.places.warehouse, _watcher("validate")
        validated = validate_stage.validate(database, run.programme, run.period, ingested, watcher)
        validate_stage.write_held_rows(database, run.record.folder / "held-rows.csv")
        return validated


@task(name="compute", cache_policy=NO_CACHE)
def compute(run: MonthlyRun) -> Computed:
    """Exact statistics, and what may be published of them."""
    with run.record.stage("compute"):
        key = run.settings.pseudonym_keys().ledger
        return compute_stage.compute(run.places.warehouse, key, _watcher("compute"), run.refit_profiles)


@task(name="render", cache_policy=NO_CACHE)
def render(run: MonthlyRun, organisations: tuple[str, ...], inputs_hash: str, folder: Path) -> tuple[Report, ...]:
    """One PDF per organisation."""
    with run.record.stage("render"):
        note = run.programme.instrument.model.note
        policy = run.programme.policy
        setting = render_stage.Setting(
            programme=run.programme.name,
            contact=run.programme.contact,
            notes={str(code): text for code, text in note.items()},
            software=__version__,
            inputs_hash=inputs_hash[:12],
            made_on=run.last_day.isoformat(),
            window_start=run.programme.window_start(run.period).isoformat(),
            window_end=run.last_day.isoformat(),
            levels_from=policy.levels_from,
            full_from=policy.full_from,
            distributions_from=policy.distributions_from,
            suggestions=run.programme.suggestions.rules,
            meanings={name: scale.meaning for name, scale in run.programme.instrument.model.scales.items()},
            look=run.programme.look,
        )
        return render_stage.render(
            run.places.warehouse,
            organisations,
            setting,
            folder,
            run.settings.processes(),
            _watcher("render"),
        )


@task(name="publish", cache_policy=NO_CACHE)
def publish(
    run: MonthlyRun, staged: Path, outcome: Run, computed: Computed, reports: tuple[Report, ...], inputs_hash: str
) -> Release:
    """The release folder, attacked before it gets its name, and the analysts' database."""
    with run.record.stage("publish"):
        _watcher("publish")(Progress(0, 1, str(run.period)))
        made = _manifest(run, outcome.ingested, reports, inputs_hash)
        audit = publish_stage.complete(run.places, staged, made)
        for folder in (staged / "quality", run.record.folder):
            _quality(run, folder, outcome.validated, computed, reports, audit)
        return publish_stage.publish(run.places, staged, made)


def _run_name() -> str:
    parameters = flow_run.parameters
    day = parameters.get("today") or date.today()  # noqa: DTZ011 only a name
    return f"{Path(parameters['programme']).name}-{parameters.get('period') or settings.last_month(day)}"


@flow(name="monthly-reports", flow_run_name=_run_name, validate_parameters=False)
def monthly_reports(
    programme: str,
    period: str | None = None,
    only: list[str] | None = None,
    dry_run: bool = False,
    today: date | None = None,
    refit_profiles: bool = False,
    unfinished: bool = False,
) -> "State[Run]":
    """Make the reports of a month (the one before today's by default) for the programme in a folder.

    A month that has not ended is only tried, unless `unfinished` says that it is to be released all the same.

    Ends as completed or failed, in both cases with the run as its result; the exit code says what kind of failure.
    """
    try:
        asked = Asked(period, tuple(only or ()), dry_run, refit_profiles, unfinished)
        outcome = _recorded_run(Path(programme), asked, today)
    except Mistake as mistake:
        outcome = Run("", period or "", mistake.exit_code, str(mistake))
    if outcome.exit_code:
        return Failed(message=outcome.message, data=outcome)
    return Completed(message=outcome.message, data=outcome)


def tagged_run(chosen: Settings, **parameters: Any) -> "State[Run]":
    """The flow as the command line runs it, with the tags that scheduled runs have too."""
    with tags(*chosen.tags):
        state: State[Run] = monthly_reports(str(chosen.root), **parameters, return_state=True)  # type: ignore[assignment]
        return state


def _recorded_run(programme: Path, asked: Asked, today: date | None) -> Run:
    chosen = settings.load(programme)
    now = chosen.now()
    day = today or now.date()
    month = month_to_run(asked.period, day, asked.dry_run or asked.unfinished)
    chosen.places.make_private()
    with lock.held(chosen.places), workplace(chosen.places, asked.dry_run) as places:
        record = run_record.begin(places, str(month), now, __version__)
        try:
            refuse_obstacles(chosen.places, str(month))
            run = MonthlyRun(chosen, places, load_programme(chosen), month, day, record, asked.refit_profiles)
            return _finished(run, _month(run, asked.only, asked.dry_run))
        except (Mistake, StageFailed) as problem:
            record.finish(problem.exit_code, str(problem))
            return Run(record.run_id, str(month), problem.exit_code, str(problem))


def _month(run: MonthlyRun, only: tuple[str, ...], dry_run: bool) -> Run:
    if not dry_run:
        publish_stage.refresh_public(run.places)
    ingested = ingest(run)
    if not ingested.exports:
        page = _quality(run, run.record.folder, Validated(unread=ingested.unread))
        raise NoInput(_nothing_to_read(run, ingested, page))
    validated = validate(run, ingested)
    if validated.stops_the_run:
        page = _quality(run, run.record.folder, validated)
        critical = [check for check in validated.failed_checks if check.severity == "critical"]
        message = f"There is no release of {run.period}. {problems(critical, 'en')} See {page}"
        return Run(run.record.run_id, str(run.period), 3, message, ingested, validated, quality_page=page)
    computed = compute(run)
    organisations = _chosen(computed.organisations, only)
    profiles = computed.typology.version if computed.typology else 0
    inputs_hash = run.programme.fingerprint(run.period, ingested.exports, __version__, profiles)
    same = publish_stage.find_same(run.places, str(run.period), inputs_hash, run.period.has_ended(run.today))
    if same and not only:
        page = _quality(run, run.record.folder, validated, computed, same.reports)
        message = f"Nothing new: release {same.period} v{same.version} follows from the same exports and settings."
        return Run(run.record.run_id, str(run.period), 0, message, ingested, validated, same, page)
    if dry_run:
        page = _quality(run, run.record.folder, validated, computed)
        message = (
            f"Dry run: {counted(validated.accepted, 'answer')} of {run.period} would count,"
            f" {counted(len(organisations), 'report')} would be made."
        )
        return Run(run.record.run_id, str(run.period), 0, message, ingested, validated)
    staged = publish_stage.staging(run.places, str(run.period), run.record.run_id)
    reports = render(run, organisations, inputs_hash, staged / "reports")
    outcome = Run(run.record.run_id, str(run.period), 0, "", ingested, validated)
    release = publish(run, staged, outcome, computed, reports, inputs_hash)
    return _released(run, outcome, release)


def _released(run: MonthlyRun, outcome: Run, release: Release) -> Run:
    failed = [report.organisation_id for report in release.reports if report.failed_because]
    message = f"Release {release.period} v{release.version}: {counted(len(release.reports) - len(failed), 'report')}."
    if not run.period.has_ended(run.today):
        message += f" The month ends on {run.period.last_day}; run it again after that."
    if failed:
        message += f" Not made: {', '.join(failed)}; the others are not affected."
    return replace(
        outcome,
        exit_code=1 if failed else 0,
        message=message,
        release=release,
        quality_page=run.record.folder / "index.html",
    )


def _chosen(organisations: tuple[str, ...], only: tuple[str, ...]) -> tuple[str, ...]:
    for wanted in only:
        if wanted not in organisations:
            hint = did_you_mean(wanted, organisations)
            raise Mistake(f"No organisation '{wanted}' has a collective on the register this month{hint}.")
    return only or organisations


def _nothing_to_read(run: MonthlyRun, ingested: Ingested, page: Path) -> str:
    """Why there is nothing, by what lies in the inbox; what was kept of earlier runs is only counted."""
    unread = [f"{file.file_name}: {file.sentence}" for file in ingested.unread if not file.is_kept]
    drop = f"drop the exports of your survey tools in {run.places.inbox} and run again."
    if unread:
        lines = ["No file in the inbox could be read:", *unread]
    elif ingested.skipped:
        lines = [f"The inbox holds no export that is finished: {drop}"]
    else:
        lines = [f"The inbox is empty: {drop}"]
    if ingested.skipped:
        lines.append(f"Passed over, as a marker or not finished: {', '.join(ingested.skipped)}.")
    if kept := len(ingested.unread) - len(unread):
        lines.append(f"Kept from earlier runs, and not readable any more: {counted(kept, 'export')}.")
    if ingested.unread:
        lines.append(f"See {page}")
    return "\n".join(lines)


def _quality(
    run: MonthlyRun,
    folder: Path,
    validated: Validated,
    computed: Computed | None = None,
    reports: tuple[Report, ...] = (),
    audit: Audit | None = None,
) -> Path:
    is_private = folder == run.record.folder
    names = undrawn_names(run.programme, run.period.last_day)
    page = QualityPage(str(run.period), __version__, validated, computed, reports, audit, names, is_private)
    return write_quality_page(folder / "index.html", page, run.programme.language)


def _manifest(
    run: MonthlyRun, ingested: Ingested, reports: tuple[Report, ...], inputs_hash: str
) -> publish_stage.Manifest:
    instrument = run.programme.instrument.model
    return publish_stage.Manifest(
        period=str(run.period),
        version=manifest.next_version(run.places, str(run.period)),
        software=__version__,
        instrument=instrument.instrument,
        instrument_version=instrument.version,
        made_at=run.record.started_at,
        inputs_hash=inputs_hash,
        programme=run.programme.name,
        levels_from=run.programme.policy.levels_from,
        full_from=run.programme.policy.full_from,
        distributions_from=run.programme.policy.distributions_from,
        window_months=run.programme.window_months,
        inputs=tuple(manifest.InputFile(e.file_name, e.sha256, e.source) for e in ingested.exports),
        reports=reports,
        unfinished_on="" if run.period.has_ended(run.today) else run.today.isoformat(),
    )


def _finished(run: MonthlyRun, outcome: Run) -> Run:
    validated = outcome.validated
    run.record.finish(
        outcome.exit_code,
        outcome.message,
        accepted=validated.accepted,
        held=validated.held,
        refused=validated.refused,
        held_files=validated.held_files,
        reports=len(outcome.release.reports) if outcome.release else 0,
    )
    _leave_artifacts(outcome)
    return outcome


def _leave_artifacts(outcome: Run) -> None:
    """What Prefect's pages show of a run: counts and file names, never an answer."""
    validated = outcome.validated
    create_markdown_artifact(
        key="summary",
        markdown=f"# {outcome.period}\n\n{outcome.message}\n\n{validated.accepted} answers count,"
        f" {validated.held} wait, {validated.refused} do not count.",
    )
    files = [
        {"file": file.file_name, "verdict": file.verdict, "accepted": file.accepted, "refused": file.refused}
        for file in validated.files
        if not file.is_superseded
    ]
    held = [{"file": file.file_name, "verdict": "held", "accepted": 0, "refused": 0} for file in validated.unread]
    create_table_artifact(key="quality", table=files + held)
    reports = outcome.release.reports if outcome.release else ()
    create_table_artifact(
        key="reports",
        table=[{"organisation": r.organisation_id, "status": r.status, "pages": r.pages} for r in reports],
    )
