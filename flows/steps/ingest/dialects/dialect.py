"""The interface of a dialect: how to know a tool's export, and what the tool itself says in it."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from flows.foundation.messages import printable
from flows.foundation.text_comparison import look_alike, same_text
from flows.programme.source_model import DateOrder, State, Tool
from flows.steps.ingest.readers.file_facts import FileFacts
from flows.steps.ingest.readers.grid import Grid
from flows.steps.ingest.readers.unreadable import Unreadable

Head = Sequence[Sequence[str]]
_TURN = re.compile(r"(.+)#([1-9]\d?)", re.DOTALL)


@dataclass(frozen=True)
class Mark:
    """A column of the tool itself, and the texts in it that make a response a test, partial, spam or rejected."""

    column: str
    texts: tuple[str, ...]
    state: State
    is_part: bool = False


@dataclass(frozen=True)
class NoDate:
    """The day that a tool writes as the date of every response when it keeps no dates, and a sentence that says so.

    The sentence is a msgid of the catalogues.
    """

    day: date
    sentence: str

    def is_in(self, texts: Iterable[str | None]) -> bool:
        """Whether one of some dates is that day."""
        return any(same_text(text).startswith(self.day.isoformat()) for text in texts if text)


@dataclass(frozen=True)
class Layout:
    """Where the headings end, by which names each column can be found, and the tool's own columns.

    `names` holds for every way of naming (code, tool id, question text, in this order) one name per column. The columns
    of `response_id` together name a response. `has_nulls` when an empty cell without quotes was never shown.
    """

    names: tuple[tuple[str, ...], ...]
    heading_rows: int
    response_id: tuple[str, ...] = ()
    submitted: str | None = None
    date_order: DateOrder | None = None
    timezone: str | None = None
    marks: tuple[Mark, ...] = ()
    has_nulls: bool = False

    @cached_property
    def _positions(self) -> tuple[dict[str, list[int]], ...]:
        """For every way of naming, first as the eye sees it, then without case and markup: where each name stands."""
        found = []
        for names in self.names:
            for form in (look_alike, same_text):
                positions: dict[str, list[int]] = {}
                for position, name in enumerate(names):
                    positions.setdefault(form(name), []).append(position)
                found.append(positions)
        return tuple(found)

    def find(self, name: str) -> int | None:
        """The position of the column of that name, or None; ``Heading#2`` is the second column of one heading.

        Raises:
            Unreadable: more than one column has the name.
        """
        found = self._standing(name)
        if not found and (turn := _TURN.fullmatch(name)):
            return next(iter(self._standing(turn[1])[int(turn[2]) - 1 : int(turn[2])]), None)
        if len(found) > 1:
            raise _ambiguous(name, len(found))
        return found[0] if found else None

    def _standing(self, name: str) -> list[int]:
        """Every position above which a name stands, by the first way of naming that knows it."""
        wanted = (look_alike(name), same_text(name))
        known = (positions.get(wanted[number % 2], []) for number, positions in enumerate(self._positions))
        return next(filter(None, known), []) if wanted[1] else []

    def by_turn(self, name: str, position: int) -> str:
        """A name that stands above several columns, with its turn behind it: ``Heading#2`` is the second of them."""
        return f"{name}#{self._standing(name).index(position) + 1}"

    @property
    def questions(self) -> tuple[str, ...]:
        """The wording of each column's question, or the nearest to it that the file has."""
        return self.names[-1]

    @property
    def headings(self) -> tuple[str, ...]:
        """The best name of each column."""
        return self.names[0]


def _holds_responses(_: Grid) -> None:
    """Every table of most tools has a response on each row."""


@dataclass(frozen=True)
class Dialect:
    """A survey tool's way of writing exports, and what else there is to know of the tool: all of it stands here.

    `refusal` says of a table of the tool whose rows are no responses what they are. `own` are the columns that the tool
    fills in, not the respondent; `respondents` are columns that may tell members apart, the likeliest first; `files` is
    what its files are known by.
    """

    tool: Tool
    recognises: Callable[[Grid], bool]
    layout: Callable[[Grid], Layout]
    refusal: Callable[[Grid], Unreadable | None] = _holds_responses
    own: tuple[str, ...] = ()
    respondents: tuple[str, ...] = ()
    no_date: NoDate | None = None
    files: FileFacts = field(default_factory=FileFacts)


def _ambiguous(name: str, count: int) -> Unreadable:
    return Unreadable(
        "The heading '%(heading)s' stands above %(count)s columns, so it is not clear which is meant.",
        "Name the column as '%(heading)s#1' or '%(heading)s#2' in the source, or both where a question stands in two"
        " columns; or give the questions different names in the survey tool.",
        heading=printable(name),
        count=count,
    )


def has_headings(row: Sequence[str], *alternatives: Iterable[str]) -> bool:
    """Whether a row holds at least one heading of each group of alternatives."""
    present = {same_text(cell) for cell in row}
    return all(present & {same_text(name) for name in names} for names in alternatives)


def first_heading(row: Sequence[str], names: Iterable[str]) -> str | None:
    """The first of some names that stands in the row, as it is written there."""
    written = {same_text(cell): cell for cell in row}
    return next((written[same_text(name)] for name in names if same_text(name) in written), None)


def as_id(name: str | None) -> tuple[str, ...]:
    """A single column as a response id, or none."""
    return (name,) if name else ()
