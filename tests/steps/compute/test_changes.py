"""A change is told against the window before, as it was released: pairs where people are known, Holm over scales."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from flows.steps.compute.changes import holm
from tests import programmes

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
    programme.validate("2025-10")
    if release:
        programme.pretend_release("2025-10")
    programme.export("now.csv", [*then, *now])
    programme.compute("2026-10")
    return programme


def _scores(programme, window: str) -> dict[str, float]:
    return dict(
        programme.query(
            "select counted.respondent, scores.pomps[scales.position] from scored.counted as counted"
            " inner join scored.scores as scores on counted.response = scores.response"
            " inner join reference.scales as scales on scales.scale = 'benefit'"
            ' where counted."window" = ?',
            window,
        )
    )


def _change(programme, columns: str, table: str = "statistics") -> tuple:
    (row,) = programme.query(
        f"select {columns} from {table}.changes where unit_type = 'collective' and scale = 'benefit'"
    )
    return row


def test_members_who_are_known_are_compared_with_themselves(tmp_path):
    programme = _programme(
        tmp_path,
        [_answers(n, "2025-09") for n in range(30)],
        [_answers(n, "2026-09", shift=n % 2) for n in range(30)],
    )
    then, now = _scores(programme, "former"), _scores(programme, "current")
    expected = stats.ttest_rel([now[name] for name in sorted(then)], [then[name] for name in sorted(then)])
    compared_with, paired, difference, p = _change(programme, "compared_with, paired, difference, p_adjusted")
    assert (compared_with, paired) == ("2025-10", True)
    assert difference == pytest.approx(np.mean([now[name] - then[name] for name in then]))
    assert _change(programme, "respondents_both", "published") == (30,)
    # The other scales did not move at all, so they have no p-value and Holm has one test.
    assert p == pytest.approx(expected.pvalue)


def test_groups_of_strangers_are_compared_by_welch(tmp_path):
    programme = _programme(
        tmp_path,
        [_answers(n, "2025-09") for n in range(24)],
        [_answers(n, "2026-09", shift=1, member=f"new{n}") for n in range(5, 35)],
    )
    then, now = list(_scores(programme, "former").values()), list(_scores(programme, "current").values())
    expected = stats.ttest_ind(now, then, equal_var=False)
    error, df = programme.query(
        "select standard_error, degrees_of_freedom from statistics.change_estimates"
        " where unit_type = 'collective' and scale = 'benefit'"
    )[0]
    assert _change(programme, "paired, difference") == (False, pytest.approx(np.mean(now) - np.mean(then)))
    assert _change(programme, "respondents_both", "published") == (None,)
    assert (np.mean(now) - np.mean(then)) / error == pytest.approx(expected.statistic)
    assert df == pytest.approx(expected.df)


def test_a_period_that_was_not_released_is_compared_with_nothing(tmp_path):
    then, now = [_answers(n, "2025-09") for n in range(15)], [_answers(n, "2026-09") for n in range(15)]
    programme = _programme(tmp_path, then, now, release=False)
    assert programme.query("from published.changes") == []


def test_what_came_after_the_release_does_not_change_what_is_compared_with(tmp_path):
    then = [_answers(n, "2025-09") for n in range(15)]
    late = [_answers(n, "2025-09", shift=2) for n in range(40, 50)]
    programme = _programme(tmp_path, then, [*late, *(_answers(n, "2026-09") for n in range(15))])
    assert programme.query(
        "select distinct respondents from statistics.score_moments"
        " where \"window\" = 'former' and unit_type = 'collective'"
    ) == [(15,)]


def test_published_changes_follow_from_published_levels(tmp_path):
    programme = _programme(
        tmp_path,
        [_answers(n, "2025-09") for n in range(30)],
        [_answers(n, "2026-09", shift=n % 2) for n in range(30)],
    )
    difference, low, high, is_change = _change(programme, "difference, ci_low, ci_high, is_change", "published")
    exact_low, exact_high = _change(programme, "ci_low, ci_high")
    step = 2 * 2.5
    assert (low % step, high % step, difference % 2.5) == (0, 0, 0)
    assert low <= min(exact_low, difference)
    assert high >= max(exact_high, difference)
    assert is_change is True


@pytest.mark.parametrize(("count", "withheld"), [(9, "too_few"), (10, None)])
def test_a_change_needs_as_many_answers_as_the_full_report_both_times(tmp_path, count, withheld):
    programme = _programme(
        tmp_path,
        [_answers(n, "2025-09") for n in range(count)],
        [_answers(n, "2026-09", shift=n % 2) for n in range(30)],
    )
    shown, because = _change(programme, "difference is not null, withheld_because", "published")
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
