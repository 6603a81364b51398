"""JSON as survey tools write it: a list of flat objects, one per response."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from flows.steps.ingest.child import Table
from flows.steps.ingest.unreadable import Unreadable

DAMAGED = Unreadable(
    "The JSON file cannot be read: it is damaged or was cut off.", "Export the responses again and drop the new file."
)
QUESTIONNAIRE = Unreadable(
    "This is a questionnaire, no responses.",
    "Export the results of the survey instead, and drop that file.",
    tool="formr",
)
_OTHER = Unreadable(
    "This JSON file is no list of responses.", "Export the responses as CSV, XLSX or as a list of JSON objects."
)


def read(path: str, _: tuple[str, ...]) -> Table:
    """A row of names, then a row per object; a name that an object lacks, and null, are empty.

    Raises:
        Unreadable: it is no JSON, or another kind of document than a list of flat objects.
    """
    try:
        document = json.loads(Path(path).read_text(encoding="utf-8-sig"))
    except (ValueError, RecursionError):
        raise DAMAGED from None
    if isinstance(document, dict) and isinstance(document.get("items"), list):
        raise QUESTIONNAIRE
    if not (isinstance(document, list) and all(isinstance(entry, dict) for entry in document)):
        raise _OTHER
    return Table(_rows(document))


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
