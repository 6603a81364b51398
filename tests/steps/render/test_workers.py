"""Each report has limits of its own: the time of the processor counts, however busy or slow the machine is."""

import gc
import os
import time
import warnings

import pytest

from flows.steps.render import workers
from flows.steps.render.workers import Failure, Limits, each

BRIEF = Limits(processor=1)


def _burn(seconds: float) -> str:
    """Keep the processor busy for so long."""
    until = time.process_time() + seconds
    while time.process_time() < until:
        pass
    return "made"


def _sleep(seconds: float) -> str:
    time.sleep(seconds)
    return "made"


def _process(order: int) -> int:
    return os.getpid()


def _new_objects_before_a_search(order: int) -> int:
    return gc.get_threshold()[0]


def _warn(message: str) -> None:
    warnings.warn(message, RuntimeWarning, stacklevel=1)


def test_what_keeps_the_processor_busy_is_ended_and_the_others_are_made():
    ended = Failure("making it took more than 1 seconds of processor time")
    assert list(each(_burn, [0, 1e9, 0], 1, BRIEF)) == ["made", ended, "made"]


def test_each_report_has_the_whole_limit_though_one_process_makes_several():
    assert list(each(_burn, [0.6, 0.6, 0.6], 1, BRIEF)) == ["made"] * 3


def test_what_is_slow_but_takes_little_of_the_processor_is_made():
    assert list(each(_sleep, [1.5], 1, BRIEF)) == ["made"]


def test_what_waits_for_ever_is_ended():
    (waited,) = each(_sleep, [1e6], 1, Limits(wall=1))
    assert waited == Failure("making it took longer than 1 seconds: it waited for something that did not come")


def test_a_process_ends_after_many_reports_and_another_takes_its_place(monkeypatch):
    monkeypatch.setattr(workers, "_REPORTS_UNTIL_IT_ENDS", 2)
    first, second, third = each(_process, [1, 2, 3], 1)
    assert first == second != third


def test_a_process_that_draws_does_not_look_for_garbage_all_the_time():
    (new_objects,) = each(_new_objects_before_a_search, [1], 1)
    assert new_objects > 10_000


def test_only_some_orders_are_read_ahead_and_all_are_answered_in_their_order(monkeypatch):
    monkeypatch.setattr(workers, "_AHEAD", 3)
    read, most = [], 0
    orders = (read.append(number) or number for number in range(50))
    for done, made in enumerate(each(int, orders, 2)):
        assert made == done
        most = max(most, len(read) - done)
    assert most == 2 * 3 + 1


def test_an_order_that_could_not_be_read_is_its_own_outcome():
    unread = Failure("it could not be read")
    assert list(each(int, ["1", unread, "3"], 1)) == [1, unread, 3]


@pytest.mark.parametrize(("reports", "processes", "enough"), [(0, 2, 1), (3, 2, 1), (4, 2, 2), (100, 2, 2), (9, 8, 3)])
def test_no_more_processes_are_started_than_are_worth_it(reports, processes, enough):
    assert workers.enough(reports, processes) == enough


def test_what_dies_is_listed_and_so_is_what_fails():
    assert list(each(os._exit, [3], 1)) == [Failure("the process that made it died")]
    assert list(each(int, ["no number"], 1)) == [Failure("it could not be drawn (ValueError)")]


@pytest.mark.parametrize(
    ("message", "made"), [("WeasyPrint: x", Failure("it could not be drawn (RuntimeWarning)")), ("x", None)]
)
def test_in_tests_a_warning_of_the_renderer_is_an_error_in_these_processes_too(message, made):
    assert list(each(_warn, [message], 1)) == [made]
