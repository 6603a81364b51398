"""The authoritative record of every run, in `private/runs/<id>`; Prefect's copy is for display. Counts only."""

import json
import logging
import sys
import time
import traceback
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from flows.foundation.atomic_files import replaced
from flows.foundation.disk_space import DiskFull, is_full
from flows.foundation.errors import Interrupted, UserError
from flows.foundation.event_log import Value, line
from flows.foundation.exit_codes import ExitCode
from flows.foundation.messages import without_addresses
from flows.foundation.signals import is_interruption
from flows.programme.environment import wanted_log
from flows.programme.folder import ProgrammeFolder

_LOCK = "running.lock"


class StageFailed(Exception):
    """A stage failed with an unexpected exception; names the stage and the file with the details, not the details."""

    exit_code = ExitCode.UNEXPECTED

    def __init__(self, stage: str, kind: str, details: Path) -> None:
        super().__init__(f"The stage {stage} stopped unexpectedly ({kind}). This is a defect; details in {details}")


@dataclass
class RunRecord:
    """The record of a run in progress: seconds per stage, and finally the outcome."""

    run_id: str
    period: str
    folder: Path
    started_at: str
    software: str
    stages: dict[str, float] = field(default_factory=dict)
    current: str = ""
    outcome: str = "running"
    exit_code: int | None = None
    message: str = ""
    counts: dict[str, int] = field(default_factory=dict)
    finished_stages: list[str] = field(default_factory=list)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Time a stage and record it, whether it succeeds or not.

        Raises:
            StageFailed: the stage failed unexpectedly. The details stay in `private/`: they may contain an answer.
        """
        started = time.monotonic()
        self.current = name
        self.event("stage begins", stage=name)
        self.write()
        try:
            yield
        except UserError:
            raise
        except Exception as error:  # noqa: BLE001 whatever it is, its text may hold an answer
            if is_interruption(error):
                raise KeyboardInterrupt from None
            if is_full(error):
                raise DiskFull(self.folder) from None
            details = self.folder / "error.txt"
            with replaced(details) as file:
                file.write(traceback.format_exc())
            raise StageFailed(name, type(error).__name__, details) from None
        else:
            self.finished_stages.append(name)
        finally:
            self.stages[name] = round(time.monotonic() - started, 2)
            self.current = ""
            self.event("stage ends", stage=name, seconds=self.stages[name])
            with suppress(OSError):  # a full disk is told by the stage itself, or by the end of the run
                self.write()

    @contextmanager
    def in_progress(self) -> Iterator[None]:
        """Hold the run's own lock, by which others see that it goes on; it ends with the process, however that ends."""
        with FileLock(self.folder / _LOCK, timeout=10):  # `status` looks at it for a moment
            yield

    def finish(self, exit_code: int, message: str, **counts: int) -> None:
        """Record the outcome of a run that has tried its month, whatever came of it."""
        self._end("finished", exit_code, message, counts)

    def _end(self, outcome: str, exit_code: int, message: str, counts: dict[str, int]) -> None:
        self.outcome = outcome
        self.exit_code = exit_code
        self.message = without_addresses(message)
        self.counts = counts
        self.event("run ends", exit_code=int(exit_code), message=self.message, **counts)
        self.write()

    def interrupted(self) -> Interrupted:
        """Record that somebody stopped the run; the error says how far it came and what to do."""
        done = ", ".join(self.finished_stages) or "nothing"
        rest = (
            "The release is made. Run again, or deliver it with: motiefmix deliver"
            if "publish" in self.finished_stages
            else "Nothing was released. Run again: it begins anew, and nothing is lost."
        )
        stopped = Interrupted(f"Stopped. Finished: {done}. {rest}")
        with suppress(OSError):
            self._end("interrupted", stopped.exit_code, str(stopped), {})
        return stopped

    def event(self, event: str, **values: Value) -> None:
        """Add a line to the run's log, and print it to stderr where the settings ask for that.

        A full disk costs the line only: the stage itself, or the end of the run, tells of it.
        """
        moment = datetime.now().astimezone()
        with suppress(OSError), (self.folder / "run.log").open("a", encoding="utf-8") as file:
            file.write(line("text", moment, self.run_id, event, values) + "\n")
        if form := wanted_log():
            print(line(form, moment, self.run_id, event, values), file=sys.stderr, flush=True)

    def write(self) -> None:
        """Replace the record on disk."""
        document = {key: value for key, value in vars(self).items() if key != "folder"}
        with replaced(self.folder / "run.json") as file:
            file.write(json.dumps(document, ensure_ascii=False, indent=2) + "\n")


def is_running(folder: ProgrammeFolder, entry: Mapping[str, Any]) -> bool:
    """Whether a recorded run goes on: a process holds its lock. Of a killed run, nobody does."""
    lock = folder.runs / str(entry.get("run_id")) / _LOCK
    if entry.get("outcome") != "running" or not lock.exists():
        return False
    try:
        with FileLock(lock, timeout=0):
            return False
    except (Timeout, OSError):
        return True


def begin(folder: ProgrammeFolder, period: str, now: datetime, software: str) -> RunRecord:
    """Start the record of a run; its id is the start time, made unique."""
    stamp = now.strftime("%Y%m%d-%H%M%S")
    number = 0
    while True:
        run_id = f"{stamp}-{number}" if number else stamp
        path = folder.runs / run_id
        try:
            path.mkdir(mode=0o700, parents=True)
        except FileExistsError:
            number += 1
            continue
        record = RunRecord(run_id, period, path, now.isoformat(timespec="seconds"), software)
        record.write()
        return record


def read_all(folder: ProgrammeFolder) -> list[dict[str, Any]]:
    """All records, newest first; an interrupted run is marked as such."""
    found = []
    for path in sorted(folder.runs.glob("*/run.json"), reverse=True):
        try:
            found.append(json.loads(path.read_text(encoding="utf-8")))
        except (OSError, ValueError):
            logging.getLogger(__name__).warning("%s cannot be read", path)
    return found
