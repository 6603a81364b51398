"""A change is told against the window before: the difference of two published levels, Holm over all of a report."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.steps.compute.changes import holm
from tests import programmes
from tests.selection import ordinarily

ITEMS = programmes.ITEMS


def _answers(number: int, month: str, shift: int = 0, member: str | None = None) -> dict[str, object]:
    """Answers of `coherent`, on the benefit items so many points higher where the scale allows."""
    values = [
        min(5, max(1, value + (shift if item.startswith("benefit") else 0)))
        for item, value in zip(ITEMS, programmes.coherent(number), strict=True)
    ]
    return {
        **programmes.answers(number, values=values, submitted=f"{month}-10 12:00:00"),
        "id": f"{month}-{number}",
        "member": member or f"m{number}",
    }


def _programme(tmp_path, then: list, now: list, release: bool = True):
    programme = programmes.make(tmp_path / "programme")
    programmes.plain_source(programme, ITEMS)
    programme.export("then.csv", then)
    programme.pretend_release("2025-10") if release else programme.validate("2025-10")
    programme.export("now.csv", [*then, *now])
    programme.compute("2026-10")
    return programme


THEN = [_answers(n, "2025-09") for n in range(30)]


@pytest.fixture(scope="module")
def changed(tmp_path_factory):
    """Thirty answered a year before, and again; half of them say more of one motive."""
    return _programme(
        tmp_path_factory.mktemp("changed"), THEN, [_answers(n, "2026-09", shift=n % 2) for n in range(30)]
    )


def _levels(programme, window: str) -> dict[str, float]:
    """Exact scores of members on benefit in a window."""
    return dict(
        programme.query(
            "select scores.respondent, scores.pomps[scales.position] from scored.scores as scores"
            " inner join reference.scales as scales on scales.scale = 'benefit' where scores.\"window\" = ?",
            window,
        )
    )


def _change(programme, columns: str) -> tuple:
    (row,) = programme.query(
        f"select {columns} from published.changes where unit_type = 'collective' and scale = 'benefit'"
    )
    return row


def _error(programme) -> float:
    ((error,),) = programme.query(
        "select standard_error from disclosure.change_estimates where unit_type = 'collective' and scale = 'benefit'"
    )
    return error


def test_a_change_is_the_difference_of_two_published_levels(changed):
    ((now,),) = changed.query("select mean from published.scale_levels where unit_id = 'watch' and scale = 'benefit'")
    found = _change(changed, "compared_with, difference, mean_then, respondents_both")
    compared_with, difference, then, both = found
    assert (compared_with, both) == ("2025-10", 30)
    assert difference == pytest.approx(now - then)


@pytest.mark.slow
def test_members_who_answered_both_times_make_the_difference_surer(changed, tmp_path):
    """v1 + v2 - 2 cov of two overlapping samples, and step2 / 12 for each of the two roundings."""
    now = [_answers(n, "2026-09", shift=n % 2, member=f"new{n}") for n in range(30)]
    known, strangers = changed, _programme(tmp_path, THEN, now)
    assert _error(known) < _error(strangers)
    before, after = _levels(known, "former"), _levels(known, "current")
    scores = np.array([[before[name], after[name]] for name in sorted(before)])
    spread = [sd for (sd,) in known.query(
        "select sd from released.former_levels where unit_id = 'watch' and scale = 'benefit'"
        " union all select sd from disclosure.levels where unit_id = 'watch' and scale = 'benefit'"
    )]  # fmt: skip
    covariance = np.cov(scores.T)[0, 1] / 30
    variance = spread[0] ** 2 / 30 + spread[1] ** 2 / 30 - 2 * covariance
    floor = 0.05 * (spread[0] ** 2 + spread[1] ** 2) / 30
    assert _error(known) ** 2 == pytest.approx(max(variance, floor) + 2 * 2.5**2 / 12)
    assert _error(strangers) ** 2 == pytest.approx((spread[0] ** 2 + spread[1] ** 2) / 30 + 2 * 2.5**2 / 12)


@pytest.mark.slow
def test_a_period_that_was_not_released_is_compared_with_nothing(tmp_path):
    then, now = [_answers(n, "2025-09") for n in range(15)], [_answers(n, "2026-09") for n in range(15)]
    programme = _programme(tmp_path, then, now, release=False)
    assert programme.query("from published.changes") == []


def test_what_came_after_the_release_does_not_change_what_is_compared_with(tmp_path):
    then = [_answers(n, "2025-09") for n in range(15)]
    late = [_answers(n, "2025-09", shift=2) for n in range(40, 50)]
    programme = _programme(tmp_path, then, [*late, *(_answers(n, "2026-09") for n in range(15))])
    changes = "select mean_then from published.changes where unit_type = 'collective' and scale = 'benefit'"
    released = "select mean from released.former_levels where unit_type = 'collective' and scale = 'benefit'"
    assert programme.query(changes) == programme.query(released)


def test_the_interval_is_rounded_outwards_to_what_both_groups_can_carry(changed):
    difference, low, high = _change(changed, "difference, ci_low, ci_high")
    ((exact_low, exact_high),) = changed.query(
        "select ci_low, ci_high from disclosure.change_tests where unit_type = 'collective' and scale = 'benefit'"
    )
    assert (low % 5, high % 5, difference % 2.5) == (0, 0, 0)
    assert low <= exact_low <= difference <= exact_high <= high


@pytest.mark.slow
def test_a_level_that_is_carried_forward_has_no_change_of_its_own(tmp_path):
    then = [_answers(n, "2025-09") for n in range(30)]
    programme = _programme(tmp_path, then, [_answers(n, "2026-09", shift=1) for n in range(30)])
    assert _change(programme, "difference is not null") == (True,)
    programme.pretend_release("2026-10")
    rows = [_answers(n, "2026-09", shift=1) for n in range(30)] + [_answers(40, "2026-11")]
    programme.export("later.csv", [*then, *rows])
    programme.pretend_release("2025-11")
    programme.compute("2026-11")
    assert _change(programme, "difference, withheld_because") == (None, "protects_people")


@pytest.mark.parametrize(("count", "withheld"), ordinarily([(9, "too_few"), (10, None)]))
def test_a_change_needs_as_many_answers_as_the_full_report_both_times(tmp_path, count, withheld):
    programme = _programme(
        tmp_path,
        [_answers(n, "2025-09") for n in range(count)],
        [_answers(n, "2026-09", shift=n % 2) for n in range(30)],
    )
    shown, because = _change(programme, "difference is not null, withheld_because")
    assert (shown, because) == (withheld is None, withheld)


@given(st.lists(st.tuples(st.floats(0, 1), st.integers(0, 3)), max_size=25))
def test_holm_is_done_within_each_family_alone(rows):
    p_values = np.array([p for p, _ in rows], dtype=float)
    families = np.array([family for _, family in rows], dtype=np.int64)
    adjusted, level = holm(p_values, families)
    for family in set(families):
        inside = np.flatnonzero(families == family)
        order = inside[np.argsort(p_values[inside], kind="stable")]
        running = 0.0
        for rank, place in enumerate(order):
            running = max(running, min(1, (len(order) - rank) * p_values[place]))
            assert adjusted[place] == pytest.approx(running)
            assert level[place] == pytest.approx(0.05 / (len(order) - rank))


@pytest.mark.slow
def test_a_raised_threshold_decides_which_changes_are_told(tmp_path):
    """Twelve answered in the window before: too few where a full report needs fifteen."""
    programme = programmes.make(tmp_path / "programme", toml="[disclosure]\nfull_from = 15\n")
    programmes.plain_source(programme, ITEMS)
    programme.export("then.csv", [_answers(n, "2025-09") for n in range(12)])
    programme.pretend_release("2025-10")
    programme.export("now.csv", [_answers(n, "2026-09") for n in range(30)])
    programme.compute("2026-10")
    assert _change(programme, "difference, withheld_because") == (None, "too_few")
