"""Which month a run is of: one that has ended, on the day that it is in the programme's time zone."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.foundation.errors import UserError
from flows.programme import settings as settings_module
from flows.programme.period import Period, month_to_run

DAYS = st.dates(date(1990, 1, 1), date(2090, 12, 31))


@given(DAYS)
def test_without_a_wish_it_is_the_last_month_that_ended(today):
    period = month_to_run(None, today, also_unfinished=False)
    assert period == Period.of(today).plus(-1)
    assert period.has_ended(today)


@given(DAYS, st.integers(-600, -1))
def test_a_month_that_has_ended_is_taken(today, months):
    asked = Period.of(today).plus(months)
    assert month_to_run(str(asked), today, also_unfinished=False) == asked


@given(DAYS)
def test_the_running_month_is_taken_only_when_asked_for_as_unfinished(today):
    running = Period.of(today)
    with pytest.raises(UserError, match=r"has not ended.*--dry-run.*--unfinished"):
        month_to_run(str(running), today, also_unfinished=False)
    assert month_to_run(str(running), today, also_unfinished=True) == running


@given(DAYS, st.integers(1, 100), st.booleans())
def test_a_month_to_come_is_never_taken(today, months, also_unfinished):
    with pytest.raises(UserError, match="has not begun"):
        month_to_run(str(Period.of(today).plus(months)), today, also_unfinished)


@pytest.mark.parametrize(
    ("day", "has_ended"), [(date(2026, 10, 30), False), (date(2026, 10, 31), False), (date(2026, 11, 1), True)]
)
def test_a_month_ends_with_its_last_day(day, has_ended):
    assert Period(2026, 10).has_ended(day) is has_ended


@pytest.mark.parametrize(
    ("zone", "has_ended"), [("Pacific/Auckland", True), ("Europe/Amsterdam", True), ("America/New_York", False)]
)
def test_the_day_is_that_of_the_programmes_time_zone(programme, monkeypatch, zone, has_ended):
    """Half an hour before midnight in Greenwich it is November in Amsterdam, and October in New York."""

    class Clock(datetime):
        @classmethod
        def now(cls, tz=None):
            return datetime(2026, 10, 31, 23, 30, tzinfo=UTC).astimezone(tz)

    monkeypatch.setattr(settings_module, "datetime", Clock)
    chosen = programme.settings.model_copy(update={"timezone": zone})
    assert Period(2026, 10).has_ended(chosen.now().date()) is has_ended
