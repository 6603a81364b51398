"""A value is set in a file that a person wrote, and nothing else in that file changes."""

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from flows.foundation.yaml_edit import scalar, with_value

FILE = """\
# by hand
source: form   # its name
codes:
  importance5: {A1: 1}
  # agreement comes later
missing:
  not_applicable: ["99"]
already_reversed:
  - q1
columns:
collective: {from: undecided}

# the end
"""


def _read(text: str) -> dict:
    return yaml.load(text, Loader=yaml.BaseLoader)


@pytest.mark.parametrize(
    ("place", "value", "line"),
    [
        (("source",), "other", "source: other   # its name"),
        (("codes", "importance5", "A2"), "2", "  importance5: {A1: 1, A2: 2}"),
        (("codes", "agreement5", "A1"), "1", "  agreement5: {A1: 1}"),
        (("missing", "not_applicable"), "88", '  not_applicable: ["99", 88]'),
        (("already_reversed",), "q2", "  - q2"),
        (("columns", "q1"), "Vraag: hoe?", 'columns: {q1: "Vraag: hoe?"}'),
        (
            ("collective", "values", "Zuid, of zo"),
            "zuid",
            'collective: {from: undecided, values: {"Zuid, of zo": zuid}}',
        ),
        (("version",), "2", "version: 2"),
    ],
)
def test_one_line_says_the_new_value(place, value, line):
    changed = with_value(FILE, place, value)
    assert line in changed.splitlines()
    for kept in ("# by hand", "# its name", "# agreement comes later", "# the end"):
        assert kept in changed


def test_an_empty_file_gets_its_first_value():
    assert _read(with_value("", ("codes", "s", "A1"), "1")) == {"codes": {"s": {"A1": "1"}}}


def test_there_is_no_place_below_a_single_value():
    with pytest.raises(ValueError, match="'source' holds no further names"):
        with_value(FILE, ("source", "name"), "x")


_NAMES = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=12)


@given(st.lists(_NAMES, min_size=1, max_size=3), _NAMES)
def test_what_is_set_is_read_back(place, value):
    changed = with_value("a: 1\nb:\n  c: 2\n", ["new", *place], value)
    found = _read(changed)["new"]
    for name in place:
        found = found[name]
    assert found == value
    assert _read(changed)["b"] == {"c": "2"}


@given(_NAMES)
def test_a_scalar_is_read_back(text):
    assert _read(f"- {scalar(text)}\n- {{k: {scalar(text)}}}") == [text, {"k": text}]
