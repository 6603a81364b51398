"""A column of ids holds ids, ways to give none, and what a spreadsheet has left of them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.foundation.errors import UserError
from flows.steps.ingest.ids import is_rounded, names_nobody
from tests import programmes


@pytest.mark.parametrize(
    "text",
    ["anonymous", "Anoniem", "anoniem.", "nvt", "N.v.t.", "n/a", "-", "--", "0", "000", "?", "…", "geen", "geen idee",
     "Geen lidnummer", "(geen)", "weet ik niet", "onbekend", "niet van toepassing (nog)", "none", "X"],
)  # fmt: skip
def test_placeholders_name_nobody(text):
    assert names_nobody(text)


@pytest.mark.parametrize(
    "text",
    ["L-1042", "10", "100", "n.jansen@voorbeeld.nl", "Geenen", "Non-Stop 4", "0031", "Noor", "test17", "geen-17-a-4"],
)
def test_who_is_named_is_somebody(text):
    assert not names_nobody(text)


@given(st.integers(min_value=1), st.sampled_from(["", "L", "lid ", "#"]))
def test_a_number_is_somebody(number, before):
    assert not names_nobody(f"{before}{number}")


@given(st.integers(10**11, 10**18), st.sampled_from([".", ","]), st.integers(0, 6))
def test_a_long_number_as_a_spreadsheet_shows_it_is_rounded(number, mark, digits):
    assert is_rounded(f"{number:.{digits}E}".replace(".", mark))
    assert not is_rounded(str(number))


@pytest.mark.parametrize("text", ["1E5", "7e12", "12E+3", "E+11", "uuid:1e+", "a1,2E+11"])
def test_what_only_resembles_one_is_an_id(text):
    assert not is_rounded(text)


@pytest.mark.parametrize(
    "pattern", [r"^(a+)+$", r"^(?:a|aa)+(x?)$", r"(?P<name>[A-Z]{3})-", r"\(([^)]+)\)", r"^(\pL+)"]
)
def test_a_pattern_with_one_group_is_taken_and_takes_no_longer_than_the_text_is_long(programme, pattern):
    collective = f"collective: {{from: token_prefix, column: group, pattern: '{pattern}', values: {{watch: watch}}}}"
    programmes.plain_source(programme, programmes.ITEMS, collective=collective)
    programme.export("answers.csv", [programmes.answers(n, group="a" * 5000 + "!") for n in range(1, 4)])
    assert programme.ingest().unread == ()


@pytest.mark.parametrize("pattern", [r"^(a+", r"(?=x)(a)", r"(a)\1", "[a-z]+", "(a)(b)", r"\(a\)"])
def test_another_pattern_is_refused_with_its_line(programme, pattern):
    collective = f"collective: {{from: token_prefix, column: group, pattern: '{pattern}'}}"
    programmes.plain_source(programme, programmes.ITEMS, collective=collective)
    with pytest.raises(UserError, match="form.yaml"):
        programme.ingest()
