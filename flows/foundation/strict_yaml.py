"""YAML as people write it in this field: every scalar is text, so `No`, `01` and `12:30` stay what they are.

Duplicate keys, anchors and aliases are mistakes; each mistake names file, line and field.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from flows.foundation.errors import UserError
from flows.foundation.messages import did_you_mean

Place = tuple[str | int, ...]
Model = TypeVar("Model", bound=BaseModel)

# The C loader is ten times as fast; the Python one gives the same results where PyYAML lacks it.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
# Our files are five levels deep and a few kilobytes; both limits keep a parsed tree from exhausting stack and memory.
DEEPEST = 20
LARGEST = 1024 * 1024
_PLAIN_WORDS = {
    "int_parsing": "must be a whole number.",
    "float_parsing": "must be a number.",
    "int_type": "must be a whole number.",
    "int_parsing_size": "must be a smaller whole number.",
    "string_type": "must be text.",
    "string_too_short": "must not be empty.",
    "string_too_long": "must have at most {max_length} characters.",
    "too_short": "must not be empty.",
    "literal_error": "must be {expected}.",
    "greater_than_equal": "must be at least {ge}.",
    "less_than_equal": "must be at most {le}.",
    "date_parsing": "must be a date such as 2026-10-31.",
    "date_from_datetime_parsing": "must be a date such as 2026-10-31.",
    "date_from_datetime_inexact": "must be a date such as 2026-10-31, without a time.",
    "date_type": "must be a date such as 2026-10-31.",
    "bool_parsing": "must be true or false.",
    "list_type": "must be a list.",
    "dict_type": "must hold lines of the form 'name: value'.",
    "model_type": "must hold lines of the form 'name: value'.",
}


@dataclass(frozen=True)
class Document:
    """A YAML file as plain text values, with the line of each."""

    path: Path
    data: Any
    lines: dict[Place, int]

    def where(self, place: Place) -> str:
        """``sources/form.yaml, line 12, field columns.q1`` for the innermost known place."""
        known = place
        while known not in self.lines and known:
            known = known[:-1]
        field = ".".join(str(part) for part in place)
        return f"{self.path.name}, line {self.lines.get(known, 1)}" + (f", field {field}" if field else "")


def read(path: Path) -> Document:
    """Read one YAML file strictly.

    Raises:
        UserError: the file is missing, is not UTF-8, or is not the YAML we accept; names the line.
    """
    try:
        with path.open(encoding="utf-8") as file:
            text = file.read(LARGEST + 1)
        _refuse_what_nobody_writes(path, text)
        node = yaml.compose(text, Loader=_LOADER)
    except FileNotFoundError:
        raise UserError(f"{path}: this file does not exist.") from None
    except OSError:
        raise UserError(f"{path}: this is not a readable file.") from None
    except UnicodeDecodeError:
        raise UserError(f"{path.name}: this file is not UTF-8 text; save it as UTF-8.") from None
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise UserError(f"{path.name}, line {line}: this is not valid YAML: {error.problem}.") from None
    except yaml.YAMLError:
        raise UserError(f"{path.name}: this is not valid YAML; control characters are not allowed.") from None
    lines: dict[Place, int] = {}
    return Document(path, {} if node is None else _plain(path, node, (), lines), lines)


def parse(document: Document, model: type[Model]) -> Model:
    """Check a document against its pydantic model.

    Raises:
        UserError: one line per mistake, with file, line, field and the nearest known name.
    """
    try:
        return model.model_validate(document.data)
    except ValidationError as error:
        raise UserError("\n".join(_explain(document, model, error))) from None


def _refuse_what_nobody_writes(path: Path, text: str) -> None:
    if len(text) > LARGEST:
        raise UserError(f"{path.name}: this file is larger than 1 MB, so it cannot be a file of this programme.")
    depth = 0
    for event in yaml.parse(text, Loader=_LOADER):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        line = event.start_mark.line + 1 if event.start_mark else 1
        if depth > DEEPEST:
            raise UserError(f"{path.name}, line {line}: lists or names are nested more than {DEEPEST} levels deep.")
        if getattr(event, "anchor", None):
            raise UserError(
                f"{path.name}, line {line}: anchors and aliases (& and *) are not allowed;"
                " write the value out, or put it in quotes."
            )


def _plain(path: Path, node: yaml.Node, place: Place, lines: dict[Place, int]) -> Any:
    lines[place] = node.start_mark.line + 1
    if isinstance(node, yaml.SequenceNode):
        return [_plain(path, child, (*place, i), lines) for i, child in enumerate(node.value)]
    if isinstance(node, yaml.MappingNode):
        result: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = key_node.value
            if not isinstance(key, str):
                raise UserError(f"{path.name}, line {key_node.start_mark.line + 1}: a name must be plain text.")
            if key in result:
                raise UserError(f"{path.name}, line {key_node.start_mark.line + 1}: '{key}' appears twice.")
            result[key] = _plain(path, value_node, (*place, key), lines)
            lines[(*place, key)] = key_node.start_mark.line + 1
        return result
    return node.value


def _explain(document: Document, model: type[BaseModel], error: ValidationError) -> Iterator[str]:
    for problem in error.errors(include_url=False, include_input=False):
        yield f"{document.where(problem['loc'])}: {describe_problem(dict(problem), model)}"


def describe_problem(problem: dict[str, Any], model: type[BaseModel]) -> str:
    """One pydantic problem in plain words, with the nearest known field name."""
    name = str(problem["loc"][-1]) if problem["loc"] else ""
    if problem["type"] == "extra_forbidden":
        return f"unknown name '{name}'{did_you_mean(name, _field_names(model))}."
    if problem["type"] == "missing":
        return f"'{name}' is missing."
    if problem["type"] in _PLAIN_WORDS:
        return _PLAIN_WORDS[problem["type"]].format(**problem.get("ctx", {}))
    message = str(problem["msg"]).removeprefix("Value error, ").removeprefix("Assertion failed, ")
    return message[0].lower() + message[1:] + ("" if message.endswith((".", "?")) else ".")


def _field_names(model: type[BaseModel], within: frozenset[type] = frozenset()) -> Iterable[str]:
    """The names of a model's fields and of those of its parts; a model may be a part of itself."""
    seen = within | {model}
    for name, field in model.model_fields.items():
        yield field.alias or name
        for part in (field.annotation, *getattr(field.annotation, "__args__", ())):
            if isinstance(part, type) and issubclass(part, BaseModel) and part not in seen:
                yield from _field_names(part, seen)
