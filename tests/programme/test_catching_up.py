"""Which month the schedule has missed, by what the programme itself has written down."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from flows.programme import run_record, settings
from flows.programme.catching_up import due_period, missed
from flows.programme.settings_sections import Schedule

ZONE = ZoneInfo("Europe/Amsterdam")
DUE = datetime(2026, 11, 2, 6, tzinfo=ZONE)


@pytest.fixture
def at(programme, monkeypatch):
    """The programme at a moment, with the schedule of every programme: on the 2nd at 06:00."""

    def moved(*moment: int):
        monkeypatch.setattr(settings.Settings, "now", lambda _: datetime(*moment, tzinfo=ZONE))
        return programme.settings

    return moved


def _begun(programme, *moment: int, period: str = "2026-10"):
    return run_record.begin(programme.settings.folder, period, datetime(*moment, tzinfo=ZONE), "0")


@pytest.mark.parametrize(
    ("now", "last", "following"),
    [
        ((2026, 11, 2, 6), (2026, 11, 2, 6), (2026, 12, 2, 6)),
        ((2026, 11, 2, 5, 59), (2026, 10, 2, 6), (2026, 11, 2, 6)),
        ((2026, 1, 1), (2025, 12, 2, 6), (2026, 1, 2, 6)),
        ((2026, 12, 31, 23), (2026, 12, 2, 6), (2027, 1, 2, 6)),
    ],
)
def test_a_moment_lies_between_two_of_the_schedule(now, last, following):
    moment = datetime(*now, tzinfo=ZONE)
    assert Schedule().last_run(moment) == datetime(*last, tzinfo=ZONE)
    assert Schedule().next_run(moment) == datetime(*following, tzinfo=ZONE)


def test_a_month_is_due_once_its_scheduled_moment_has_come(at):
    chosen = at(2026, 11, 2, 5, 59)
    assert due_period(chosen, chosen.now()) == "2026-09"
    assert missed(chosen).period == "2026-09"
    found = missed(at(2026, 11, 2, 6))
    assert (found.period, found.due_at, found.attempts) == ("2026-10", DUE, 0)


def test_a_month_with_a_release_was_not_missed_unless_it_was_released_unfinished(programme, at):
    programme.write_manifest("2026-10", unfinished_on="2026-10-20")
    assert missed(at(2026, 11, 3)).period == "2026-10"
    programme.write_manifest("2026-10", version=2)
    assert missed(at(2026, 11, 3)) is None


def test_a_run_that_ended_after_the_moment_has_tried_the_month_whatever_came_of_it(programme, at):
    _begun(programme, 2026, 11, 1, 12).finish(4, "The inbox is empty.")
    assert missed(at(2026, 11, 3)).attempts == 0, "a run before the moment is no scheduled run"
    _begun(programme, 2026, 11, 2, 7, period="2026-09").finish(0, "Another month.")
    assert missed(at(2026, 11, 3)).attempts == 0
    _begun(programme, 2026, 11, 2, 8).finish(3, "Not one answer counts.")
    assert missed(at(2026, 11, 3)) is None


def test_a_run_that_was_cut_off_has_not_made_the_month_and_one_that_goes_on_may(programme, at):
    record = _begun(programme, 2026, 11, 2, 6)
    assert missed(at(2026, 11, 3)).attempts == 1
    with record.in_progress():
        (entry,) = run_record.read_all(programme.settings.folder)
        assert run_record.is_running(programme.settings.folder, entry)
        assert missed(at(2026, 11, 3)) is None
    assert not run_record.is_running(programme.settings.folder, entry)
    assert missed(at(2026, 11, 3)).attempts == 1
