"""Writes YAML for people, and sets single values in a YAML file that a person wrote, by ruamel.yaml's round trip.

Every scalar in our files is text, as `strict_yaml` reads it: `no`, `01` and `1e3` need no quotes.
"""

import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from itertools import chain
from typing import Any

import yaml
from ruamel.yaml import YAML, ScalarNode
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import YAMLError
from ruamel.yaml.resolver import VersionedResolver
from ruamel.yaml.scalarstring import DoubleQuotedScalarString

from flows.foundation.messages import printable

# Written without quotes. ruamel.yaml allows more, such as `[?a, :b]` and some line ends, which PyYAML cannot read.
_PLAIN = re.compile(r"\w(?:[\w /.()'+-]*[\w.)])?")
_BYTE_ORDER_MARK = "\ufeff"
# The same scanner as that of `strict_yaml`.
_LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
# Common indentations: of a name in a mapping, of an entry in a list, and of the dash before that entry.
_INDENTS = ((2, 2, 0), (2, 4, 2), (4, 4, 0), (4, 4, 2), (4, 6, 4), (3, 3, 0), (8, 8, 0))
# ruamel.yaml writes a longer name after a question mark.
_LONGEST_NAME = 1000
_ENDLESS = 10**9

Place = tuple[str, ...]


class _TextResolver(VersionedResolver):
    """Reads every scalar as text."""

    def resolve(self, kind: Any, value: Any, implicit: Any) -> Any:
        return self.DEFAULT_SCALAR_TAG if kind is ScalarNode else super().resolve(kind, value, implicit)


def braced(mapping: Mapping[str, Any]) -> Mapping[str, Any]:
    """A mapping that is written in braces on one line."""
    made = CommentedMap({_scalar(name): _for_people(value) for name, value in mapping.items()})
    made.fa.set_flow_style()
    return made


def written(document: Mapping[str, Any], heading: Sequence[str] = (), above: Mapping[str, str] | None = None) -> str:
    """Write a document as YAML; lists are on one line, and so are mappings that are `braced`.

    `heading` has the comment lines at the top; `above` has comments to put above names.
    """
    made = _for_people(document)
    if heading:
        made.yaml_set_start_comment(_comment(heading))
    for name, comment in (above or {}).items():
        if name in made:
            made.yaml_set_comment_before_after_key(name, before=_comment([comment]))
    return _dumped(made)


def with_value(text: str, place: Place, value: str) -> str:
    """The text of the file with a scalar set at a place; see `with_values`."""
    return with_values(text, {place: value})


def with_values(text: str, values: Mapping[Place, str]) -> str:
    """The text of the file with scalars set at places such as ``("codes", "importance5", "A1")``; missing mappings
    on the way are created.

    A list gets the value as a new entry. Everything else in the file, including comments, stays unchanged.

    Raises:
        ValueError: something on the way is a list or a single value, so there is no such place; or the file is written
            in a form in which the value cannot be set without losing something.
    """
    mark = _BYTE_ORDER_MARK if text.startswith(_BYTE_ORDER_MARK) else ""
    lines = text.removeprefix(mark).replace("\r\n", "\n")
    if lines and not lines.endswith("\n"):
        lines += "\n"
    try:
        fitting = [changed for changed in _ways_to_change(lines, values) if _is_right(lines, changed, values)]
    except (YAMLError, yaml.YAMLError) as problem:
        said = getattr(problem, "problem", None) or problem
        raise ValueError(f"the file cannot be changed ({said}); edit it by hand") from None
    if not fitting:
        raise ValueError("this place cannot be changed without losing a comment; edit the file by hand")
    nearest = max(fitting, key=lambda changed: SequenceMatcher(None, lines.split("\n"), changed.split("\n")).ratio())
    return mark + (nearest.replace("\n", "\r\n") if "\r\n" in text else nearest)


def _ways_to_change(text: str, values: Mapping[Place, str]) -> Iterator[str]:
    """Candidates for the changed file: with only the changed lines rewritten, or all, in each indentation."""
    for indent in _INDENTS:
        # YAML never needs tabs, and ruamel.yaml rejects some that other readers accept as spaces.
        document = _editor(indent).load(text.replace("\t", " "))
        if document is None or document == "":
            yield text + _dumped(_changed(CommentedMap(), values))
            return
        before = _dumped(document, indent)
        after = _dumped(_changed(document, values), indent)
        yield _merged(text, before, _below_last_entry(before, after))
        yield _merged(text, before, after)
        yield after
        if before == text:
            return


def _changed(document: Any, values: Mapping[Place, str]) -> Any:
    for place, value in values.items():
        _set(document, place, value)
    return document


def _set(document: Any, place: Place, value: str) -> None:
    *way, last = place
    for depth, name in enumerate(way):
        if not isinstance(document, dict):
            raise ValueError(f"'{'.'.join(place[:depth])}' holds no further names")
        if not document.get(name):
            document[_scalar(name)] = CommentedMap() if depth == 0 else braced({})
        document = document[name]
    if not isinstance(document, dict):
        raise ValueError(f"'{'.'.join(way)}' holds no further names")
    if isinstance(document.get(last), list):
        document[last].append(_scalar(value))
    else:
        document[_scalar(last)] = _scalar(value)


def _is_right(text: str, changed: str, values: Mapping[Place, str]) -> bool:
    """Whether the changed file has the new values, all other values unchanged, and every comment."""
    try:
        return _read(changed) == _changed(_read(text), values) and not _comments(text) - _comments(changed)
    except yaml.YAMLError:
        return False


def _read(text: str) -> Any:
    return yaml.load(text, Loader=_LOADER) or {}  # noqa: S506 texts only


def _comments(text: str) -> Counter[str]:
    """Every comment: the text after a number sign between two tokens."""
    found: Counter[str] = Counter()
    end = 0
    for token in yaml.scan(text, Loader=_LOADER):
        found.update(comment.rstrip() for comment in re.findall("#.*", text[end : token.start_mark.index]))
        end = max(end, token.end_mark.index)
    return found


def _below_last_entry(before: str, after: str) -> str:
    """`after` with each new line directly below the previous entry, above the comments that belong to the next one."""
    old, new = before.splitlines(True), after.splitlines(True)
    made: list[str] = []
    for kind, _, _, start, end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        at = len(made)
        while kind == "insert" and at and re.match(r"\s*(#|$)", made[at - 1]):
            at -= 1
        made[at:at] = new[start:end]
    return "".join(made)


def _merged(text: str, before: str, after: str) -> str:
    """`text` with only the lines replaced in which `after` differs from `before`, ruamel.yaml's form of `text`."""
    own, old, new = (version.splitlines(True) for version in (text, before, after))
    # For each old line: the line itself and new ones below it, or its replacement.
    now: list[list[str]] = [[] for _ in old]
    for start, end, new_start, new_end in _pieces(old, new):
        now[start if start < end else max(start - 1, 0)] += new[new_start:new_end]
    made: list[str] = []
    for start, end, own_start, own_end in _pieces(old, own):
        changed = list(chain.from_iterable(now[start:end]))
        if changed[: end - start] == old[start:end]:
            made += own[own_start:own_end] + changed[end - start :]
        else:
            made += changed
    return "".join(made)


def _pieces(lines: list[str], others: list[str]) -> Iterator[tuple[int, int, int, int]]:
    """Align two lists of lines: ranges of one with ranges of the other, line by line where they have equal length."""
    for _, start, end, other, last in SequenceMatcher(None, lines, others, autojunk=False).get_opcodes():
        if end - start == last - other:
            yield from ((start + step, start + step + 1, other + step, other + step + 1) for step in range(end - start))
        else:
            yield start, end, other, last


def _for_people(value: Any) -> Any:
    if isinstance(value, CommentedMap):
        # A copy, because an object in two places would be written as an anchor and an alias.
        return braced(value)
    if isinstance(value, Mapping):
        return CommentedMap({_scalar(name): _for_people(inner) for name, inner in value.items()})
    if isinstance(value, list | tuple):
        made = CommentedSeq(_for_people(entry) for entry in value)
        made.fa.set_flow_style()
        return made
    return _scalar(str(value))


def _scalar(text: str) -> str:
    """A text, in quotes unless every YAML reader accepts it as text without them."""
    return text if _PLAIN.fullmatch(text) else DoubleQuotedScalarString(text)


def _comment(texts: Iterable[str]) -> str:
    """A comment line for each line of some texts; characters that YAML does not allow are escaped."""
    return "\n".join(printable(line, _LONGEST_NAME) for text in texts for line in text.splitlines()) or " "


def _editor(indent: tuple[int, int, int] = _INDENTS[0]) -> YAML:
    made = YAML(typ="rt")
    made.Resolver = _TextResolver
    made.preserve_quotes = True
    made.width = _ENDLESS
    made.indent(*indent)
    made.emitter.MAX_SIMPLE_KEY_LENGTH = _LONGEST_NAME
    return made


def _dumped(document: Any, indent: tuple[int, int, int] = _INDENTS[0]) -> str:
    file = io.StringIO()
    _editor(indent).dump(document, file)
    return file.getvalue()
