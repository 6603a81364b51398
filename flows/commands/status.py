"""`motiefmix status`: how the last runs went, what is held, and when the next run is."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from cyclopts import Parameter

from flows.commands.options import HERE, JsonOption, ProgrammeOption
from flows.commands.telling import say, table, tell
from flows.foundation.exit_codes import ExitCode
from flows.foundation.messages import pluralise
from flows.programme import public_folder, run_record
from flows.programme import settings as settings_module
from flows.programme.catching_up import due_period
from flows.programme.months import Month, last_months
from flows.programme.settings import Settings


@dataclass(frozen=True)
class Status:
    """The state of a programme, from its records."""

    programme: str
    last_runs: list[dict[str, Any]]
    months: tuple[Month, ...]
    held_files: int
    held: int
    due_period: str
    is_up_to_date: bool
    next_run: datetime
    schedule: str
    public: tuple[str, ...] = ()

    @property
    def is_in_order(self) -> bool:
        """Whether no action is needed: the due month is released, and `public/` is as a run left it."""
        return self.is_up_to_date and not self.public


def read_status(settings: Settings) -> Status:
    """Read run records and manifests; avoids slow imports."""
    runs = run_record.read_all(settings.folder)
    counts: dict[str, int] = next((entry["counts"] for entry in runs if entry.get("counts")), {})
    now = settings.now()
    due = due_period(settings, now)
    months = last_months(settings.folder, runs, due)
    return Status(
        programme=settings.name,
        last_runs=[
            {
                **{key: entry.get(key) for key in ("run_id", "period", "outcome", "exit_code", "message")},
                "started_at": entry["started_at"],
                "running": (entry.get("current") or "begins") if run_record.is_running(settings.folder, entry) else "",
            }
            for entry in runs[:5]
        ],
        months=months,
        held_files=counts.get("held_files", 0),
        held=counts.get("held", 0),
        due_period=due,
        is_up_to_date=any(month.period == due and month.version and not month.is_unfinished for month in months),
        next_run=settings.schedule.next_run(now),
        schedule=_schedule(settings),
        public=public_folder.troubles(settings.folder, due),
    )


def _schedule(settings: Settings) -> str:
    """Whether `motiefmix serve` keeps the schedule."""
    from flows.prefect_server import answers, where_schedule_is_kept

    url = where_schedule_is_kept(settings.folder)
    if url is None:
        return "nobody keeps the schedule here; start it with: motiefmix serve"
    if url and answers(url, seconds=1):
        return f"motiefmix serve is running, on {url.removesuffix('/api')}"
    return "motiefmix serve is running, but its server does not respond (yet)"


def describe(status: Status) -> str:
    """The status in a few lines."""
    runs = [("run", *_run_in_words(entry)) for entry in status.last_runs]
    held = f"{pluralise(status.held_files, 'file')}, {pluralise(status.held, 'answer')} in files that were read"
    due = "released" if status.is_up_to_date else "MISSING: run it with motiefmix run"
    parts = (
        runs or [("run", "none yet; start with: motiefmix run")],
        [("held", held)],
        [("due", status.due_period, due)],
        [("public", trouble) for trouble in status.public],
        [("next", f"{status.next_run:%Y-%m-%d %H:%M}"), ("serve", status.schedule)],
    )
    lines = [line for part in parts for line in table(part, first=len("release"))]
    return "\n".join([status.programme, "", *_months_in_words(status.months), *lines])


def _months_in_words(months: tuple[Month, ...]) -> list[str]:
    """The table of months, newest first, and an empty line; nothing before the first release."""
    headings = ("month", "release", "reports", "delivered", "answers", "held", "refused")
    rows = [
        (
            month.period,
            _release(month),
            month.reports,
            month.delivered,
            *("–" if count is None else count for count in (month.answers, month.held, month.refused)),
        )
        for month in months
    ]
    return [*table(rows, headings=headings, numbers=range(2, 7)), ""] if rows else []


def _release(month: Month) -> str:
    """The version that stands, with what is special about it."""
    remarks = [
        f"v{month.version}" if month.version else "none",
        "made before the month ended" if month.is_unfinished else "",
        ", ".join(f"v{version}" for version in month.withdrawn) + " withdrawn" if month.withdrawn else "",
    ]
    return ", ".join(filter(None, remarks))


def _run_in_words(entry: dict[str, Any]) -> tuple[str, ...]:
    if entry["running"]:
        since = datetime.fromisoformat(entry["started_at"])
        ended = f"running since {since:%H:%M} ({entry['running']})"
    else:
        ended = "did not finish" if entry["outcome"] == "running" else f"exit {entry['exit_code']}"
    return str(entry["run_id"]), str(entry["period"]), ended, (str(entry["message"]).splitlines() or [""])[0]


def command(
    *,
    check: Annotated[
        bool, Parameter(negative=(), help="Fail when the month that is due has no release, or public/ is in disorder.")
    ] = False,
    notify: Annotated[
        bool, Parameter(negative=(), help="Tell those whom the settings name when something is not in order.")
    ] = False,
    programme: ProgrammeOption = HERE,
    json: JsonOption = False,
) -> int:
    """Print the status."""
    chosen = settings_module.load(programme)
    found = read_status(chosen)
    tell(found, describe, json)
    if notify and not found.is_in_order:
        _notify(chosen, found)
    return ExitCode.UNEXPECTED if check and not found.is_in_order else ExitCode.OK


def _notify(chosen: Settings, found: Status) -> None:
    """Tell that a month did not run, or what is wrong in `public/`, each with what to do."""
    from flows import notifications

    missing = [] if found.is_up_to_date else [f"{found.due_period} has no release. Make it with: motiefmix run"]
    for problem in notifications.send(chosen, "not in order", "\n".join((*missing, *found.public))):
        say(problem)
