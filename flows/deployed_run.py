"""The opened run behind a flow run: the one that the command line opened, or that of a deployment."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import replace
from zoneinfo import ZoneInfo

from prefect.runtime import flow_run

from flows import notifications, prefect_runs
from flows.foundation.errors import UserError
from flows.foundation.messages import without_addresses
from flows.foundation.standard_error import close_at_exit
from flows.monthly_run import MonthlyRun, RunRequest, opened
from flows.programme import environment, settings
from flows.programme.catching_up import period_of

# A scheduled run waits for a command that a person began, such as a delivery to a slow mail server.
_PATIENCE_SECONDS = 3600
# A run that the command line has opened; a run of a deployment opens its own.
opened_run: ContextVar[MonthlyRun | None] = ContextVar("opened_run", default=None)


def run_name() -> str:
    """The name of a flow run on Prefect's pages: programme and month."""
    if already := opened_run.get():
        return f"{already.settings.root.name}-{already.period}"
    chosen = settings.load(environment.bound_programme())
    return f"{chosen.root.name}-{flow_run.parameters.get('period') or _month_of_schedule(chosen)}"


@contextmanager
def run_behind(request: RunRequest) -> Iterator[MonthlyRun]:
    """The run that the command line opened, or a new one of the programme that the deployment is bound to.

    Raises:
        UserError: what prevents the run.
    """
    if already := opened_run.get():
        prefect_runs.settle_killed(already.settings, own=flow_run.id)
        yield already
        return
    close_at_exit()
    environment.prepare_libraries()
    chosen = settings.load(environment.bound_programme())
    request = replace(request, period=request.period or _month_of_schedule(chosen), patience=_PATIENCE_SECONDS)
    with _told(chosen, request), opened(chosen, request) as run:
        prefect_runs.settle_killed(chosen, own=flow_run.id)
        yield run


@contextmanager
def _told(chosen: settings.Settings, request: RunRequest) -> Iterator[None]:
    """Notify of what keeps a run from beginning: nobody sits before it."""
    try:
        yield
    except UserError as problem:
        notifications.send(chosen, f"{request.period} stopped", without_addresses(str(problem)))
        raise


def _month_of_schedule(chosen: settings.Settings) -> str:
    """The month before the scheduled moment: a run that starts late makes the month that it would have made on time."""
    moment = flow_run.scheduled_start_time or chosen.now()
    return period_of(moment.astimezone(ZoneInfo(chosen.timezone)))
