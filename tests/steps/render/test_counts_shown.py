"""Of which collectives numbers of members are shown, and what a report says where they are not."""

from dataclasses import replace

import pytest

from flows.steps.render.counts_shown import lacking, left_out, without_main_reason
from flows.steps.render.figures import PeopleCount
from flows.steps.render.templates import environment
from tests.steps.render.settings import SETTING
from tests.steps.render.test_findings import _level, _unit


def _counted(name, respondents, counted=None):
    """A collective with so many respondents, of whom `counted` are in its own published counts."""
    own = () if counted is None else (PeopleCount("mixed", None, counted, 1.0, None, None, counted),)
    return replace(_unit(), name=name, respondents=respondents, orientations=own)


@pytest.mark.parametrize(
    ("total", "names"),
    [(54, ["large", "small", "few"]), (54 + 22, ["large"])],
)
def test_who_is_not_in_a_count_of_the_organisation_is_named(total, names):
    """It is the sum of the published counts, to which small collectives are added together or not at all."""
    units = [_counted("own", 54, 54), _counted("large", 30), _counted("small", 15), _counted("few", None)]
    assert [unit.name for unit in left_out(units, "orientations", total, 20)] == names


def test_who_did_not_answer_is_not_said_to_be_left_out():
    silent = replace(_counted("silent", None), state="nobody")
    assert left_out([_counted("own", 54, 54), silent], "orientations", 54, 20) == ()


def _divided(name, respondents, classes=(), figures_of=None):
    """A collective of which the numbers of members in these classes are shown."""
    counts = tuple(PeopleCount(entry, None, 10, 0.5, None, None, 20) for entry in classes)
    level = replace(_level("a", 60), figures_of=figures_of)
    return replace(_unit(level), name=name, respondents=respondents, orientations=counts)


UNITS = (
    _divided("shown", 40, ("community", "other")),
    _divided("coarse", 33, ("balanced", "other")),
    _divided("short", 19),
    _divided("first impression", None),
    _divided("carried", 15, figures_of="2026-07"),
    _divided("carried hidden", 25, figures_of="2026-07"),
)


def test_what_it_takes_is_known_where_the_number_of_answers_is():
    found = lacking(UNITS, 20)
    assert [(unit.name, count) for unit, count in found.short] == [("short", 1)]
    assert [unit.name for unit in found.few] == ["first impression", "carried"]
    assert [unit.name for unit in found.hidden] == ["coarse", "carried hidden"]


def test_who_is_not_divided_by_one_main_reason_is_known_where_others_are():
    divided = replace(UNITS[0], name="divided", dominant_motives=UNITS[0].orientations)
    assert without_main_reason(UNITS, 20) == ()
    assert without_main_reason((*UNITS, divided), 20) == UNITS[:1], "the others lack both, which is said of them"


MANY = "How many members of 4 collectives take part mainly for the community: that takes 20 answers."
EACH = "How many members of each collective take part mainly for the community: that takes 20 answers."
SHORT = "How many members of short (1 more needed) take part mainly for the community: that takes 20 answers."
HIDDEN = (
    "How many members of coarse take part mainly for the community: enough answered, but somebody could be recognised."
)
SOME = (
    "How many members of short (1 more needed), first impression, and carried take part mainly for the community: that"
    " takes 20 answers. Of coarse and carried hidden enough answered, but somebody could be recognised."
)


@pytest.mark.parametrize(
    ("units", "sentence"),
    [
        (UNITS[:1], ""),
        (UNITS[2:3], SHORT),
        (UNITS[1:2], HIDDEN),
        (UNITS, SOME),
        (UNITS[2:3] * 4 + UNITS[:1], MANY),
        (UNITS[2:3] * 4, EACH),
    ],
)
def test_the_first_page_says_of_whom_numbers_are_missing_and_what_that_takes(units, sentence):
    words = environment("en").get_template("words.html").make_module({"setting": SETTING})
    assert " ".join(str(words.not_counted(units)).split()) == sentence


def test_it_says_that_the_organisation_lacks_them_too():
    words = environment("en").get_template("words.html").make_module({"setting": SETTING})
    assert str(words.not_counted(UNITS[2:3], True)).endswith(
        "takes 20 answers. Nor that of the whole organisation: it is the sum of those of all collectives."
    )
    hidden = str(words.not_counted(UNITS[1:2], True))
    assert hidden.startswith("How many members of coarse and the whole organisation take part mainly for the community")
    assert "organisation" not in str(words.not_counted(UNITS[:1], True))


def test_the_page_of_a_collective_says_how_many_answers_it_lacks():
    words = environment("nl").get_template("words.html").make_module({"setting": SETTING})
    said = [str(words.lacks_counts(unit)).strip() for unit in UNITS]
    assert said == ["", "", "Met nog 1 antwoord kunnen we laten zien voor wie ze meedoen.", "", "", ""]
