"""The last twelve months: those without a release are there too, and a withdrawn one does not stand."""

from dataclasses import replace

from flows.programme.months import last_months
from tests import programmes


def _released(programme, period: str, version: int = 1, **changes) -> None:
    programme.write_manifest(period, version, reports=(replace(programmes.REPORT, status="delivered"),), **changes)


def test_there_is_nothing_before_the_first_release(programme):
    assert last_months(programme.settings.folder, [], "2026-10") == ()


def test_a_month_without_a_release_is_there(programme):
    _released(programme, "2026-07")
    _released(programme, "2026-09")
    found = last_months(programme.settings.folder, [], "2026-10")
    assert [(month.period, month.version) for month in found] == [
        ("2026-10", 0), ("2026-09", 1), ("2026-08", 0), ("2026-07", 1),
    ]  # fmt: skip


def test_at_most_twelve_months_are_shown_also_over_a_year(programme):
    _released(programme, "2024-12")
    found = last_months(programme.settings.folder, [], "2026-02")
    assert [found[0].period, found[-1].period, len(found)] == ["2026-02", "2025-03", 12]


def test_a_withdrawn_release_does_not_stand_and_is_named(programme):
    _released(programme, "2026-10")
    _released(programme, "2026-10", version=2, withdrawn_on="2026-11-03")
    (month,) = last_months(programme.settings.folder, [], "2026-10")
    assert (month.version, month.withdrawn, month.delivered) == (1, (2,), 1)


def test_counts_are_those_of_the_newest_run_that_counted(programme):
    _released(programme, "2026-10")
    counts = {"accepted": 14, "held": 1, "refused": 2}
    runs = [{"period": "2026-10", "counts": {}}, {"period": "2026-10", "counts": counts}]
    (month,) = last_months(programme.settings.folder, runs, "2026-10")
    assert (month.answers, month.held, month.refused) == (14, 1, 2)
