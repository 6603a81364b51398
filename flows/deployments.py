"""The schedules of a programme as data, and how Prefect keeps them."""

import asyncio
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID

from flows.foundation.errors import UserError
from flows.foundation.exit_codes import ExitCode
from flows.programme.catching_up import missed
from flows.programme.environment import bind_programme
from flows.programme.settings import Settings
from flows.programme.tags import tags_of

ENTRYPOINT = "flows.monthly_reports.monthly_reports"
DESCRIPTION = "Motivation reports of the month before, for every organisation."
# A run that is cut off again and again is for a person to look at.
MOST_ATTEMPTS = 3


class ServerLost(UserError):
    """The server does not respond any more."""

    exit_code = ExitCode.UNEXPECTED


@dataclass(frozen=True)
class MonthlyDeployment:
    """One schedule of one programme. The programme is no parameter: the process that runs it is bound to it."""

    name: str
    cron: str
    timezone: str
    tags: tuple[str, ...]


def deployments(settings: Settings) -> list[MonthlyDeployment]:
    """All scheduled flows of a programme."""
    return [
        MonthlyDeployment(
            name=settings.root.name,
            cron=settings.schedule.cron,
            timezone=settings.timezone,
            tags=tags_of(settings),
        )
    ]


def serve(settings: Settings, responds: Callable[[], bool], say: Callable[[str], None]) -> None:
    """Register the schedules on the server of PREFECT_API_URL, catch up, and run what is due until stopped.

    Raises:
        ServerLost: the server, which `responds` asks, is gone.
    """
    from prefect.runner import Runner

    bind_programme(settings.root)
    # Prefect does not await its own runner when it is stopped; this is harmless.
    warnings.filterwarnings("ignore", "coroutine 'Runner.astop' was never awaited", RuntimeWarning)
    try:
        runner = Runner(pause_on_shutdown=False, limit=1)
        for made in map(_made, deployments(settings)):
            # Prefect's types allow a coroutine here, which only callers in an event loop get.
            identifier = cast(UUID, runner.add_deployment(made))
            _catch_up(settings, identifier, say)
        asyncio.run(runner.start())
    except Exception as error:
        if responds():
            raise
        raise ServerLost("The Prefect server does not respond any more.") from error


def _made(entry: MonthlyDeployment) -> Any:
    from prefect.schedules import Cron
    from prefect.types.entrypoint import EntrypointType

    from flows.monthly_reports import monthly_reports

    return monthly_reports.to_deployment(
        name=entry.name,
        schedule=Cron(entry.cron, timezone=entry.timezone, slug="monthly"),
        tags=list(entry.tags),
        concurrency_limit=1,
        description=DESCRIPTION,
        entrypoint_type=EntrypointType.MODULE_PATH,
    )


def _catch_up(settings: Settings, deployment: UUID, say: Callable[[str], None]) -> None:
    """Settle killed runs, and ask once for a month that fell due while nothing ran.

    Prefect itself starts late what it had planned; then nothing is asked. The key holds off a second asking.
    """
    from prefect.client.orchestration import get_client

    from flows.prefect_runs import is_planned_before, settle_at_start

    with get_client(sync_client=True) as client:
        if killed := settle_at_start(client, settings):
            say(f"Runs that were killed and are now marked so: {killed}.")
        found = missed(settings)
        if found is None:
            return
        since = f"{found.period} was due on {found.due_at:%Y-%m-%d %H:%M}"
        if found.attempts >= MOST_ATTEMPTS:
            say(f"{since} and was cut off {found.attempts} times. Run it yourself: motiefmix run")
            return
        if not is_planned_before(client, deployment, settings.now()):
            client.create_flow_run_from_deployment(
                deployment,
                parameters={"period": found.period},
                # Once a day at most: a run that found the programme busy has left no attempt.
                idempotency_key=f"catch-up-{found.period}-{found.attempts}-{settings.now():%Y-%m-%d}",
            )
        say(f"{since} and was not made: it is made now.")
