"""A suggestion helps who mistyped a name, and misleads nobody to the neighbour of what they wanted."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.foundation.messages import did_you_mean


@pytest.mark.parametrize(
    ("word", "known", "nearest"),
    [
        ("learnin_1", ["learning_1", "learning_2"], "learning_1"),
        ("m2[SQ003]", ["m6[SQ003]"], None),
        ("m2[SQ003]", ["m6[SQ003]", "m2[SQ004]", "m2_SQ003"], "m2_SQ003"),
        ("m2[SQ003]", ["m6[SQ003]", "q2[SQ003]"], "q2[SQ003]"),
        ("m2[SQ003]", ["m2[SQ03]"], "m2[SQ03]"),
        ("Q12", ["Q1", "Q2", "Q21", "Q13"], None),
        ("learning_1", ["learning", "learning_2"], "learning"),
        ("importance", ["importance5", "agreement5"], "importance5"),
        ("Hoe vaak in 2025?", ["Hoe vaak in 2026?"], None),
        ("colunms", ["columns", "codes"], "columns"),
        ("", ["columns"], None),
    ],
)
def test_letters_may_differ_numbers_may_not(word, known, nearest):
    assert did_you_mean(word, known) == (f" (did you mean '{nearest}'?)" if nearest else "")


@given(st.from_regex(r"[a-z]{1,6}[0-9]{1,4}", fullmatch=True), st.integers(1, 9))
def test_a_name_that_differs_in_its_number_alone_is_never_offered(name, more):
    letters = name.rstrip("0123456789")
    number = int(name.removeprefix(letters))
    assert did_you_mean(name, [f"{letters}{number + more}"]) == ""
