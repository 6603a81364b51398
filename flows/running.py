"""Runs the flow for the command line: on a running server where there is one, with a progress bar at a terminal."""

import logging
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from rich.console import Console

from flows import settings
from flows.deployments import running_server
from flows.programme import load_programme
from flows.steps import lock
from flows.steps.contracts import Run
from flows.steps.mistakes import PrefectFailed
from flows.steps.period import month_to_run
from flows.steps.places import Places
from flows.steps.plain_text import counted
from flows.steps.public_folder import refuse_obstacles


def monthly_run(root: Path, period: str | None = None, **parameters: Any) -> Run:
    """Run the flow once, with its own parameters, and return what it came to.

    Raises:
        Mistake: something that a person must mend.
    """
    chosen = settings.load(root)
    # What would stop the run is told at once, not after Prefect has started.
    load_programme(chosen)
    may_be_unfinished = bool(parameters.get("dry_run") or parameters.get("unfinished"))
    month = month_to_run(period, parameters.get("today") or chosen.now().date(), may_be_unfinished)
    with lock.held(chosen.places):
        chosen.pseudonym_keys()
        refuse_obstacles(chosen.places, str(month))
    _choose_server(chosen.places)
    with _quiet_libraries(), _progress():
        from flows.monthly_reports import tagged_run

        try:
            state = tagged_run(chosen, period=period, **parameters)
        except (RuntimeError, OSError) as error:
            raise PrefectFailed(
                f"Prefect did not start ({type(error).__name__}), so nothing was done. Run again; if it happens more"
                " often, keep a server running with: motiefmix serve"
            ) from None
        outcome = state.result(raise_on_failure=False)
        if not isinstance(outcome, Run):
            raise PrefectFailed(f"Prefect stopped the run: {type(outcome).__name__}")
        return outcome


def _choose_server(places: Places) -> None:
    """The server that the environment names, or the one that `motiefmix serve` keeps, or one for this run."""
    if settings.prefect_api_url():
        return
    if server := running_server(places):
        settings.use_prefect_server(server.url, server.login)
    else:
        settings.use_embedded_server()


def notes(outcome: Run) -> Iterator[str]:
    """What the steward must look at: held files, answers that wait, and why there is no release."""
    for file in outcome.validated.unread:
        yield f"held: {file.file_name}: {file.sentence}"
    for quality in outcome.validated.files:
        if quality.verdict == "held":
            yield f"held: {quality.file_name}: {', '.join(check.check for check in quality.failed_checks)}"
    for held in outcome.validated.held_collectives:
        yield f"held: {held.name}: {counted(held.answers, 'answer')}, {held.reason.replace('_', ' ')}"
    if waiting := sum(entry.count for entry in outcome.validated.waiting):
        yield f"waiting: {counted(waiting, 'answer')} for your decision; see: motiefmix accept"
    if outcome.release is None:
        yield outcome.message


def results(outcome: Run, places: Places) -> Iterator[str]:
    """What came of a run, and where it lies."""
    if outcome.release:
        yield outcome.message
        yield f"reports   {outcome.release.folder / 'reports'}"
        yield f"database  {places.database}"
    if outcome.quality_page:
        yield f"quality   {outcome.quality_page}"
    if outcome.validated.held or outcome.validated.refused:
        yield f"rows      {places.runs / outcome.run_id / 'held-rows.csv'}"


@contextmanager
def _progress() -> Iterator[None]:
    """Which stage is how far, in one line that leaves no trace; nothing when stderr is no terminal."""
    console = Console(file=sys.stderr)
    if not console.is_terminal:
        yield
        return
    from rich import progress

    columns = (
        progress.SpinnerColumn(),
        progress.TextColumn("{task.description:<9}", markup=False),
        progress.BarColumn(),
        progress.MofNCompleteColumn(),
        progress.TextColumn("{task.fields[at]}", markup=False),
    )
    with progress.Progress(*columns, console=console, transient=True) as bar:
        line = bar.add_task("starting", total=None, at="")
        from flows.monthly_reports import onlooker

        token = onlooker.set(
            lambda stage, at: bar.update(line, description=stage, completed=at.done, total=at.total, at=at.name)
        )
        try:
            yield
        finally:
            onlooker.reset(token)


@contextmanager
def _quiet_libraries() -> Iterator[None]:
    """What libraries log is for developers; ours is in the run's own log."""
    logging.getLogger("prefect").setLevel(logging.CRITICAL)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield
