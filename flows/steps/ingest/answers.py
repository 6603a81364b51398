"""Reads a row's answers to the mapped items, and counts answers in columns that seem to repeat an item (twins)."""

from collections.abc import Mapping

from flows.foundation.text_comparison import same_text
from flows.steps.ingest.readers.codebook import Codebook
from flows.steps.ingest.readers.grid import Row
from flows.steps.ingest.readers.unreadable import Unreadable
from flows.steps.ingest.recognised_export import RecognisedExport


def read_answers(number: int, row: Row, export: RecognisedExport) -> dict[str, str | None]:
    """The answer text of each item (None: the tool wrote NULL); also records codes that the file declares missing.

    Raises:
        Unreadable: the columns of one item hold different answers.
    """
    columns, nothing = export.columns, None if export.layout.has_nulls else ""
    places = dict(columns.first_places)
    # Few forms have any of these: a function for each answer would take a tenth of the time of reading.
    for item in columns.items_in_several:
        _refuse_two_answers(number, row, export, item)
        places[item] = answered(row, columns.items[item])
    if export.grid.codebook:
        _note_missing_codes(row, export, export.grid.codebook, places)
    return {item: nothing if row[place] is None else row[place] for item, place in places.items()}


def _note_missing_codes(row: Row, export: RecognisedExport, codebook: Codebook, places: Mapping[str, int]) -> None:
    for item, place in places.items():
        text = row[place]
        if text and codebook.is_missing(export.layout.names[0][place], text):
            export.missing_codes.setdefault(item, set()).add(text)


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
