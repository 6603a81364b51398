"""Reads JSON as survey tools write it: a list of flat objects, one per response, at the top level or under a key."""

import json
from collections.abc import Collection, Iterator
from copy import copy
from pathlib import Path
from typing import Any

from flows.steps.ingest.readers.file_facts import FileFacts
from flows.steps.ingest.readers.no_export import QUESTIONNAIRE
from flows.steps.ingest.readers.sandbox import Table
from flows.steps.ingest.readers.unreadable import Unreadable

DAMAGED = Unreadable(
    "The JSON file cannot be read: it is damaged or was cut off.", "Export the responses again and drop the new file."
)
_OTHER = Unreadable(
    "This JSON file is not a list of responses.", "Export the responses as CSV, XLSX or as a list of JSON objects."
)


def read(path: str, _: tuple[str, ...], facts: FileFacts) -> list[Table]:
    """A row of keys, then a row per object; a missing key and null become an empty cell.

    Raises:
        Unreadable: the file is not JSON, is a questionnaire, or is another document than a list of objects.
    """
    try:
        document = json.loads(Path(path).read_text(encoding="utf-8-sig"))
    except (ValueError, RecursionError):
        raise copy(DAMAGED) from None
    if isinstance(document, dict) and _holds_questions(document, facts):
        raise copy(QUESTIONNAIRE)
    responses = _list_in(document, facts)
    if not (isinstance(responses, list) and all(isinstance(entry, dict) for entry in responses)):
        raise copy(_OTHER)
    return [Table(_rows([_unwrapped(entry) for entry in responses]))]


def _holds_questions(document: dict[str, Any], facts: FileFacts) -> bool:
    """Whether a document is a questionnaire, or holds one under a key."""
    for name in facts.forms:
        if isinstance(inner := document.get(name), dict):
            return _holds_questions(inner, facts)
    return not any(name in document for name in facts.responses) and any(
        _are_questions(document.get(name), facts.of_a_question) for name in facts.questions
    )


def _are_questions(items: object, of_a_question: Collection[str]) -> bool:
    return (
        isinstance(items, list)
        and bool(items)
        and all(isinstance(item, dict) and item.keys() & set(of_a_question) for item in items)
    )


def _list_in(document: object, facts: FileFacts) -> object:
    """The list of responses, at the top level or under a key; keys are sorted, so the order of tools is irrelevant."""
    if isinstance(document, dict):
        return next((document[name] for name in sorted(facts.responses) if name in document), None)
    return document


def _unwrapped(entry: dict[str, Any]) -> dict[str, Any]:
    """A response; one that is nested under its number or id, the only key of its entry, is unwrapped."""
    inner = next(iter(entry.values())) if len(entry) == 1 else None
    return inner if isinstance(inner, dict) else entry


def _rows(responses: list[dict[str, Any]]) -> Iterator[tuple[int, list[str]]]:
    names = list(dict.fromkeys(name for entry in responses for name in entry))
    if names:
        yield 1, names
    for number, entry in enumerate(responses, start=2):
        yield number, [_text(entry.get(name)) for name in names]


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
