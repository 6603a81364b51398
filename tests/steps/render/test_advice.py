"""Suggestions fire by rules on what is sure of a group, three at most, and say why and on what they rest."""

from dataclasses import replace

import pytest

from flows.programme.suggestions import Condition, Rule
from flows.steps.render.advice import MOST_SUGGESTIONS, advice
from flows.steps.render.figures import Diversity, OrganisationFigures, Unit
from flows.steps.render.levels import Change, Level
from tests.steps.render.settings import RULES

NOTHING = Diversity(None, None, None, None, None, None)
DIFFER = Diversity(20, 4, 0.06, 0.02, 0, None, members_differ=True)


def _level(scale, low, high, kind="condition"):
    mean = None if low is None else (low + high) / 2
    return Level(scale, scale, kind, "none", 20, mean, low, high, None, None, None)


def _unit(*levels, changes=(), diversity=NOTHING):
    return Unit("collective", "a", "A", 20, 20, "20–29", 40, 0.5, levels, (), (), (), diversity, changes=changes)


def _rule(*conditions):
    return Rule(name="talk", when=conditions, text={"en": "Talk"}, source={"en": "A"}, strength={"en": "none"})


def _figures(*units):
    """An organisation of which only these collectives have figures; a single one is what its report is about."""
    whole = replace(_unit(), unit_type="organisation", unit_id="town", name="Town")
    return OrganisationFigures("town", "Town", "en", "2026-10", 6, whole, units)


def _fires(unit, **condition):
    return bool(advice(_figures(unit), [_rule(Condition(**condition))]))


@pytest.mark.parametrize(("low", "high", "fires"), [(30, 49.5, True), (30, 50, False), (45, 55, False)])
def test_surely_below_looks_at_the_upper_end_of_the_interval(low, high, fires):
    assert _fires(_unit(_level("heard", low, high)), scale="heard", surely_below=50) is fires


@pytest.mark.parametrize(("low", "high", "fires"), [(70.5, 90, True), (70, 90, False)])
def test_surely_above_looks_at_the_lower_end(low, high, fires):
    assert _fires(_unit(_level("heard", low, high)), scale="heard", surely_above=70) is fires


def test_a_level_without_an_interval_is_sure_of_nothing():
    level = replace(_level("heard", 10, 20), ci_low=None, ci_high=None)
    assert not _fires(_unit(level), scale="heard", surely_below=50)
    assert not _fires(_unit(level), scale="heard", surely_above=0)


def test_surely_lowest_is_below_every_other_condition():
    unit = _unit(_level("salience", 60, 70), _level("heard", 40, 50))
    assert _fires(unit, scale="heard", surely_lowest=True)
    assert not _fires(unit, scale="salience", surely_lowest=True)


@pytest.mark.parametrize(
    ("low", "high", "is_change", "fires"), [(-20, -5, True, True), (-20, 5, False, False), (5, 20, True, False)]
)
def test_fell_is_a_change_downwards_that_is_none_of_chance(low, high, is_change, fires):
    change = Change("heard", "heard", "2026-05", 24, (low + high) / 2, low, high, is_change, 50, 0.0)
    assert _fires(_unit(_level("heard", 60, 70), changes=(change,)), scale="heard", fell=True) is fires


def test_members_differ_beyond_inexact_answers():
    assert _fires(_unit(diversity=DIFFER), members_differ=True)
    assert not _fires(_unit(), members_differ=True)


def test_the_first_condition_that_holds_is_the_reason():
    both = _rule(Condition(scale="heard", surely_above=90), Condition(scale="heard", surely_below=50))
    (given,) = advice(_figures(_unit(_level("heard", 20, 30))), [both])
    assert given.because.surely_below == 50
    assert given.level is not None
    assert given.level.scale == "heard"


def test_three_are_the_most_in_the_order_of_the_file():
    rules = [_rule(Condition(scale="heard", surely_below=points)) for points in (10, 50, 60, 70, 80)]
    given = advice(_figures(_unit(_level("heard", 20, 30))), rules)
    assert [entry.because.surely_below for entry in given] == [50, 60, 70]
    assert len(given) == MOST_SUGGESTIONS


def test_the_shipped_rules_promise_nothing_and_say_what_they_rest_on():
    assert RULES
    for rule in RULES:
        assert "can help" in rule.text["en"]
        assert "kan helpen" in rule.text["nl"] or "kunnen helpen" in rule.text["nl"]
        assert set(rule.text) == set(rule.source) == set(rule.strength) == {"nl", "en"}


def test_a_group_of_five_gets_no_suggestion():
    levels = [replace(_level(name, 10, 20), ci_low=None, ci_high=None) for name in ("heard", "competence", "salience")]
    assert advice(_figures(_unit(*levels)), RULES) == ()


def test_a_suggestion_names_the_collectives_in_which_its_reason_holds():
    low, fine = _unit(_level("heard", 20, 30)), replace(_unit(_level("heard", 70, 80)), unit_id="b", name="B")
    (given,) = advice(_figures(low, fine), [_rule(Condition(scale="heard", surely_below=50))])
    assert [unit.name for unit in given.units] == ["A"]


def test_a_second_condition_must_hold_for_the_same_group():
    both = Condition(scale="benefit", surely_above=60, also=Condition(scale="learning", surely_below=40))
    selfish = _unit(_level("benefit", 65, 75, "motive"), _level("learning", 20, 30, "motive"))
    learning = _unit(_level("benefit", 65, 75, "motive"), _level("learning", 50, 60, "motive"))
    elsewhere = replace(_unit(_level("learning", 20, 30, "motive")), unit_id="b")
    assert advice(_figures(selfish), [_rule(both)])
    assert not advice(_figures(learning, elsewhere), [_rule(both)])


ABOUT = {
    name: replace(_rule(Condition(scale=name, surely_below=50)), name=name)
    for name in ("heard", "competence", "salience")
}


def _names(given):
    return [entry.rule.name for entry in given]


def test_a_suggestion_of_the_last_months_is_given_again_only_as_the_first_about_what_needs_attention():
    unit = _unit(_level("heard", 20, 30), _level("competence", 22, 32), _level("salience", 24, 34))
    rules = tuple(ABOUT.values())
    assert _names(advice(_figures(unit), rules)) == ["heard", "competence", "salience"]
    assert _names(advice(_figures(unit), rules, {"competence"})) == ["heard", "salience"]
    assert _names(advice(_figures(unit), rules, {"heard"})) == ["competence", "salience"]
    lowest = _unit(_level("salience", 34, 44), _level("competence", 32, 42), _level("heard", 10, 20))
    assert _names(advice(_figures(lowest), rules, {"heard"})) == ["heard", "competence", "salience"]


def test_a_suggestion_that_always_fits_is_not_given_month_after_month():
    different = replace(_rule(Condition(members_differ=True)), name="tasks")
    unit = _unit(diversity=DIFFER)
    assert _names(advice(_figures(unit), [different])) == ["tasks"]
    assert advice(_figures(unit), [different], {"tasks"}) == ()


def test_what_needs_attention_most_is_answered_first():
    fell = Change("salience", "salience", "2026-05", 24, -20, -30, -10, True, 60, 0.0)
    unit = _unit(_level("heard", 40, 49), _level("salience", 35, 45), changes=(fell,))
    assert _names(advice(_figures(unit), tuple(ABOUT.values())))[0] == "salience"
