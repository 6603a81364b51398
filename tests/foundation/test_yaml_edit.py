"""A value is set in a file that a person wrote, and nothing else in that file changes."""

import re
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.foundation import strict_yaml
from flows.foundation.yaml_edit import braced, with_value, with_values, written
from tests.selection import ordinarily

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

# Ways to write the mapping `m` with the name `a`, before another name.
WAYS = {
    "block": "m:\n  a: x\nlast: 01\n",
    "block, four columns": "m:\n    a: x\n    b:\n        - 1\nlast: 01\n",
    "block, one column": "m:\n a: x\nlast: 01\n",
    "block, mixed columns": "m:\n  a: x\nother:\n      deep:\n          very: 1\n      l:\n      - 1\nlast: 01\n",
    "block with a list": "m:\n  a: x\n  b:\n    - 1\n    - 2\nlast: 01\n",
    "block with a list without columns": "m:\n  a: x\n  b:\n  - 1\n  - 2\nlast: 01\n",
    "block with a comment behind": "m:   # all of them\n  a: x   # the first\nlast: 01\n",
    "block with a comment above and below": "m:\n  # the first\n  a: x\n  # no more\n\n# the last\nlast: 01\n",
    "block with a comment of the next name": "m:\n  a: x\n\n# About the last:\n# it is the last.\nlast: 01\n",
    "block at the end": "first: no\nm:\n  a: x",
    "block at the end with a comment": "first: no\nm:\n  a: x\n\n# the end",
    "flow": "m: {a: x}\nlast: 01\n",
    "flow without spaces": 'm: {"a":x}\nlast: 01\n',
    "flow with spaces": "m: { a: x , b: y }   # both\nlast: 01\n",
    "flow with a comma at the end": "m: {a: x,}\nlast: 01\n",
    "flow over lines": "m: {\n  a: x,\n  b: y\n}\nlast: 01\n",
    "flow over lines beside a comment": "m: {a: x}\no: {b: y,   # why\n    c: z}   # not\nlast: 01\n",
    "flow, the whole file": "{m: {a: x}, last: 01}\n",
    "flow in flow": "m: {a: x, b: {c: [1, {d: 2}]}}\nlast: 01\n",
    "empty flow": "m: {}\nlast: 01\n",
    "empty": "m:\nlast: 01\n",
    "empty with a comment": "m:   # later\n# what comes last\nlast: 01\n",
    "empty, as null": "m: ''\nlast: 01\n",
    "empty at the end": "first: no\nm:",
    "missing": "last: 01\n",
    "quoted names": "'m':\n  \"a\": x\nlast: 01\n",
    "quoted values": "m:\n  a: \"x\"\n  b: 'it''s'\nlast: \"01\\u00e9\"\n",
    "question marks": "? m\n: ? a\n  : x\nlast: 01\n",
    "a literal block": "m:\n  a: x\n  b: |\n    # no comment\n\n    text\n\nlast: 01\n",
    "a literal block as the value": "m:\n  a: |-\n    x\n    y\nlast: 01\n",
    "a folded block": "m:\n  a: x\n  b: >-\n    one\n    two\n\n    three\nlast: 01\n",
    "plain text over lines": "m:\n  a: x\n    y\n  b: one\n    two\nlast: 01\n",
    "quoted text over lines": 'm:\n  a: x\n  b: "one\n    two"\nlast: 01\n',
    "an anchor beside": "o: &one\n  p: 1\nm:\n  a: x\nlast: *one\n",
    "a tag": "m:\n  a: !!str x\n  b: !odd y\nlast: 01\n",
    "start of the document": "---\nm:\n  a: x\nlast: 01\n",
    "start and end of the document": "# by hand\n--- # begins\nm:\n  a: x\nlast: 01\n...\n",
    "line ends of Windows": "m:\r\n  a: x   # the first\r\n  b: y\r\nlast: 01\r\n",
    "a byte order mark": "\ufeffm:\n  a: x\nlast: 01\n",
    "tabs behind colons": "m:\n  a:\tx\n  b:\t'y\tz'\nlast: 01\t# the last\n",
    "blank lines": "\n\nm:\n\n  a: x\n\n\n  b: y\n\n\nlast: 01\n",
    "spaces at line ends": "m:  \n  a: x  \nlast: 01 \n",
    "what looks like no text": "m: {a: x, b: ~, c: 1e3, d: 2026-10-01, e: 12:30, f: 0x1f, no: off}\nlast: 1_000\n",
    "long lines": f"m:\n  a: x\n  b: {'long ' * 60}end\nlast: '{'very ' * 60}'\n",
    "two columns of comments": "m:\n  a: x        # one\n  bbbbbb: y   # two\nlast: 01    # three\n",
}
PLACES = {"replaced": ("m", "a"), "added": ("m", "new name"), "nested": ("m", "n", "k: 1"), "at the top": ("new",)}
VALUES = ("no", "01", "Vraag: hoe? #1", 'it\'s "so", [x] {y}', "")


def _read(text: str) -> dict:
    return yaml.load(text, Loader=getattr(yaml, "CBaseLoader", yaml.BaseLoader)) or {}


def _expected(text: str, place: tuple[str, ...], value: str) -> dict:
    document = _read(text)
    inner = document
    for name in place[:-1]:
        inner[name] = inner.get(name) or {}
        inner = inner[name]
    inner[place[-1]] = value
    return document


def _comments(text: str) -> list[str]:
    return sorted(re.findall(r"(?m)(?:^|\s)(# .*?)\s*$", text))


@pytest.mark.parametrize("where", ordinarily(PLACES))
@pytest.mark.parametrize("text", WAYS.values(), ids=WAYS)
def test_every_way_to_write_a_mapping_takes_a_value(text, where, tmp_path):
    place = PLACES[where]
    for value in VALUES:
        changed = with_value(text, place, value)
        assert _read(changed) == _expected(text, place, value)
        assert _comments(changed) == _comments(text)
        assert changed.startswith("\ufeff") == text.startswith("\ufeff")
        assert ("\r\n" in changed, "\n" in changed.replace("\r\n", "")) == ("\r\n" in text, "\r\n" not in text)
        if "&" not in text:
            path = tmp_path / "file.yaml"
            path.write_text(changed, encoding="utf-8", newline="")
            assert strict_yaml.read(path).data == _read(changed)


@pytest.mark.parametrize("text", WAYS.values(), ids=WAYS)
def test_what_is_not_changed_stays_to_the_letter(text):
    """Every line that has nothing to do with the value stands there as a person wrote it."""
    changed = with_value(text, ("last",), "2").splitlines()
    for line in text.splitlines():
        if "last" not in line and not text.startswith("{") and "&" not in line:
            assert line in changed


@pytest.mark.parametrize("line", ["  importance5: {A1: 1}", "source: form   # its name", "  - q1", "# by hand"])
def test_lines_stay_where_they_are(line):
    changed = with_values(FILE, {("codes", "agreement5", "A1"): "1", ("columns", "q1"): "Q1"})
    before, after = FILE.splitlines(), changed.splitlines()
    assert [entry for entry in after if entry in before] == before
    assert line in after


@pytest.mark.parametrize(
    ("place", "value", "line"),
    [
        (("source",), "other", "source: other  # its name"),
        (("codes", "importance5", "A2"), "2", "  importance5: {A1: 1, A2: 2}"),
        (("codes", "agreement5", "A1"), "1", "  agreement5: {A1: 1}"),
        (("missing", "not_applicable"), "88", '  not_applicable: ["99", 88]'),
        (("already_reversed",), "q2", "  - q2"),
        (("columns", "q1"), "Vraag: hoe?", '  q1: "Vraag: hoe?"'),
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


def test_a_new_entry_stands_above_the_comment_of_the_next_section():
    text = "columns:\n  q1: a\n\n# How the collective is found.\ncollective: {from: folder}\n"
    assert with_value(text, ("columns", "q2"), "b").startswith("columns:\n  q1: a\n  q2: b\n\n# How")


def test_an_empty_file_gets_its_first_value():
    for text in ("", "# nothing yet", "# nothing yet\n\n"):
        changed = with_value(text, ("codes", "s", "A1"), "1")
        assert _read(changed) == {"codes": {"s": {"A1": "1"}}}
        assert changed.startswith(text)


@pytest.mark.parametrize(
    ("text", "place", "sentence"),
    [
        (FILE, ("source", "name"), "'source' holds no further names"),
        (FILE, ("already_reversed", "q1", "x"), "'already_reversed' holds no further names"),
        ("m: {a: x,   # why\n    b: y}\n", ("m", "a"), "without losing a comment"),
        ("a: 1\n- b\n", ("a",), "edit it by hand"),
        ("a: 1\n---\na: 2\n", ("a",), "edit it by hand"),
    ],
)
def test_what_cannot_be_set_is_said(text, place, sentence):
    with pytest.raises(ValueError, match=sentence):
        with_value(text, place, "z")


_TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=12)
# With spaces, line ends and the marks of YAML itself; names are at most as long as a reader allows.
_ANY_TEXTS = st.one_of(
    _TEXTS,
    st.text(st.sampled_from(" \n\t'\"#:-?,[]{}&*!|>%@`=<~.\\/é€\u2028\u0085"), max_size=8),
    st.sampled_from(["no", "yes", "null", "~", "01", "1e3", "1_000", "0x1f", ".inf", "2026-10-01", "12:30", "=", "<<"]),
    st.text("ab ", min_size=120, max_size=300).map(str.strip),
)


@settings(deadline=None)
@given(st.lists(_ANY_TEXTS, min_size=1, max_size=3), _ANY_TEXTS)
def test_what_is_set_is_read_back(place, value):
    changed = with_value("a: 1\nb:\n  c: 2\n", ("new", *place), value)
    found = _read(changed)["new"]
    for name in place:
        found = found[name]
    assert found == value
    assert _read(changed)["b"] == {"c": "2"}


@settings(deadline=None)
@given(st.dictionaries(_ANY_TEXTS, _ANY_TEXTS, max_size=4), st.lists(_ANY_TEXTS, max_size=4))
def test_a_document_is_read_back(mapping, texts):
    document = {"m": mapping, "one_line": braced(mapping), "deep": {"m": {"x": texts, **mapping}}, "list": texts}
    assert _read(written(document)) == {**document, "one_line": mapping}
    assert written({"q": texts}).count("\n") == 1


def test_what_stands_in_two_places_is_written_twice():
    codes = braced({"A1": 1, "A2": [2]})
    assert written({"one": codes, "two": codes}) == "one: {A1: 1, A2: [2]}\ntwo: {A1: 1, A2: [2]}\n"


@settings(deadline=None)
@given(_ANY_TEXTS, st.text(max_size=30))
def test_comments_change_nothing(text, comment):
    assert _read(written({"q": text, "r": text}, heading=[comment], above={"r": comment})) == {"q": text, "r": text}


def test_the_shipped_example_takes_columns_and_stays_as_it_is():
    example = (Path(__file__).parent.parent.parent / "flows/commands/init/example.yaml").read_text(encoding="utf-8")
    changed = with_values(example, {("columns", "q1"): "Q1", ("columns", "q2"): "Q 2"})
    assert changed == f"{example}  q1: Q1\n  q2: Q 2\n"
