"""The rows of `raw` about an export as a whole. Read its responses first: that finds missing codes and twins."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from flows.steps.ingest.matching import marks_of
from flows.steps.ingest.recognised_export import RecognisedExport

Record = Mapping[str, Any]


def rows_about_file(sha256: str, export: RecognisedExport) -> dict[str, Iterable[Record]]:
    """The rows about an export other than its responses, by table."""
    return {
        "raw.marks": _marks(sha256, export),
        "raw.fields": _fields(sha256, export),
        "raw.twin_columns": _twin_columns(sha256, export),
        "raw.missing_codes": _missing_codes(sha256, export),
    }


def _twin_columns(sha256: str, export: RecognisedExport) -> Iterator[Record]:
    for position, answers in export.twin_answers.items():
        item = export.twins[position]
        names = export.source.model.columns[item]
        heading = export.layout.headings[position]
        is_unique = export.layout.headings.count(heading) == 1
        yield {
            "sha256": sha256,
            "item": item,
            "named": list(names),
            "twin": heading if is_unique else export.layout.by_turn(heading, position),
            "answers": answers,
        }


def _marks(sha256: str, export: RecognisedExport) -> Iterator[Record]:
    for mark in marks_of(export.source, export.layout):
        for text in mark.texts:
            yield {
                "sha256": sha256,
                "field": mark.column,
                "mark": text.strip(),
                "is_part": mark.is_part,
                "state": mark.state,
            }


def _fields(sha256: str, export: RecognisedExport) -> Iterator[Record]:
    """The question text of each item, to detect a question that changes under the same column name."""
    for item, positions in export.columns.items.items():
        yield {"sha256": sha256, "item": item, "heading": export.layout.questions[positions[0]]}


def _missing_codes(sha256: str, export: RecognisedExport) -> Iterator[Record]:
    for item, texts in export.missing_codes.items():
        for text in sorted(texts):
            yield {"sha256": sha256, "item": item, "text": text}
