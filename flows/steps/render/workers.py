"""Makes reports in worker processes with limits per report, so that one that fails does not stop the others.

The main limit is processor time, which does not depend on how busy the machine is. The wall-clock limit only ends a
process that waits indefinitely.
"""

import math
import multiprocessing
import resource as limits
import signal
import tempfile
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

from flows.foundation.garbage import look_rarely

Order = TypeVar("Order")
Sent = TypeVar("Sent")
Made = TypeVar("Made")

# Starting a process costs as much as a report; below this many, one is enough.
_REPORTS_PER_PROCESS = 3
# Orders that wait for each process, a tenth of a megabyte each: the others go on behind a report that takes long.
_AHEAD = 200
# After so many a process ends, and another takes its place: WeasyPrint 70 never frees 160 bytes of each text that it
# lays out with a font feature, some 50 kB of a report.
_REPORTS_UNTIL_IT_ENDS = 1000


@dataclass(frozen=True)
class Limits:
    """Limits of one report in seconds: processor time and wall-clock time.

    A report of forty collectives with leaflets takes fifteen seconds of processor time (measured).
    """

    processor: int = 120
    wall: int = 3600


@dataclass(frozen=True)
class Failure:
    """The reason why a report was not made."""

    reason: str


DIED = Failure("the process that made it died")


def undrawn(error: Exception) -> Failure:
    """The failure of a report that an error kept from being drawn; what the error says may hold figures."""
    return Failure(f"it could not be drawn ({type(error).__name__})")


def too_long(allowed: Limits) -> Failure:
    """The failure of a report that was not made in time by the clock."""
    return Failure(f"making it took longer than {allowed.wall} seconds: it waited for something that did not come")


def enough(reports: int, processes: int) -> int:
    """How many of these processes are worth starting for so many reports: at least one."""
    return max(1, min(processes, -(-reports // _REPORTS_PER_PROCESS)))


def in_turn(
    orders: Iterable[Order | Failure],
    send: Callable[[Order], Sent],
    receive: Callable[[Sent], Made | Failure],
    most: Callable[[], int],
) -> Iterator[Made | Failure]:
    """Yield the outcome of each order, in order; at most so many wait for theirs, and the rest are not read yet.

    An order that could not be read is its own outcome.
    """
    waiting: deque[Sent | Failure] = deque()

    def first() -> Made | Failure:
        sent = waiting.popleft()
        return sent if isinstance(sent, Failure) else receive(sent)

    for order in orders:
        if len(waiting) >= most():
            yield first()
        waiting.append(order if isinstance(order, Failure) else send(order))
    while waiting:
        yield first()


def each(
    make: Callable[[Order], Made], orders: Iterable[Order | Failure], processes: int, allowed: Limits = Limits()
) -> Iterator[Made | Failure]:
    """Yield the outcome of each order, in order; worker processes must be able to import `make`."""
    from pebble import ProcessPool

    spawn = multiprocessing.get_context("spawn")
    with (
        tempfile.TemporaryDirectory(prefix="motiefmix-fonts-") as scratch,
        ProcessPool(
            max_workers=processes,
            max_tasks=_REPORTS_UNTIL_IT_ENDS,
            context=spawn,
            initializer=_prepare,
            initargs=[scratch],
        ) as pool,
    ):
        yield from in_turn(
            orders,
            lambda order: pool.schedule(within, args=[allowed.processor, make, order], timeout=allowed.wall),
            lambda job: _outcome(job, allowed),
            lambda: _AHEAD * processes,
        )


def _prepare(scratch: str) -> None:
    """Set the temporary folder to `scratch`: a killed process cannot remove the fonts that WeasyPrint copies there."""
    tempfile.tempdir = scratch
    look_rarely()
    # No core dumps: they would contain data that a killed process had read.
    limits.setrlimit(limits.RLIMIT_CORE, (0, 0))


def within(seconds: int, make: Callable[[Order], Made], order: Order) -> Made:
    """Let the system kill this process if one order takes more than `seconds` of processor time."""
    used = limits.getrusage(limits.RUSAGE_SELF)
    wanted = math.ceil(used.ru_utime + used.ru_stime) + seconds
    before, most = limits.getrlimit(limits.RLIMIT_CPU)
    limits.setrlimit(limits.RLIMIT_CPU, (wanted if most == limits.RLIM_INFINITY else min(wanted, most), most))
    try:
        return make(order)
    finally:
        # Restored, because between orders the process communicates and must not be killed.
        limits.setrlimit(limits.RLIMIT_CPU, (before, most))


def _outcome(job: Any, allowed: Limits) -> Any:
    from pebble import ProcessExpired

    try:
        return job.result()
    except TimeoutError:
        return too_long(allowed)
    except ProcessExpired as ended:
        if ended.exitcode == -signal.SIGXCPU:
            return Failure(f"making it took more than {allowed.processor} seconds of processor time")
        return DIED
    except Exception as error:  # noqa: BLE001 whatever is wrong with one report stays with that report
        return undrawn(error)
