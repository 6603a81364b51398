"""The schedules of a programme as data, and how Prefect keeps them."""

import warnings
from dataclasses import dataclass
from typing import Any

from flows.programme.settings import Settings


@dataclass(frozen=True)
class MonthlyDeployment:
    """One schedule of one programme."""

    name: str
    cron: str
    timezone: str
    parameters: dict[str, Any]
    tags: tuple[str, ...]


def deployments(settings: Settings) -> list[MonthlyDeployment]:
    """All scheduled flows of a programme."""
    return [
        MonthlyDeployment(
            name=settings.root.name,
            cron=settings.schedule.cron,
            timezone=settings.timezone,
            parameters={"programme": str(settings.root)},
            tags=settings.tags,
        )
    ]


def serve(settings: Settings) -> None:
    """Register the schedules on the server of PREFECT_API_URL, and run what is due until stopped."""
    from prefect import serve as serve_deployments
    from prefect.schedules import Cron

    from flows.monthly_reports import monthly_reports

    made = [
        monthly_reports.to_deployment(
            name=entry.name,
            schedule=Cron(entry.cron, timezone=entry.timezone, slug="monthly"),
            parameters=entry.parameters,
            tags=list(entry.tags),
            concurrency_limit=1,
            description="Motivation reports of the month before, for every organisation.",
        )
        for entry in deployments(settings)
    ]
    # Prefect 3.8 does not await its own runner when it is stopped; this is harmless.
    warnings.filterwarnings("ignore", "coroutine 'Runner.astop' was never awaited", RuntimeWarning)
    # Prefect's types allow a coroutine here, which only callers in an event loop get.
    serve_deployments(*made, pause_on_shutdown=False, limit=1)  # type: ignore[arg-type]
