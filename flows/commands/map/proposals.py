"""Matches columns to items and answers to numbers: exact matches, and suggestions by similarity."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from flows.commands.map import evident, wording
from flows.commands.map.contents import Contents
from flows.foundation.text_comparison import differ_in_number, same_text
from flows.programme.instrument import LoadedInstrument, Reading
from flows.programme.register import Register

# Below this score, two sentences share little more than the words common to the whole questionnaire.
_ALIKE_FROM = 70
_MOST_SUGGESTIONS = 3
_NUMBERED = re.compile(r"(-?\d+)\s*[-–=:.)]\s*(.+)", re.DOTALL)
# A code that ends in a number: A1, SQ_2, 3.
_COUNTED = re.compile(r"[a-z_]{0,6}(\d{1,3})", re.IGNORECASE)


@dataclass(frozen=True)
class Suggestion:
    """A column that resembles an item, with a similarity score from 0 to 100."""

    heading: str
    score: int


def exact_columns(contents: Contents, instrument: LoadedInstrument) -> dict[str, int]:
    """The column position of every item whose code, or wording in any language, is a column's name."""
    found: dict[str, int] = {}
    for item, about in instrument.model.items.items():
        position = contents.position([item, *about.text.values()])
        if position is not None and position not in found.values():
            found[item] = position
    others = {item: about.text.values() for item, about in instrument.model.items.items() if item not in found}
    worded = wording.found_by_wording(others, contents.layout.names, found.values())
    return {item: (found | worded)[item] for item in instrument.model.items if item in found or item in worded}


def similar_columns(
    contents: Contents, instrument: LoadedInstrument, items: Iterable[str], taken: Iterable[int]
) -> dict[str, tuple[Suggestion, ...]]:
    """For each item the unassigned columns whose question resembles it most; never applied automatically."""
    found: dict[str, tuple[Suggestion, ...]] = {}
    free = {
        (position, form): form
        for position, forms in enumerate(wording.every_form(contents.layout.questions))
        if position not in set(taken)
        for form in forms
    }
    for item in items:
        best: dict[int, float] = {}
        for text in instrument.model.items[item].text.values():
            for position, score in _alike(wording.words(text), free):
                best[position] = max(score, best.get(position, 0))
        ranked = sorted(best, key=lambda position: (-best[position], position))[:_MOST_SUGGESTIONS]
        found[item] = tuple(Suggestion(contents.named(position), round(best[position])) for position in ranked)
    return {item: suggestions for item, suggestions in found.items() if suggestions}


def _alike(text: str, forms: dict[tuple[int, str], str]) -> Iterator[tuple[int, float]]:
    """Columns whose wording resembles a text, with scores; wordings with different numbers are different questions."""
    from rapidfuzz import fuzz, process

    for form, score, (position, _) in process.extract_iter(
        text, forms, scorer=fuzz.token_sort_ratio, score_cutoff=_ALIKE_FROM
    ):
        if not differ_in_number(text, form):
            yield position, score


def answer_kind(contents: Contents, instrument: LoadedInstrument, columns: dict[str, int]) -> str:
    """How answers are written: `labels` if at least half are, `numbers` if all are, else `codes`.

    Numbers that the file itself labels as another value are codes.
    """
    texts = [(item, text) for item, position in columns.items() for text in contents.columns[position].answers]
    labels = sum(instrument.read_label(item, text).known for item, text in texts)
    if 2 * labels >= len(texts):
        return "labels"
    contradicted = any(
        text.isdigit() and int(text) != value
        for codes in exact_codes(contents, instrument, columns).values()
        for text, value in codes.items()
    )
    if not contradicted and all(instrument.read_number(item, text).known for item, text in texts):
        return "numbers"
    return "codes"


def exact_codes(contents: Contents, instrument: LoadedInstrument, columns: dict[str, int]) -> dict[str, dict[str, int]]:
    """For each response scale the codes that the file proves: by its codebook, or by a number followed by its label."""
    codes: dict[str, dict[str, int]] = defaultdict(dict)
    for item, position in columns.items():
        scale = instrument.model.items[item].response_scale
        for text, reading in _proven(contents, instrument, item, position):
            if reading.value is not None:
                codes[scale][text] = reading.value
    return dict(codes)


def _proven(
    contents: Contents, instrument: LoadedInstrument, item: str, position: int
) -> Iterator[tuple[str, Reading]]:
    if contents.codebook:
        for code, label in contents.codebook.labels.get(contents.layout.names[0][position], {}).items():
            yield code, instrument.read_label(item, label)
    for text in contents.columns[position].answers:
        match = _NUMBERED.fullmatch(text.strip())
        reading = instrument.read_label(item, match[2]) if match else Reading()
        if match and reading.value == int(match[1]):
            yield text, reading


def suggested_codes(instrument: LoadedInstrument, item: str, texts: Iterable[str]) -> dict[str, int]:
    """Numbers for codes such as A1 to A5 that end in a number of the response scale; never applied automatically."""
    values = instrument.model.response_scale_of(item).values
    numbers = {text: int(match[1]) for text in texts if (match := _COUNTED.fullmatch(text.strip()))}
    return {text: number for text, number in numbers.items() if number in values}


def collective_column(contents: Contents, register: Register) -> tuple[int, dict[str, str]] | None:
    """The only column in which at least half of the texts are names or ids on the register, with the id of each text.

    In a column that the tool fills in itself only names count: a number or a state may equal an id by chance.
    """
    names = {same_text(row.name): row.collective_id for row in register.collectives}
    known = {same_text(row.collective_id): row.collective_id for row in register.collectives} | names
    best: list[tuple[int, dict[str, str]]] = []
    for position, column in enumerate(contents.columns):
        wanted = names if contents.is_own(position) else known
        values = {text: wanted[same_text(text)] for text in column.answers if same_text(text) in wanted}
        if values and not column.is_open and 2 * len(values) >= len(column.answers):
            best.append((position, values))
    return best[0] if len(best) == 1 else None


def likely_collectives(contents: Contents, register: Register, taken: Iterable[int]) -> list[int]:
    """Columns that may name a collective: closed, with a plausible number of texts, not an item or the tool's own."""
    most = max(2 * len(register.collectives), 10)
    return [
        position
        for position, column in enumerate(contents.columns)
        if not column.is_open and 1 < len(column.answers) <= most
        if position not in set(taken) and not contents.is_own(position)
    ]


def likely_dates(contents: Contents) -> list[int]:
    """Columns whose heading and texts are submission dates, the likeliest first."""
    ranks = {
        position: rank
        for position, heading in enumerate(contents.layout.headings)
        if (rank := evident.date_rank(heading, contents.columns[position].answers)) is not None
    }
    return sorted(ranks, key=lambda position: (ranks[position], position))


def likely_ids(contents: Contents) -> list[int]:
    """Columns with the heading of a response id and a distinct text in every row."""
    return [position for position, column in enumerate(contents.columns) if column.is_unique]
