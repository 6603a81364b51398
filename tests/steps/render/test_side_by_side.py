"""What holds for one collective and not for another follows from published intervals only."""

from dataclasses import replace

import pytest

from flows.steps.render.levels import Change
from flows.steps.render.side_by_side import furthest_apart, is_any_marked, led_by, lowest
from tests.steps.render.test_findings import _level, _unit


def _named(name, *levels):
    return replace(_unit(*levels), unit_id=name, name=name)


def test_two_collectives_are_furthest_apart_on_the_motive_with_the_largest_gap():
    one = _named("x", _level("a", 60, 50, 70), _level("b", 70, 65, 75))
    other = _named("y", _level("a", 35, 25, 45), _level("b", 55, 50, 60))
    found = furthest_apart((other, one))
    assert (found.high.scale, found.high_unit.name, found.low_unit.name, found.points) == ("a", "x", "y", 25)


def test_overlapping_or_missing_intervals_tell_no_collectives_apart():
    wide, other, rough = (
        _named("x", _level("a", 60, 45, 70)),
        _named("y", _level("a", 35, 25, 45)),
        _named("z", _level("a", 0)),
    )
    assert furthest_apart((wide, other, rough)) is None


def test_a_motive_leads_only_where_its_interval_is_above_all_others():
    clear = _named("x", _level("a", 75, 70, 80), _level("b", 50, 45, 55))
    tied = _named("y", _level("a", 60, 50, 70), _level("b", 58, 48, 68))
    other = _named("z", _level("b", 75, 70, 80), _level("a", 50, 45, 55))
    assert led_by((clear, tied, other), "a") == (clear,)


def test_the_lowest_collective_is_named_only_where_one_is_lowest():
    high, low = (_named(name, _level("a", mean)) for name, mean in (("x", 60), ("y", 40)))
    assert lowest((high, low, _unit()), "a").units == (low,)
    assert lowest((high, _unit()), "a") is None
    assert lowest((low, replace(low, name="z")), "a") is None


@pytest.mark.parametrize(("ends", "is_sure"), [((35, 45), True), ((35, 50), False), ((None, None), False)])
def test_the_lowest_is_sure_only_below_the_intervals_of_all_others(ends, is_sure):
    units = (_named("x", _level("a", 40, *ends)), _named("y", _level("a", 60, 50, 70)), _named("z"))
    assert lowest(units, "a").is_sure is is_sure
    assert lowest(units, "a").units == units[:1]


@pytest.mark.parametrize(("low", "names"), [(46, "x"), (45, "xy"), (30, "xy")])
def test_two_collectives_are_named_where_either_may_be_lowest_and_no_other(low, names):
    units = [_named("x", _level("a", 40, 35, 45)), _named("y", _level("a", 50, low, 55))]
    assert lowest(units, "a").units == tuple(units[:1]), "of two, the lowest alone"
    others = [*units, _named("z", _level("a", 60, 50, 70))]
    assert "".join(unit.name for unit in lowest(others, "a").units) == names
    assert lowest(others, "a").is_sure


def test_where_three_may_be_lowest_the_lowest_is_so_perhaps_by_chance():
    units = [_named(name, _level("a", mean, 35, 55)) for name, mean in (("x", 40), ("y", 41), ("z", 50))]
    assert (lowest(units, "a").units, lowest(units, "a").is_sure) == ((units[0],), False)


def test_a_score_is_marked_where_it_clearly_changed_or_lies_outside_similar_collectives():
    plain = _named("x", _level("a", 60, 50, 70))
    outside = _named("y", replace(_level("a", 60, 50, 70), verdict="higher"))
    changed = replace(plain, changes=(Change("a", "a", "2026-07", 20, -12, -20, -5, is_change=True),))
    assert [is_any_marked((plain, unit)) for unit in (plain, outside, changed)] == [False, True, True]
