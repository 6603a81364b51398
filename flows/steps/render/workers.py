"""Makes reports in processes of their own, each report within limits: one that fails stops none of the others.

What bounds a report is the time of the processor that it takes, which is the same however busy the machine is. The
clock on the wall ends only what waits for something that never comes.
"""

import math
import multiprocessing
import resource as limits
import signal
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

Order = TypeVar("Order")
Made = TypeVar("Made")

# Starting a process costs as much as a report; below this many, one is enough.
_REPORTS_PER_PROCESS = 3


@dataclass(frozen=True)
class Limits:
    """Seconds that one report may take, of the processor and on the wall.

    A report of forty collectives with its leaflets takes fifteen of the processor (measured).
    """

    processor: int = 120
    wall: int = 3600


@dataclass(frozen=True)
class Failure:
    """Why something was not made."""

    reason: str


def each(
    make: Callable[[Order], Made], orders: Sequence[Order], processes: int, allowed: Limits = Limits()
) -> Iterator[Made | Failure]:
    """What comes of each order, in their sequence; other processes must be able to import `make`."""
    from pebble import ProcessPool

    workers = max(1, min(processes, -(-len(orders) // _REPORTS_PER_PROCESS)))
    spawn = multiprocessing.get_context("spawn")
    with (
        tempfile.TemporaryDirectory(prefix="motiefmix-fonts-") as scratch,
        ProcessPool(max_workers=workers, context=spawn, initializer=_prepare, initargs=[scratch]) as pool,
    ):
        jobs = [pool.schedule(_within, args=[allowed.processor, make, order], timeout=allowed.wall) for order in orders]
        for job in jobs:
            yield _outcome(job, allowed)


def _prepare(scratch: str) -> None:
    """WeasyPrint copies fonts into a temporary folder per process, which a process that is ended cannot remove."""
    tempfile.tempdir = scratch
    # A process that is ended leaves nothing of what it read on the disk.
    limits.setrlimit(limits.RLIMIT_CORE, (0, 0))


def _within(seconds: int, make: Callable[[Order], Made], order: Order) -> Made:
    """Let the system end this process when this one order takes longer than so many seconds of the processor."""
    used = limits.getrusage(limits.RUSAGE_SELF)
    wanted = math.ceil(used.ru_utime + used.ru_stime) + seconds
    before, most = limits.getrlimit(limits.RLIMIT_CPU)
    limits.setrlimit(limits.RLIMIT_CPU, (wanted if most == limits.RLIM_INFINITY else min(wanted, most), most))
    try:
        return make(order)
    finally:
        # Between orders the process talks with the others, and nobody may end it in the middle of a word.
        limits.setrlimit(limits.RLIMIT_CPU, (before, most))


def _outcome(job: Any, allowed: Limits) -> Any:
    from pebble import ProcessExpired

    try:
        return job.result()
    except TimeoutError:
        return Failure(f"making it took longer than {allowed.wall} seconds: it waited for something that did not come")
    except ProcessExpired as ended:
        if ended.exitcode == -signal.SIGXCPU:
            return Failure(f"making it took more than {allowed.processor} seconds of the processor")
        return Failure("the process that made it died")
    except Exception as error:  # noqa: BLE001 whatever is wrong with one report stays with that report
        return Failure(f"it could not be drawn ({type(error).__name__})")
