"""Which month the schedule has missed, by what the programme itself has written down."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from flows.programme import run_record, settings
from flows.programme.catching_up import due_period, missed
from flows.programme.period import Period
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
        ((2028, 2, 29, 23, 59), (2028, 2, 2, 6), (2028, 3, 2, 6)),
        ((2028, 3, 1), (2028, 2, 2, 6), (2028, 3, 2, 6)),
    ],
)
def test_a_moment_lies_between_two_of_the_schedule(now, last, following):
    moment = datetime(*now, tzinfo=ZONE)
    assert Schedule().last_run(moment) == datetime(*last, tzinfo=ZONE)
    assert Schedule().next_run(moment) == datetime(*following, tzinfo=ZONE)


def test_a_month_is_due_though_its_moment_was_skipped_or_came_twice_when_clocks_changed():
    """In 2027 summer time begins on 28 March at 02:00; in 2029 it ends on 28 October at 03:00."""
    night = Schedule(day=28, time="02:30")
    before, after = datetime(2027, 3, 28, 1, 59, tzinfo=ZONE), datetime(2027, 3, 28, 3, tzinfo=ZONE)
    assert [night.last_run(moment).month for moment in (before, after)] == [2, 3]
    for fold in (0, 1):
        moment = datetime(2029, 10, 28, 2, 45, fold=fold, tzinfo=ZONE)
        assert (night.last_run(moment).month, night.next_run(moment).month) == (10, 11)


def test_a_leap_day_belongs_to_its_month(at):
    chosen = at(2028, 3, 2, 6)
    assert due_period(chosen, chosen.now()) == "2028-02"
    assert Period.parse("2028-02").last_day == date(2028, 2, 29)
    assert not Period.parse("2028-02").has_ended(date(2028, 2, 29))
    assert Period.parse("2028-02").has_ended(date(2028, 3, 1))


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
