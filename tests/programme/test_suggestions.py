"""The rules behind suggestions: a file that people read, and mistakes that it tells in words."""

import pytest

from flows.foundation.errors import UserError
from flows.programme import suggestions
from tests.programmes import INSTRUMENT

RULE = """\
instrument: motives
suggestions:
  listen:
    when:
      - {condition}
    text: {{en: It can help to listen.}}
    source: {{en: Nobody (2026)}}
    strength: {{en: none}}
"""


def _load(folder, condition):
    (folder / suggestions.OWN_FILE).write_text(RULE.format(condition=condition))
    return suggestions.load(folder, INSTRUMENT)


def test_without_a_file_of_its_own_a_programme_has_those_of_its_questionnaire(tmp_path):
    assert len(suggestions.load(tmp_path, INSTRUMENT).rules) > 3


def test_a_file_of_its_own_takes_their_place(tmp_path):
    (rule,) = _load(tmp_path, "{scale: heard, surely_below: 50}").rules
    assert (rule.when[0].scale, rule.when[0].surely_below) == ("heard", 50)


def test_a_questionnaire_without_rules_has_no_suggestions(tmp_path):
    other = INSTRUMENT.model_copy(update={"instrument": "other"})
    assert suggestions.load(tmp_path, other).rules == ()


@pytest.mark.parametrize(
    ("condition", "sentence"),
    [
        ("{scale: herd, surely_below: 50}", r"line 4.* no scale 'herd' \(did you mean 'heard'\?\)"),
        ("{scale: heard}", "a condition asks exactly one thing"),
        ("{scale: heard, surely_below: 50, fell: true}", "a condition asks exactly one thing"),
        ("{members_differ: true, scale: heard}", "a condition names a scale, except members_differ"),
        ("{surely_below: 50}", "a condition names a scale, except members_differ"),
        ("{scale: heard, surely_below: 500}", "must be at most 100"),
        ("{scale: heard, surely_below: low}", "must be a number"),
        ("{scale: heard, below: 50}", "below"),
    ],
)
def test_a_mistake_is_told_with_its_line(tmp_path, condition, sentence):
    with pytest.raises(UserError, match=sentence) as raised:
        _load(tmp_path, condition)
    assert str(raised.value).startswith("suggestions.yaml")


def test_titles_are_given_by_language(tmp_path):
    text = RULE.format(condition="{scale: heard, fell: true}")
    (tmp_path / suggestions.OWN_FILE).write_text(f"{text}    titles: {{en: [Nobody]}}\n")
    assert suggestions.load(tmp_path, INSTRUMENT).rules[0].titles == {"en": ["Nobody"]}


@pytest.mark.parametrize(
    ("titles", "sentence"),
    [
        ("{en: [Somebody]}", "the title 'Somebody' is in none"),
        ("{English: [Nobody]}", "the code of a language, such as en"),
    ],
)
def test_a_title_that_no_source_quotes_is_a_mistake(tmp_path, titles, sentence):
    text = RULE.format(condition="{scale: heard, fell: true}")
    (tmp_path / suggestions.OWN_FILE).write_text(f"{text}    titles: {titles}\n")
    with pytest.raises(UserError, match=sentence):
        suggestions.load(tmp_path, INSTRUMENT)


def test_rules_for_another_questionnaire_are_a_mistake(tmp_path):
    (tmp_path / suggestions.OWN_FILE).write_text("instrument: other\nsuggestions: {}\n")
    with pytest.raises(UserError, match="are for the questionnaire 'other'"):
        suggestions.load(tmp_path, INSTRUMENT)


def test_other_rules_make_another_release(tmp_path):
    one = _load(tmp_path, "{scale: heard, surely_below: 50}").sha256
    assert _load(tmp_path, "{scale: heard, surely_below: 51}").sha256 != one
