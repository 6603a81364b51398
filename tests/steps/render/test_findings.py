"""What a reader is told first follows from published intervals only."""

from dataclasses import replace

import pytest

from flows.steps.render.figures import Diversity, Unit
from flows.steps.render.findings import (
    balance,
    differ_beyond_error,
    first_page_levels,
    is_of_printed_levels,
    leaders,
    outstanding,
    over_time,
    weakest_condition,
    where_members_differ,
)
from flows.steps.render.levels import Change, EarlierLevel, Level

NO_DIVERSITY = Diversity(None, None, None, None, None, "too_few")


def _level(scale, mean, low=None, high=None, kind="motive", orientation="none"):
    return Level(scale, scale, kind, orientation, 20, mean, low, high, None, None, None)


def _unit(*levels, diversity=NO_DIVERSITY):
    return Unit("collective", "a", "A", 20, 20, "20–29", 40, 0.5, levels, (), (), (), diversity)


def test_one_motive_leads_when_its_interval_lies_above_all_others():
    found = leaders(_unit(_level("a", 70, 65, 75), _level("b", 60, 55, 64)))
    assert (found.certainty, [level.scale for level in found.levels]) == ("clear", ["a"])


def test_motives_whose_intervals_reach_it_are_tied():
    found = leaders(_unit(_level("a", 70, 65, 75), _level("b", 66, 61, 71), _level("c", 40, 35, 45)))
    assert (found.certainty, [level.scale for level in found.levels]) == ("tied", ["a", "b"])


def test_between_two_that_are_tied_no_rank_is_left_out():
    wide, narrow = _level("c", 50, 38, 66), _level("b", 52.5, 50, 55)
    found = leaders(_unit(_level("a", 65, 60, 70), narrow, wide))
    assert (found.certainty, [level.scale for level in found.levels]) == ("tied", ["a", "b", "c"])


def test_what_weighs_most_weighs_more_than_the_mean_of_all():
    levels = [_level("a", 100, 58, 100), _level("b", 50, 40, 60), _level("c", 45, 41, 49), _level("d", 35, 30, 39)]
    most, _ = outstanding(_unit(*levels))
    assert [level.scale for level in most] == ["a"]


def test_when_more_than_three_are_tied_none_stands_out():
    assert leaders(_unit(*[_level(name, 60, 50, 70) for name in "abcd"])).certainty == "none"


def test_without_intervals_the_order_is_a_first_impression():
    found = leaders(_unit(_level("a", 70), _level("b", 70), _level("c", 60)))
    assert (found.certainty, [level.scale for level in found.levels]) == ("unknown", ["a", "b"])


def test_nothing_shown_is_nothing_found():
    assert leaders(_unit()).certainty == "withheld"
    assert balance(_unit()) is None
    assert differ_beyond_error(NO_DIVERSITY) is None


@pytest.mark.parametrize(("points", "side"), [(5, "community"), (4.9, "even"), (-5, "self"), (-4.9, "even")])
def test_a_balance_below_five_points_is_even(points, side):
    found = balance(_unit(diversity=Diversity(20, 4, 0.06, 0.02, points, None)))
    assert found is not None
    assert found.side == side


def _may_be_chance(points, higher, lower, *intervals):
    """Of a balance of ten points: two motives of 65 and 55 on the higher side, one of 50 on the lower."""
    placed = zip("abc", (65, 55, 50), intervals, (higher, higher, lower), strict=True)
    levels = [_level(scale, mean, *ends, orientation=side) for scale, mean, ends, side in placed]
    return balance(_unit(*levels, diversity=Diversity(20, 4, 0.06, 0.02, points, None))).may_be_chance


@pytest.mark.parametrize("side", [(10, "community", "self"), (-10, "self", "community")])
def test_a_balance_may_be_chance_unless_all_intervals_at_their_worst_leave_its_sign(side):
    assert not _may_be_chance(*side, (61, 69), (51, 59), (46, 54))
    assert _may_be_chance(*side, (60, 70), (50, 60), (45, 55))
    assert _may_be_chance(*side, (61, 69), (None, None), (46, 54))


@pytest.mark.parametrize("verdict", [True, False, None])
def test_whether_members_differ_is_the_verdict_on_exact_figures_whatever_the_rounded_ones_say(verdict):
    assert differ_beyond_error(Diversity(20, 4, 0.1, 0.01, 0, None, members_differ=verdict)) is verdict


@pytest.mark.parametrize(
    ("between_groups", "differ", "where"),
    [
        (0.005, True, "within"), (0.011, True, "mostly_within"), (0.039, True, "mostly_within"),
        (0.05, True, "between"),
        (None, True, None), (0.05, False, None),
    ],
)  # fmt: skip
def test_differences_lie_within_collectives_or_between_them(between_groups, differ, where):
    """Of all differences a tenth is between members here."""
    found = Diversity(20, 4, 0.1, 0.02, 0, None, differ, entropy_total=1.0, entropy_between_groups=between_groups)
    assert where_members_differ(found) == where


def test_the_weakest_condition_lies_clearly_below_the_strongest():
    low, high = _level("low", 40, 35, 45, "condition"), _level("high", 60, 55, 65, "condition")
    assert weakest_condition(_unit(high, low)).scale == "low"
    assert weakest_condition(_unit(high, _level("near", 57, 50, 60, "condition"))) is None


def test_the_weakest_condition_lies_clearly_below_each_of_the_others():
    high, low = _level("high", 70, 65, 75, "condition"), _level("low", 40, 35, 45, "condition")
    assert weakest_condition(_unit(high, _level("almost", 43, 38, 48, "condition"), low)) is None
    wide = _level("wide", 60, 40, 80, "condition")
    assert weakest_condition(_unit(wide, _level("between", 55, 50, 60, "condition"), low)) is None


def test_intervals_that_touch_do_not_overlap_since_their_ends_are_rounded_outwards():
    low, next_one = _level("low", 30, 20, 40, "condition"), _level("next", 55, 40, 70, "condition")
    assert weakest_condition(_unit(next_one, low)) is low
    assert weakest_condition(_unit(replace(next_one, ci_low=37.5), low)) is None


@pytest.mark.parametrize(
    ("means", "most", "least"),
    [
        ((70, 50, 30), "a", "c"),
        ((70, 66, 30), "ab", "c"),
        ((70, 34, 30), "a", "bc"),
        ((70, 66, 62), "", ""),
        ((70, 70, 70, 70, 20), "", "e"),
        ((70, 20, 20, 20, 20), "a", ""),
        ((70,), "", ""),
        ((), "", ""),
    ],
)
def test_motives_weigh_most_or_least_that_cannot_be_told_from_the_highest_and_the_lowest(means, most, least):
    levels = [_level(name, mean, mean - 5, mean + 5) for name, mean in zip("abcde", means, strict=False)]
    assert tuple("".join(level.scale for level in side) for side in outstanding(_unit(*levels))) == (most, least)


def test_without_intervals_no_motive_weighs_most():
    assert outstanding(_unit(_level("a", 70), _level("b", 30))) == ((), ())


@pytest.mark.parametrize(("mean", "is_printed"), [(44.5, True), (44.4, False)])
def test_a_difference_is_printed_where_it_is_that_of_the_two_printed_numbers(mean, is_printed):
    change = Change("a", "A", "2026-05", 24, -5.5, -10, -1, True, mean_then=50.0)
    assert is_of_printed_levels(change, mean) is is_printed


@pytest.mark.parametrize(("low", "high", "expected"), [(-35, -5, (5, 35)), (2, 16, (2, 16)), (-14, 0, (0, 14))])
def test_a_change_is_told_by_its_interval_in_its_own_direction(low, high, expected):
    """The difference of two published levels may lie outside it when the same members are compared."""
    assert Change("a", "A", "2026-05", 24, -5.5, low, high, True).size == expected


WEAK = (_level("high", 60, 55, 65, "condition"), _level("low", 40, 35, 45, "condition"))
MOTIVE = _level("a", 70, 65, 75)


def test_the_large_figures_of_the_first_page_are_those_that_the_questionnaire_chose():
    unit = _unit(MOTIVE, *WEAK, _level("stay", 70, 60, 80, "outcome"))
    assert [level.scale for level in first_page_levels(unit, ("high", "unknown"))] == ["high"]
    assert [level.scale for level in first_page_levels(unit, ())] == ["stay", "low"]


def test_a_month_without_a_figure_has_no_point_and_a_carried_one_is_marked():
    earlier = {"a": (EarlierLevel("2026-07", 55, False), EarlierLevel("2026-09", 55, True))}
    unit = replace(_unit(_level("a", 60), _level("b", 40)), earlier=earlier)
    (panel,) = over_time(unit, ("2026-07", "2026-08", "2026-09", "2026-10"))
    assert [(point.place, point.mean, point.is_carried) for point in panel.points] == [
        (0, 55, False), (2, 55, True), (3, 60, False),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("low", "mean", "high", "verdict", "has_band"),
    [
        (20, 30, 35, "lower", True),
        (45, 50, 55, "similar", True),
        (30, 38, 46, "uncertain", True),
        (54, 62, 70, "uncertain", True),
        (20, 30, 35, "uncertain", False),
        (62, 70, 78, "uncertain", False),
        (45, 50, 55, "uncertain", False),
        (None, 30, None, "uncertain", False),
        (45, 50, 55, None, False),
    ],
)
def test_similar_collectives_are_drawn_only_where_they_explain_the_verdict(low, mean, high, verdict, has_band):
    band = {} if verdict is None else {"peers": 9, "p25": 40.0, "p75": 60.0, "verdict": verdict}
    assert replace(_level("a", mean, low, high), **band).has_band is has_band
