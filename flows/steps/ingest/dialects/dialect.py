"""The interface of a dialect: how to recognise a tool's export, and what the tool's own columns mean."""

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
    """A column of the tool, and the texts in it that mark a response as test, partial, spam or rejected.

    `is_part`: a cell that contains one of the texts is enough; otherwise the whole cell must equal it.
    """

    column: str
    texts: tuple[str, ...]
    state: State
    is_part: bool = False


@dataclass(frozen=True)
class NoDate:
    """The placeholder that a tool writes as the date of every response if it stores no dates, and a sentence saying so.

    The sentence is a msgid of the catalogues.
    """

    day: date
    sentence: str

    def is_in(self, texts: Iterable[str | None]) -> bool:
        """Whether any of the dates is the placeholder."""
        return any(same_text(text).startswith(self.day.isoformat()) for text in texts if text)


@dataclass(frozen=True)
class Layout:
    """How a file is laid out: the number of heading rows, the names of each column, and the tool's own columns.

    `names` has one tuple per naming scheme (code, tool id, question text, in this order), with a name for each column.
    The columns of `response_id` together identify a response. `has_nulls`: an unquoted empty cell means that the
    question was not shown.
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
        """The positions of each name, twice per naming scheme: as displayed, then ignoring case and markup."""
        found = []
        for names in self.names:
            for form in (look_alike, same_text):
                positions: dict[str, list[int]] = {}
                for position, name in enumerate(names):
                    positions.setdefault(form(name), []).append(position)
                found.append(positions)
        return tuple(found)

    def find(self, name: str) -> int | None:
        """The position of the column with that name, or None; ``Heading#2`` is the second column with the same heading.

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
        """All positions of a name, in the first naming scheme that has it."""
        wanted = (look_alike(name), same_text(name))
        known = (positions.get(wanted[number % 2], []) for number, positions in enumerate(self._positions))
        return next(filter(None, known), []) if wanted[1] else []

    def by_turn(self, name: str, position: int) -> str:
        """A heading that several columns share, with a number: ``Heading#2`` is the second of them."""
        return f"{name}#{self._standing(name).index(position) + 1}"

    @property
    def questions(self) -> tuple[str, ...]:
        """The question text of each column, or the closest substitute in the file."""
        return self.names[-1]

    @property
    def headings(self) -> tuple[str, ...]:
        """The name of each column in the first naming scheme."""
        return self.names[0]


def _holds_responses(_: Grid) -> None:
    """Return None, no refusal: in most tools' tables every row is a response."""


@dataclass(frozen=True)
class Dialect:
    """Everything that Motiefmix knows about a survey tool and its exports.

    `refusal` returns why the rows of a table are not responses, or None. `own`: columns that the tool fills in, not the
    respondent. `respondents`: columns that may identify members, the likeliest first. `no_date`: the day that the tool
    writes when it keeps no dates. `files`: how to recognise the tool's files.
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
        "%(count)s columns have the heading '%(heading)s', so it is not clear which is meant.",
        "Name the column as '%(heading)s#1' or '%(heading)s#2' in the source, or both where a question is in two"
        " columns; or give the questions different names in the survey tool.",
        heading=printable(name),
        count=count,
    )


def has_headings(row: Sequence[str], *alternatives: Iterable[str]) -> bool:
    """Whether a row has at least one heading of each group of alternatives."""
    present = {same_text(cell) for cell in row}
    return all(present & {same_text(name) for name in names} for names in alternatives)


def first_heading(row: Sequence[str], names: Iterable[str]) -> str | None:
    """The first of the names that the row has, spelled as in the row; None when it has none."""
    written = {same_text(cell): cell for cell in row}
    return next((written[same_text(name)] for name in names if same_text(name) in written), None)


def as_id(name: str | None) -> tuple[str, ...]:
    """A column as a response id of one part; empty when there is no column."""
    return (name,) if name else ()
