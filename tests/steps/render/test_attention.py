"""What needs attention: few facts, large and certain, the largest first, each with the collective in which it holds."""

from dataclasses import replace

import pytest

from flows.steps.render.attention import (
    MOST_OF_A_COLLECTIVE,
    MOST_ON_FIRST_PAGE,
    is_alone,
    of_report,
    of_unit,
    question,
)
from flows.steps.render.figures import Diversity, OrganisationFigures, Unit
from flows.steps.render.levels import Change, Level

NO_DIVERSITY = Diversity(None, None, None, None, None, "too_few")


def _level(scale, mean, kind="condition", **beside):
    return Level(scale, scale, kind, "none", 20, mean, mean - 5, mean + 5, None, None, None, **beside)


def _lower(scale, mean, kind="condition"):
    return _level(scale, mean, kind, peers=6, p25=mean + 10, p75=mean + 15, verdict="lower")


def _higher(scale, mean, kind="condition"):
    return _level(scale, mean, kind, peers=6, p25=mean - 15, p75=mean - 10, verdict="higher")


def _change(scale, points, p_adjusted=0.0, is_change=True):
    low, high = sorted((points / 2, points * 1.5))
    return Change(scale, scale, "2026-05", 24, points, low, high, is_change, 50, p_adjusted)


def _unit(name, *levels, changes=(), unit_type="collective"):
    return Unit(
        unit_type, name, name, 20, 20, "20-29", 40, 0.5, levels, (), (), (), NO_DIVERSITY,
        changes=changes,
    )  # fmt: skip


def _figures(*collectives, whole=None):
    whole = whole or _unit("town", unit_type="organisation")
    return OrganisationFigures("town", "Town", "en", "2026-10", 6, whole, collectives)


def _told(items):
    return [(item.kind, item.scale, [place.unit.name for place in item.places]) for item in items]


def test_a_fall_in_one_of_several_collectives_is_told_with_its_name():
    fell = _unit("a", _level("heard", 28), changes=(_change("heard", -19),))
    items = of_report(_figures(fell, _unit("b", _level("heard", 50))))
    assert _told(items) == [("fell", "heard", ["a"])]
    assert items[0].first.change.mean_then == 50


def test_the_organisation_is_left_out_where_its_collectives_show_the_same():
    """It stays where no single one of them does."""
    change = _change("heard", -10)
    whole = _unit("town", _level("heard", 40), changes=(change,), unit_type="organisation")
    here, there = _unit("a", _level("heard", 40), changes=(change,)), _unit("b", _level("heard", 40))
    assert _told(of_report(_figures(here, there, whole=whole))) == [("fell", "heard", ["a"])]
    assert _told(of_report(_figures(there, replace(there, name="c"), whole=whole))) == [("fell", "heard", ["town"])]


@pytest.mark.parametrize(
    ("elsewhere", "alone"),
    [
        ((), False),
        ((_unit("y", _level("a", 40)),), False),
        ((_unit("y", _level("a", 40), changes=(_change("a", -3, is_change=False),)),), True),
        ((_unit("y", _level("a", 40), changes=(_change("a", 9),)),), False),
        ((_unit("y", _level("b", 40), changes=(_change("b", 9),)),), False),
    ],
)
def test_that_it_changed_in_one_collective_alone_is_said_where_changes_of_others_are_known(elsewhere, alone):
    fell = _unit("x", _level("a", 30), changes=(_change("a", -20),))
    units = (fell, *elsewhere)
    item = next(item for item in of_report(_figures(*units)) if item.kind == "fell")
    assert is_alone(item, units) is alone


def test_the_same_fact_in_several_collectives_is_one_item_the_largest_first():
    units = [_unit(name, _level("heard", 30), changes=(_change("heard", points),)) for name, points in
             (("a", -10), ("b", -30), ("c", -20))]  # fmt: skip
    assert _told(of_report(_figures(*units))) == [("fell", "heard", ["b", "c", "a"])]


def test_what_is_about_the_organisation_as_a_whole_is_about_no_single_collective():
    fell = {"changes": (_change("heard", -10),)}
    [single] = of_report(_figures(_unit("a", _level("heard", 30), **fell), _unit("b")))
    assert [unit.name for unit in single.collectives] == ["a"]
    town = _unit("town", _level("heard", 30), unit_type="organisation", **fell)
    [whole] = of_report(_figures(_unit("a"), _unit("b"), whole=town))
    assert whole.collectives == ()


def test_the_larger_and_surer_comes_first_and_concerns_before_good_news():
    rose = _unit("a", _level("heard", 90), changes=(_change("heard", 40),))
    low = _unit("b", _lower("continue", 50, "outcome"))
    fell = _unit("c", _level("salience", 30), changes=(_change("salience", -30),))
    assert [item.kind for item in of_report(_figures(rose, low, fell))] == ["fell", "lower", "rose"]


def test_three_are_the_most_on_the_first_page_and_two_on_that_of_a_collective():
    unit = _unit("a", *(_lower(name, 50) for name in "abcde"))
    assert len(of_report(_figures(unit, _unit("b")))) == MOST_ON_FIRST_PAGE == 3
    assert len(of_unit(unit)) == MOST_OF_A_COLLECTIVE == 2


@pytest.mark.parametrize(("p_adjusted", "is_told"), [(0.0, True), (0.01, False), (0.04, False)])
def test_an_alarm_on_the_first_page_is_surer_than_a_change_on_the_page_of_a_collective(p_adjusted, is_told):
    unit = _unit("a", _level("heard", 28), changes=(_change("heard", -19, p_adjusted),))
    assert bool(of_report(_figures(unit, _unit("b")))) is is_told
    assert _told(of_unit(unit)) == [("fell", "heard", ["a"])]


def test_what_may_be_chance_needs_no_attention():
    uncertain = _level("continue", 50, peers=6, p25=60, p75=70, verdict="uncertain")
    unit = _unit("a", _level("heard", 45), uncertain, changes=(_change("heard", -19, 0.3, is_change=False),))
    assert of_unit(unit) == of_report(_figures(unit)) == ()


def test_a_scale_that_fell_and_is_lower_than_elsewhere_is_one_item():
    unit = _unit("a", _lower("heard", 28), changes=(_change("heard", -19),))
    assert _told(of_unit(unit)) == [("fell", "heard", ["a"])]


def test_a_motive_beside_others_stands_out_on_the_page_of_its_collective_only():
    unit = _unit("a", _higher("social", 70, "motive"))
    assert _told(of_unit(unit)) == [("higher", "social", ["a"])]
    assert of_report(_figures(unit)) == ()


def test_the_condition_below_all_others_needs_attention_if_nothing_else_is_said_of_it():
    low, high = _level("heard", 30), _level("salience", 60)
    assert _told(of_unit(_unit("a", high, low))) == [("lowest", "heard", ["a"])]
    fell = _unit("a", high, low, changes=(_change("heard", -19),))
    assert _told(of_unit(fell)) == [("fell", "heard", ["a"])]


def test_the_question_is_about_what_stands_out_or_the_leading_motive_or_there_is_none():
    leading = _unit("a", _level("social", 80, "motive"), _level("ideals", 50, "motive"))
    tied = _unit("a", _level("social", 60, "motive"), _level("ideals", 58, "motive"))
    (item,) = of_unit(_unit("a", _level("heard", 28), changes=(_change("heard", -19),)))
    assert question(item, leading) == ("fell", "heard")
    assert question(None, leading) == ("leader", "social")
    assert question(None, tied) is None
