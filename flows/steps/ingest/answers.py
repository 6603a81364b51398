"""Reads a row's answers to the mapped items, and counts answers in columns that seem to repeat an item (twins)."""

from flows.foundation.text_comparison import same_text
from flows.steps.ingest.readers.grid import Row
from flows.steps.ingest.readers.unreadable import Unreadable
from flows.steps.ingest.recognised_export import RecognisedExport


def read_answers(number: int, row: Row, export: RecognisedExport) -> dict[str, str | None]:
    """The answer text of each item (None: the tool wrote NULL); also records codes that the file declares missing.

    Raises:
        Unreadable: the columns of one item hold different answers.
    """
    answers: dict[str, str | None] = {}
    for item, positions in export.columns.items.items():
        if len(positions) > 1:
            _refuse_two_answers(number, row, export, item)
        position = answered(row, positions)
        text = row[position]
        answers[item] = text if text is not None or export.layout.has_nulls else ""
        if export.grid.codebook and text and export.grid.codebook.is_missing(export.layout.names[0][position], text):
            export.missing_codes.setdefault(item, set()).add(text)
    return answers


def answered(row: Row, positions: tuple[int, ...]) -> int:
    """The position of an item's first column that holds an answer, or else of its first column."""
    if len(positions) == 1:
        return positions[0]
    return next((position for position in positions if (row[position] or "").strip()), positions[0])


def _refuse_two_answers(number: int, row: Row, export: RecognisedExport, item: str) -> None:
    positions = export.columns.items[item]
    if len({same_text(row[place] or "") for place in positions} - {""}) > 1:
        raise Unreadable(
            "Item %(item)s is in several columns, and row %(row)s has different answers in them.",
            "In sources/%(file)s, name only the column that counts.",
            item=item,
            row=number,
            file=export.source.path.name,
        )


def count_twins(row: Row, export: RecognisedExport) -> None:
    """Count the answers in a row's twin columns."""
    for position, item in export.twins.items():
        text = row[position]
        if text and export.source.read_answer(item, text).value is not None:
            export.twin_answers[position] += 1
