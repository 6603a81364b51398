"""One monthly run, opened once: its request, settings, programme, folder, lock and record."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date

from flows import __version__
from flows.dry_run import run_folder
from flows.foundation.disk_space import refuse_full, told_when_full
from flows.foundation.errors import UserError
from flows.foundation.progress import Progress, ProgressCallback
from flows.privacy.rotation import changing
from flows.programme import run_record
from flows.programme.folder import ProgrammeFolder
from flows.programme.loading import Programme, load_programme
from flows.programme.period import Period, month_to_run
from flows.programme.pseudonym_key import PseudonymKeys
from flows.programme.public_folder import refuse_obstacles
from flows.programme.settings import Settings

# Called with the stage and its progress.
progress_callback: ContextVar[Callable[[str, Progress], None]] = ContextVar(
    "progress_callback", default=lambda stage, progress: None
)


@dataclass(frozen=True, kw_only=True)
class RunRequest:
    """The request for a run: a month (the previous one by default), and options.

    `only` limits the reports to some organisations. A month that has not ended is tried with `dry_run`, or released
    with `unfinished`. `deliver` sends what is approved; by default only where the settings approve automatically.
    Nobody is notified of what goes wrong in a run that somebody watches at a terminal. A run waits for the lock as many
    seconds as its `patience`.
    """

    period: str | None = None
    only: tuple[str, ...] = ()
    dry_run: bool = False
    unfinished: bool = False
    refit_profiles: bool = False
    deliver: bool | None = None
    is_watched: bool = False
    patience: float = 0
    today: date | None = None


@dataclass(frozen=True, kw_only=True)
class MonthlyRun:
    """The data that the stages of one run share. In a dry run, the private part of `folder` is a copy."""

    request: RunRequest
    settings: Settings
    folder: ProgrammeFolder
    programme: Programme
    keys: PseudonymKeys
    period: Period
    today: date
    record: run_record.RunRecord

    @property
    def has_ended(self) -> bool:
        """Whether the month is over."""
        return self.period.has_ended(self.today)

    @property
    def last_day(self) -> date:
        """The last day whose answers can be in it: today, while the month has not ended."""
        return min(self.today, self.period.last_day)

    def progress(self, stage: str) -> ProgressCallback:
        """The callback with which a stage reports its progress."""
        return lambda progress: progress_callback.get()(stage, progress)


@contextmanager
def opened(settings: Settings, request: RunRequest) -> Iterator[MonthlyRun]:
    """Take the programme's lock, begin the record of a run and load the programme; what prevents it is recorded.

    Raises:
        UserError: the month, a file of the programme, the key, the lock or `public/` prevents the run.
    """
    now = settings.now()
    today = request.today or now.date()
    period = month_to_run(request.period, today, request.dry_run or request.unfinished)
    settings.folder.make_private()
    with changing(settings.folder, request.patience), run_folder(settings.folder, request.dry_run) as folder:
        with told_when_full(folder.private):
            record = run_record.begin(folder, str(period), now, __version__)
        try:
            refuse_full(folder.private)
            programme = load_programme(settings)
            keys = settings.pseudonym_keys()
            refuse_obstacles(settings.folder, str(period))
        except UserError as problem:
            with suppress(OSError):
                record.finish(problem.exit_code, str(problem))
            raise
        with record.in_progress():
            yield MonthlyRun(
                request=request,
                settings=settings,
                folder=folder,
                programme=programme,
                keys=keys,
                period=period,
                today=today,
                record=record,
            )
