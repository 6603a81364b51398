"""JSON as survey tools write it: a list of flat objects, one per response, alone or under a name."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from flows.steps.ingest.readers.no_export import QUESTIONNAIRE
from flows.steps.ingest.readers.sandbox import Table
from flows.steps.ingest.readers.unreadable import Unreadable

DAMAGED = Unreadable(
    "The JSON file cannot be read: it is damaged or was cut off.", "Export the responses again and drop the new file."
)
# Where tools keep the questions of a form: Qualtrics, formr, KoboToolbox, SurveyJS, Typeform, and others.
_QUESTIONS = ("SurveyElements", "items", "survey", "pages", "fields", "questions", "elements")
_OF_A_QUESTION = {"label", "title", "text", "type", "Element", "questions", "elements"}
# LimeSurvey and KoboToolbox put the list under a name.
_LISTS = ("responses", "results")
_OTHER = Unreadable(
    "This JSON file is no list of responses.", "Export the responses as CSV, XLSX or as a list of JSON objects."
)


def read(path: str, _: tuple[str, ...]) -> list[Table]:
    """A row of names, then a row per object; a name that an object lacks, and null, are empty.

    Raises:
        Unreadable: it is no JSON, or another kind of document than a list of flat objects.
    """
    try:
        document = json.loads(Path(path).read_text(encoding="utf-8-sig"))
    except (ValueError, RecursionError):
        raise DAMAGED from None
    if isinstance(document, dict) and _holds_questions(document):
        raise QUESTIONNAIRE
    responses = _list_in(document)
    if not (isinstance(responses, list) and all(isinstance(entry, dict) for entry in responses)):
        raise _OTHER
    return [Table(_rows([_unwrapped(entry) for entry in responses]))]


def _holds_questions(document: dict[str, Any]) -> bool:
    """Whether a document is the form itself; KoboToolbox puts that of a whole project under `content`."""
    inner = document.get("content")
    if isinstance(inner, dict):
        return _holds_questions(inner)
    return not any(name in document for name in _LISTS) and any(
        _are_questions(document.get(name)) for name in _QUESTIONS
    )


def _are_questions(items: object) -> bool:
    return (
        isinstance(items, list)
        and bool(items)
        and all(isinstance(item, dict) and item.keys() & _OF_A_QUESTION for item in items)
    )


def _list_in(document: object) -> object:
    """The responses in a document, wherever the tool put them."""
    if isinstance(document, dict):
        return next((document[name] for name in _LISTS if name in document), None)
    return document


def _unwrapped(entry: dict[str, Any]) -> dict[str, Any]:
    """A response that older versions of LimeSurvey put under its number."""
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
