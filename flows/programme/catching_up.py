"""Whether the schedule has missed a month, by the records of the programme; light, and without Prefect."""

from dataclasses import dataclass
from datetime import datetime

from flows.programme import manifest, run_record
from flows.programme.period import Period
from flows.programme.settings import Settings


@dataclass(frozen=True)
class Missed:
    """A month whose scheduled moment has passed while nothing ran; `attempts` counts the runs that were cut off."""

    period: str
    due_at: datetime
    attempts: int


def due_period(settings: Settings, now: datetime) -> str:
    """The newest month that the schedule should have made by now."""
    return period_of(settings.schedule.last_run(now))


def period_of(moment: datetime) -> str:
    """The month that a run scheduled at this moment makes: the one before."""
    return str(Period.of(moment.date()).plus(-1))


def missed(settings: Settings) -> Missed | None:
    """The month that is due and was not made, and that no run has tried since it was due or is trying now."""
    now = settings.now()
    due_at = settings.schedule.last_run(now)
    period = period_of(due_at)
    runs = [entry for entry in run_record.read_all(settings.folder) if entry.get("period") == period]
    since = [entry for entry in runs if datetime.fromisoformat(entry["started_at"]) >= due_at]
    if is_released(settings, period) or any(entry["outcome"] == "finished" for entry in since):
        return None
    if any(run_record.is_running(settings.folder, entry) for entry in runs):
        return None
    return Missed(period, due_at, len(since))


def is_released(settings: Settings, period: str) -> bool:
    """Whether a month has a release of all its days that stands."""
    return any(
        not entry.unfinished_on and not entry.withdrawn_on for entry in manifest.versions(settings.folder, period)
    )
