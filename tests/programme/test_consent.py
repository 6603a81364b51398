"""Consent is a yes that the source names: never a part of a text, never a guess."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.foundation.text_comparison import same_text
from flows.programme.consent import answer_of

YES, NO = ["Ja", "Yes, gladly"], ["Nee"]
SEPARATORS = st.sampled_from([";", "; ", ",", ", ", "\n", " | "])
# Separators with nothing between them are no answer, so what else is in the cell stands alone.
OTHER = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1).filter(
    lambda text: answer_of(text, YES, NO, False) == "unknown" and any(map(same_text, re.split("[;|]", text)))
)


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("Ja", "yes"), (" JA\u00a0", "yes"), ("<b>Ja</b>", "yes"), ("Nee", "no"), ("", "no"), ("  ", "no"),
        ("1", "unknown"), ("Y", "unknown"), ("Ja, maar niet voor deze rapporten", "unknown"),
        ("Ja, mits mijn naam er niet bij staat; nee voor delen", "unknown"), ("Ja;Nee;", "unknown"),
        ("Ja;", "unknown"), ("Yes, gladly", "yes"), ("Ja Nee", "unknown"),
    ],
)  # fmt: skip
def test_one_answer_is_taken_as_it_stands(text, answer):
    assert answer_of(text, YES, NO, several=False) == answer


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("Ja;", "yes"), ("Yes, gladly;Ja;", "yes"), ("Ja, Yes, gladly", "unknown"), ("Ja;Nee;", "unknown"),
        ("Nee;Nee", "no"), ("Ja;,", "unknown"), (";;Ja", "yes"), ("Ja;|", "yes"),
        ("Ja;maar niet voor deze rapporten", "unknown"), ("Ja, maar niet alles", "unknown"),
    ],
)  # fmt: skip
def test_of_several_ticks_all_must_say_the_same(text, answer):
    assert answer_of(text, YES, NO, several=True) == answer


@given(OTHER, SEPARATORS, st.booleans(), st.booleans())
def test_no_text_around_a_yes_makes_a_yes(other, separator, first, several):
    text = separator.join(["Ja", other] if first else [other, "Ja"])
    assert answer_of(text, YES, NO, several) == "unknown"


@pytest.mark.parametrize("text", ["nee", "No", "NEIN", "0", "false"])
def test_sources_from_before_know_a_plain_no_and_nothing_else(text):
    assert answer_of(text, ["Ja"], [], several=False) == "no"
    assert answer_of("Liever niet", ["Ja"], [], several=False) == "unknown"
    assert answer_of(text, ["Ja"], ["Weiger ik"], several=False) == "unknown"


def test_a_no_that_is_named_yes_is_a_yes():
    assert answer_of("0", ["0"], [], several=False) == "yes"
