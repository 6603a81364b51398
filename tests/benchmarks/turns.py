"""Measures ways to draw the same reports in turns.

Other work on a machine changes the time of a page by a third from minute to minute, so one run of each way tells
little. And what draws reports remembers something of the ones before, so each way has a process of its own, which draws
each report once, as a run does.
"""

import time
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from statistics import mean

from flows.foundation.garbage import look_rarely

# The first reports of a process load fonts and style sheets.
UNCOUNTED = 5


def seconds(works: Iterable[Callable[[], object]]) -> list[float]:
    """CPU time of each of these, one after the other."""
    found = []
    for work in works:
        begun = time.process_time()
        work()
        found.append(time.process_time() - begun)
    return found


def shortest(ways: Mapping[str, Callable[[], list[float]]], rounds: int) -> dict[str, float]:
    """The mean of what reports take in each way, in CPU seconds: of each report the shortest of all rounds.

    Each way returns the seconds of all reports in their order; another process must be able to import it.
    """
    found: dict[str, list[list[float]]] = {name: [] for name in ways}
    with ProcessPoolExecutor(1, get_context("spawn"), look_rarely, max_tasks_per_child=1) as pool:
        for _ in range(rounds):
            for name, way in ways.items():
                found[name].append(pool.submit(way).result())
    return {name: mean(list(map(min, zip(*times, strict=True)))[UNCOUNTED:]) for name, times in found.items()}
