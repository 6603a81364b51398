"""`motiefmix run`: runs the flow, on a running server if there is one, with a progress bar at a terminal."""

import logging
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

from cyclopts import Parameter

from flows import prefect_database
from flows.commands.options import HERE, JsonOption, OnlyOption, ProgrammeOption
from flows.commands.telling import print_json, progress_line, say, table
from flows.embedded_server import embedded_server
from flows.foundation.contracts import RunOutcome
from flows.foundation.disk_space import DiskFull, has_room, is_full
from flows.foundation.errors import PrefectFailed, UserError
from flows.foundation.exit_codes import ExitCode
from flows.foundation.messages import pluralise
from flows.foundation.signals import stopped_in_order
from flows.monthly_run import MonthlyRun, RunRequest, opened, progress_callback
from flows.prefect_server import running_server
from flows.programme import environment, settings
from flows.programme.folder import ProgrammeFolder
from flows.programme.manifest import report_entry
from flows.programme.settings import Settings


def monthly_run(chosen: Settings, period: str | None = None, **asked: Any) -> RunOutcome:
    """Run the flow once, with the fields of a `RunRequest`, and return the outcome.

    Raises:
        UserError: an error that a person must fix; raised before Prefect starts, which takes seconds.
    """
    with opened(chosen, RunRequest(period=period, **asked)) as run:
        try:
            with _quiet_libraries(), stopped_in_order(), chosen_server(chosen.folder), _progress():
                from flows.monthly_reports import run_opened

                outcome = run_opened(run).result(raise_on_failure=False)
        except KeyboardInterrupt:
            raise run.record.interrupted() from None
        except (RuntimeError, OSError) as error:
            raise _failed(
                run,
                error,
                f"Prefect did not start ({type(error).__name__}), so nothing was done. Run again; if it happens more"
                " often, keep a server running with: motiefmix serve",
            ) from None
        if not isinstance(outcome, RunOutcome):
            raise _failed(run, outcome, f"Prefect stopped the run: {type(outcome).__name__}")
        return outcome


def _failed(run: MonthlyRun, error: object, message: str) -> UserError:
    """Prefect's failure, recorded like any other outcome of a run; on a full disk, Prefect's own files fail first."""
    private = run.settings.folder.private
    is_told = isinstance(error, BaseException) and is_full(error)
    failure = DiskFull(private) if is_told or not has_room(private) else PrefectFailed(message)
    with suppress(OSError):
        run.record.finish(failure.exit_code, str(failure))
    return failure


@contextmanager
def chosen_server(folder: ProgrammeFolder) -> Iterator[None]:
    """Use the server that the environment names, else that of `motiefmix serve`, else one in this process."""
    if environment.prefect_api_url():
        yield
    elif server := running_server(folder):
        environment.use_prefect_server(server.url, server.login)
        yield
    else:
        prefect_database.provide(folder.prefect)
        with embedded_server():
            yield


def _as_json(outcome: RunOutcome, exit_code: int) -> dict[str, Any]:
    document = {**asdict(outcome), "exit_code": exit_code}
    if outcome.release:
        document["release"]["reports"] = [report_entry(report) for report in outcome.release.reports]
    return document


def notes(outcome: RunOutcome) -> Iterator[str]:
    """What needs the steward's attention: held files, waiting answers, and why there is no release."""
    for file in outcome.validated.unread:
        yield f"held: {file.file_name}: {file.sentence}"
    for quality in outcome.validated.files:
        if quality.verdict == "held":
            yield f"held: {quality.file_name}: {', '.join(check.check for check in quality.failed_checks)}"
    for held in outcome.validated.held_collectives:
        yield f"held: {held.name}: {pluralise(held.answers, 'answer')}, {held.reason.replace('_', ' ')}"
    if waiting := sum(entry.count for entry in outcome.validated.waiting):
        yield f"waiting: {pluralise(waiting, 'answer')} for your decision; see: motiefmix accept"
    if outcome.release is None:
        yield outcome.message


def results(outcome: RunOutcome, folder: ProgrammeFolder) -> Iterator[tuple[str, Path]]:
    """The results of a run and their paths."""
    if outcome.release:
        yield "reports", outcome.release.folder / "reports"
        yield "database", folder.database
        yield "page", folder.site / "index.html"
    if outcome.quality_page:
        yield "quality", outcome.quality_page
    if outcome.validated.held or outcome.validated.refused:
        yield "rows", folder.runs / outcome.run_id / "held-rows.csv"


@contextmanager
def _progress() -> Iterator[None]:
    """Show the progress of the current stage."""
    with progress_line() as show:
        token = progress_callback.set(show)
        try:
            yield
        finally:
            progress_callback.reset(token)


@contextmanager
def _quiet_libraries() -> Iterator[None]:
    """Silence the logs and warnings of libraries; ours are in the run's own log."""
    logging.getLogger("prefect").setLevel(logging.CRITICAL)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def command(
    *,
    period: Annotated[str | None, Parameter(help="A month such as 2026-10; the previous one by default.")] = None,
    only: OnlyOption = None,
    dry_run: Annotated[bool, Parameter(negative=(), help="Try everything, publish nothing.")] = False,
    unfinished: Annotated[
        bool, Parameter(negative=(), help="Release a month that has not ended, with the answers so far.")
    ] = False,
    refit_profiles: Annotated[
        bool, Parameter(negative=(), help="Fit new profiles instead of using the frozen ones.")
    ] = False,
    deliver: Annotated[
        bool | None,
        Parameter(help="Send what is approved; by default only with automatic approval, and after the month."),
    ] = None,
    strict: Annotated[bool, Parameter(negative=(), help="Exit with 3 when files or answers are held.")] = False,
    programme: ProgrammeOption = HERE,
    json: JsonOption = False,
) -> int:
    """Run a month."""
    chosen = settings.load(programme)
    environment.prepare(chosen.folder)
    asked = {
        "only": tuple(only or ()),
        "dry_run": dry_run,
        "unfinished": unfinished,
        "refit_profiles": refit_profiles,
        "deliver": deliver,
        "is_watched": sys.stderr.isatty(),
    }
    outcome = monthly_run(chosen, period, **asked)
    held = outcome.validated.held_files or outcome.validated.held
    exit_code = ExitCode.STOPPED if strict and held and not outcome.exit_code else outcome.exit_code
    print_json(_as_json(outcome, exit_code)) if json else _tell(outcome, chosen.folder)
    return exit_code


def _tell(outcome: RunOutcome, folder: ProgrammeFolder) -> None:
    for line in notes(outcome):
        say(line)
    if outcome.release:
        print(outcome.message)
    for line in table(results(outcome, folder), first=len("database")):
        print(line)
