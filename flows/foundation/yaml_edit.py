"""Sets single values in a YAML file that a person wrote: everything else in it, comments too, stays as it stands."""

import json
import re
from collections.abc import Sequence

import yaml

# Every scalar of our files is text, so `no` and `01` need no quotes; what YAML's own marks are made of does.
_PLAIN = re.compile(r"\w(?:[\w /.()'+-]*[\w.)])?")


def scalar(text: str) -> str:
    """A text as a YAML scalar on one line, in quotes where YAML would see a mark of its own in it."""
    return text if _PLAIN.fullmatch(text) else json.dumps(text, ensure_ascii=False)


def with_value(text: str, place: Sequence[str], value: str) -> str:
    """The file with a scalar at a place such as ``("codes", "importance5", "A1")``; what lacks on the way is made.

    A list gets the value as one more entry.

    Raises:
        ValueError: something on the way is a list or a single value, so there is no such place.
    """
    root = yaml.compose(text, Loader=yaml.SafeLoader)
    if root is None:
        return text + _entry(place, value) + "\n"
    node: yaml.Node = root
    for depth, name in enumerate(place):
        if not isinstance(node, yaml.MappingNode):
            raise ValueError(f"'{'.'.join(place[:depth])}' holds no further names")
        found = next((child for key, child in node.value if key.value == name), None)
        if found is None:
            return _inserted(text, node, _entry(place[depth:], value))
        if isinstance(found, yaml.ScalarNode) and found.value == "" and depth + 1 < len(place):
            nested = "{" + _entry(place[depth + 1 :], value) + "}"
            return _replaced(text, found, f" {nested}" if text[found.start_mark.index - 1] == ":" else nested)
        node = found
    fresh = scalar(value)
    if isinstance(node, yaml.SequenceNode):
        entry = fresh if node.flow_style else f"- {fresh}"
        return _inserted(text, node, entry)
    return _replaced(text, node, f" {fresh}" if text[node.start_mark.index - 1] == ":" else fresh)


def _entry(place: Sequence[str], value: str) -> str:
    """``name: value`` for a single name; deeper ones in braces."""
    name, *rest = place
    return f"{scalar(name)}: " + ("{" + _entry(rest, value) + "}" if rest else scalar(value))


def _replaced(text: str, node: yaml.Node, fresh: str) -> str:
    return text[: node.start_mark.index] + fresh + text[_end(node) :]


def _end(node: yaml.Node) -> int:
    """Where a node's own text ends; a block's end mark lies behind the comments that follow it."""
    if isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
        last = node.value[-1]
        return _end(last[1] if isinstance(last, tuple) else last)
    return int(node.end_mark.index)


def _inserted(text: str, collection: yaml.CollectionNode, entry: str) -> str:
    """The file with one more entry at the end of a mapping or a list."""
    if collection.flow_style:
        at = collection.end_mark.index - 1
        return text[:at].rstrip() + (", " if collection.value else "") + entry + text[at:]
    end = text.find("\n", _end(collection))
    end = len(text) if end < 0 else end
    return text[:end] + "\n" + " " * collection.start_mark.column + entry + text[end:]
