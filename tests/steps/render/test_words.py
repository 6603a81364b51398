"""Sentences of the reports that no other test reads: how many motives people have, and where something holds."""

from dataclasses import replace
from types import SimpleNamespace

import pytest

from flows.programme.suggestions import Condition, Rule
from flows.steps.render import attention
from flows.steps.render.advice import Advice
from flows.steps.render.levels import Change
from flows.steps.render.templates import environment
from tests.steps.render.settings import SETTING
from tests.steps.render.test_findings import _level, _unit


def _words(**given):
    return environment("en").get_template("words.html").make_module({"setting": SETTING, **given})


def _said(text) -> str:
    return " ".join(str(text).split())


@pytest.mark.parametrize(("count", "much"), [(4.9, "nearly all"), (4.7, "several"), (2.5, "several"), (2.3, "few")])
def test_how_many_reasons_a_typical_member_has_is_told_in_words(count, much):
    said = _said(_words().in_play(count, 6))
    assert said == f"A typical member has {much} reasons at the same time, as if {count} of 6 counted equally."


def _collective(name, *levels):
    return replace(_unit(*levels), unit_id=name, name=name)


HIGH, LOW = _collective("x", _level("a", 60, 50, 70)), _collective("y", _level("a", 35, 25, 45))
BETWEEN = _collective("z", _level("a", 47.5, 40, 55))


@pytest.mark.parametrize(
    ("unit", "sentence"),
    [
        (HIGH, "‘a’ is clearly higher here than in y (35)."),
        (LOW, "‘a’ is clearly lower here than in x (60)."),
        (BETWEEN, ""),
    ],
)
def test_the_page_of_a_collective_says_on_what_it_clearly_differs_from_another(unit, sentence):
    report = SimpleNamespace(collectives=(HIGH, BETWEEN, LOW))
    assert _said(_words().apart_here(report, unit)) == sentence


def _changed(unit, low, high):
    change = Change("a", "a", "2026-07", 20, (low + high) / 2, low, high, is_change=True)
    return replace(unit, changes=(change,))


def test_a_suggestion_for_all_begins_where_the_score_fell():
    fell, rose = _changed(HIGH, -20, -5), _changed(LOW, 5, 20)
    said = _said(_words(report=SimpleNamespace(collectives=(fell, rose, BETWEEN))).begin_with("a"))
    assert said == "Begin with x, where it fell."
    assert _said(_words(report=SimpleNamespace(collectives=(rose, BETWEEN))).begin_with("a")) == ""


@pytest.mark.parametrize(
    ("p_adjusted", "said"), [(0.004, "Clearly fallen"), (0.03, "Probably fallen"), (None, "Clearly fallen")]
)
def test_the_first_page_calls_a_change_clear_only_where_it_asks_for_attention(p_adjusted, said):
    change = replace(_changed(HIGH, -20, -5).changes[0], p_adjusted=p_adjusted)
    level = replace(HIGH.levels[0], mean_then=72.5)
    unit = replace(HIGH, levels=(level,), changes=(change,))
    assert _said(_words().then_of(unit, level, is_first_page=True)) == f"{said} since July 2026: 72.5."
    assert _said(_words().then_of(unit, level)) == "Clearly fallen since July 2026: 72.5."


def test_a_question_about_some_collectives_says_to_whom_it_is_put():
    asked = ("lower", "Being heard")
    question = "‘Being heard’ is lower with us than elsewhere. Do we recognise that, and what would help?"
    assert _said(_words().question(asked)) == question
    assert _said(_words().question(asked, [HIGH, LOW])) == f"For x and y: {question}"


def test_the_range_in_a_reason_is_that_of_all_collectives_for_which_it_holds():
    condition = Condition(scale="a", surely_below=50)
    one, other = _collective("x", _level("a", 30, 20, 40)), _collective("y", _level("a", 35, 25, 45))
    given = Advice(Rule(name="r", when=(condition,), text={}, source={}, strength={}), condition, (one, other))
    said = _said(_words(report=SimpleNamespace(is_single=False)).because(given))
    assert said == "Why: ‘a’ is very likely between 20 and 45: below the middle of the scale. This holds for x and y."


def test_the_first_page_says_of_whom_only_a_first_impression_or_an_earlier_month_is_shown():
    few = replace(HIGH, respondents=None)
    carried = replace(LOW, levels=tuple(replace(level, figures_of="2026-07") for level in LOW.levels))
    said = _said(_words().not_in_full([few, BETWEEN, carried]))
    assert said == (
        "Of x only rounded scores: fewer than 10 members answered."
        " Of y only figures of July 2026: newer ones would tell something about the few whose answers changed."
    )
    older = replace(carried, levels=tuple(replace(level, figures_of="2026-06") for level in LOW.levels))
    assert _said(_words().not_in_full([older, carried])).startswith(
        "Of y and y only figures of an earlier month: newer"
    )
    assert _said(_words().not_in_full([BETWEEN])) == ""


def test_where_nothing_stands_out_it_says_beside_what_it_looked():
    quiet = replace(_changed(HIGH, -5, 5).changes[0], is_change=False)
    unit = replace(HIGH, changes=(quiet,))
    said = _said(_words().nothing_stands_out(unit, [unit]))
    assert said == (
        "Since July 2026 no score has clearly risen or fallen: the differences may be chance."
        " There are too few similar collectives to compare with."
    )
    several = _said(_words().nothing_stands_out(unit, [unit, BETWEEN]))
    assert several.startswith("Since July 2026 no score has clearly risen or fallen in any collective: the differences")
    moved = _said(_words().nothing_stands_out(unit, [unit, _changed(LOW, -20, -5)]))
    assert moved.startswith("Since July 2026 no change is certain enough to ask for attention here;")
    assert _said(_words().nothing_stands_out(HIGH, [HIGH])).startswith(
        "There are no earlier figures to compare with yet."
    )


@pytest.mark.parametrize(("moved", "end"), [(False, " In no other collective did it clearly change."), (True, "")])
def test_where_the_whole_changed_it_is_said_whether_one_collective_alone_did(moved, end):
    fell = _changed(HIGH, -20, -5)
    other = replace(LOW, changes=(replace(fell.changes[0], is_change=moved),))
    whole = replace(fell, unit_type="organisation", levels=(replace(fell.levels[0], mean=41.5, mean_then=47),))
    report = SimpleNamespace(whole=whole, collectives=(fell, other), is_single=False)
    (item, *_) = attention.of_unit(fell)
    assert _said(_words(report=report).in_whole(item)) == f"In the organisation as a whole: from 47 to 41.5.{end}"


@pytest.mark.parametrize(("verdict", "brackets"), [("similar", 1), ("uncertain", 0)])
def test_a_bracket_is_drawn_only_where_it_explains_the_verdict(verdict, brackets):
    axis = environment("en").get_template("charts/axis.svg").make_module({"setting": SETTING})
    level = replace(HIGH.levels[0], peers=9, p25=55.0, p75=65.0, verdict=verdict)
    assert str(axis.level(level, None, 50, 0, 100, "#1d2f5e")).count('y1="58"') == brackets
