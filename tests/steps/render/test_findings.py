"""What a reader is told first follows from published intervals only."""

from dataclasses import replace

import pytest

from flows.steps.render.figures import Change, Diversity, Level, MixPart, Unit
from flows.steps.render.findings import (
    balance,
    compared,
    differ_beyond_error,
    fell_in,
    leaders,
    outstanding,
    question,
    size,
    three,
    weakest_condition,
)

NO_DIVERSITY = Diversity(None, None, None, None, None, "too_few")


def _level(scale, mean, low=None, high=None, kind="motive", orientation="none"):
    return Level(scale, scale, kind, orientation, 20, mean, low, high, None, None, None)


def _unit(*levels, diversity=NO_DIVERSITY):
    return Unit("collective", "a", "A", None, 20, "20–29", 20, "20–29", 40, 0.5, levels, (), (), (), diversity)


def test_one_motive_leads_when_its_interval_lies_above_all_others():
    found = leaders(_unit(_level("a", 70, 65, 75), _level("b", 60, 55, 64)))
    assert (found.certainty, [level.scale for level in found.levels]) == ("clear", ["a"])


def test_motives_whose_intervals_reach_it_are_tied():
    found = leaders(_unit(_level("a", 70, 65, 75), _level("b", 66, 61, 71), _level("c", 40, 35, 45)))
    assert (found.certainty, [level.scale for level in found.levels]) == ("tied", ["a", "b"])


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


def test_the_weakest_condition_lies_clearly_below_the_strongest():
    low, high = _level("low", 40, 35, 45, "condition"), _level("high", 60, 55, 65, "condition")
    assert weakest_condition(_unit(high, low)).scale == "low"
    assert weakest_condition(_unit(high, _level("near", 57, 50, 60, "condition"))) is None


def test_the_weakest_condition_lies_clearly_below_each_of_the_others():
    high, low = _level("high", 70, 65, 75, "condition"), _level("low", 40, 35, 45, "condition")
    assert weakest_condition(_unit(high, _level("almost", 43, 38, 48, "condition"), low)) is None


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


def test_levels_stand_beside_others_as_the_published_verdict_says():
    levels = [
        replace(_level(name, 50), peers=6, p25=45, p75=60, verdict=verdict)
        for name, verdict in zip("abcd", ("similar", "higher", "uncertain", "lower"), strict=True)
    ]
    found = [(where, [level.scale for level in there]) for where, there in compared([*levels, _level("e", 50)])]
    assert found == [("higher", ["b"]), ("lower", ["d"]), ("similar", ["a"]), ("uncertain", ["c"])]


@pytest.mark.parametrize(("low", "high", "expected"), [(-35, -5, (5, 35)), (2, 16, (2, 16)), (-14, 0, (0, 14))])
def test_a_change_is_told_by_its_interval_in_its_own_direction(low, high, expected):
    """The difference of two published levels may lie outside it when the same members are compared."""
    assert size(Change("a", "A", "2026-05", 24, -5.5, low, high, True)) == expected


def _change(low, high, is_change=True):
    return Change("a", "A", "2026-05", 24, (low + high) / 2, low, high, is_change)


FELL, ROSE, STEADY = _change(-20, -5), _change(5, 20), _change(-5, 20, is_change=False)


def test_a_level_fell_by_itself_only_where_the_fall_is_none_of_chance_there():
    by_itself = {"fell": (FELL,), "rose": (ROSE,), "steady": (STEADY,), "none": ()}
    units = [replace(_unit(), unit_id=name, changes=changes) for name, changes in by_itself.items()]
    assert [unit.unit_id for unit in fell_in(units, "a")] == ["fell"]
    assert fell_in(units, "another") == []


WEAK = (_level("high", 60, 55, 65, "condition"), _level("low", 40, 35, 45, "condition"))
ALIKE = (_level("high", 60, 55, 65, "condition"), _level("low", 58, 50, 62, "condition"))
MOTIVE = _level("a", 70, 65, 75)
OUTSIDE = replace(MOTIVE, peers=6, p25=45, p75=60, verdict="higher")


@pytest.mark.parametrize(
    ("unit", "third"),
    [
        (replace(_unit(MOTIVE, *WEAK), changes=(FELL,)), "change"),
        (replace(_unit(OUTSIDE, *WEAK), changes=(STEADY,)), "condition"),
        (replace(_unit(OUTSIDE, *ALIKE), changes=(STEADY,)), "comparison"),
        (replace(_unit(MOTIVE, *ALIKE), changes=(STEADY,)), "steady"),
        (_unit(MOTIVE, *ALIKE), "alike_conditions"),
        (replace(_unit(MOTIVE), mix=(MixPart("a", "A", 0.6, 5, None),)), "mix"),
        (_unit(_level("a", 70), _level("low", 60, kind="condition")), "few"),
    ],
)
def test_the_mix_and_the_differences_are_told_first_then_what_is_most_sure(unit, third):
    assert three(unit) == ("within", "between", third)


def test_without_motives_there_is_no_finding():
    assert three(_unit()) == ()


DIFFER = Diversity(20, 4, 0.06, 0.02, 0, None, members_differ=True)


@pytest.mark.parametrize(
    ("unit", "asked", "about"),
    [
        (replace(_unit(MOTIVE, *WEAK), changes=(ROSE, FELL)), "fell", "a"),
        (replace(_unit(MOTIVE, *WEAK), changes=(ROSE,)), "condition", "low"),
        (_unit(MOTIVE, *ALIKE, diversity=DIFFER), "differ", None),
        (_unit(MOTIVE, *ALIKE), "leader", ("a",)),
        (_unit(MOTIVE, _level("b", 66, 60, 70), *ALIKE), "leader", ("a", "b")),
        (_unit(), "more_answers", None),
    ],
)
def test_the_question_for_the_meeting_follows_the_most_telling_finding(unit, asked, about):
    kind, subject = question(unit)
    scales = tuple(level.scale for level in subject) if isinstance(subject, tuple) else subject and subject.scale
    assert (kind, scales) == (asked, about)
