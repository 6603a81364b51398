"""Runs the flow for the command line: on a running server where there is one, with a progress line at a terminal."""

import logging
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from rich.console import Console
from rich.status import Status

from flows import settings
from flows.deployments import running_server
from flows.steps.contracts import Run
from flows.steps.mistakes import PrefectFailed


def monthly_run(
    root: Path,
    period: str | None = None,
    only: list[str] | None = None,
    dry_run: bool = False,
    today: date | None = None,
) -> Run:
    """Run the flow once and return what it came to.

    Raises:
        Mistake: something that a person must mend.
    """
    chosen = settings.load(root)
    if not settings.prefect_api_url() and (url := running_server(chosen.places)):
        settings.use_prefect_server(url)
    with _quiet_libraries(), _progress():
        from flows.monthly_reports import monthly_reports

        try:
            state = monthly_reports(str(root), period, only, dry_run, today, return_state=True)
        except (RuntimeError, OSError) as error:
            raise PrefectFailed(
                f"Prefect did not start ({type(error).__name__}), so nothing was done. Run again; if it happens more"
                " often, keep a server running with: motiefmix serve"
            ) from None
        outcome = state.result(raise_on_failure=False)
        if not isinstance(outcome, Run):
            raise PrefectFailed(f"Prefect stopped the run: {type(outcome).__name__}")
        return outcome


@contextmanager
def _progress() -> Iterator[None]:
    """Which stage is busy with what, in one line that leaves no trace; nothing when stderr is no terminal."""
    console = Console(file=sys.stderr)
    if not console.is_terminal:
        yield
        return
    with Status("starting …", console=console) as line:
        from flows.monthly_reports import listener

        token = listener.set(lambda stage, detail: line.update(f"[bold]{stage}[/bold] {detail}"))
        try:
            yield
        finally:
            listener.reset(token)


@contextmanager
def _quiet_libraries() -> Iterator[None]:
    """What libraries log is for developers; ours is in the run's own log."""
    logging.getLogger("prefect").setLevel(logging.CRITICAL)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield
