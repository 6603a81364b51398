"""The interface of a dialect: how to know a tool's export, and what the tool itself says in it."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from flows.steps.ingest.unreadable import Unreadable
from flows.steps.plain_text import same_text
from flows.steps.source import DateOrder, State, Tool

Head = Sequence[Sequence[str]]


@dataclass(frozen=True)
class Mark:
    """A column of the tool itself, and the texts in it that make a response a test, partial or spam."""

    column: str
    texts: tuple[str, ...]
    state: State


@dataclass(frozen=True)
class Layout:
    """Where the headings end, by which names each column can be found, and the tool's own columns.

    `names` holds for every way of naming (code, tool id, question text, best first) one name per column.
    """

    names: tuple[tuple[str, ...], ...]
    heading_rows: int
    response_id: str | None = None
    submitted: str | None = None
    date_order: DateOrder | None = None
    timezone: str | None = None
    marks: tuple[Mark, ...] = ()

    def find(self, name: str) -> int | None:
        """The position of the column of that name, or None.

        Raises:
            Unreadable: more than one column has the name.
        """
        wanted = same_text(name)
        for names in self.names:
            found = [i for i, column in enumerate(names) if column == name] or [
                i for i, column in enumerate(names) if wanted and same_text(column) == wanted
            ]
            if len(found) > 1:
                raise _ambiguous(name, len(found))
            if found:
                return found[0]
        return None

    @property
    def headings(self) -> tuple[str, ...]:
        """The best name of each column."""
        return self.names[0]


@dataclass(frozen=True)
class Dialect:
    """A survey tool's way of writing exports."""

    tool: Tool
    recognises: Callable[[Head], bool]
    layout: Callable[[Head], Layout]


def _ambiguous(name: str, count: int) -> Unreadable:
    return Unreadable(
        "The heading '%(heading)s' stands above %(count)s columns, so it is not clear which is meant.",
        "Give the questions different names in the survey tool, or name the column by its code in the source.",
        heading=shortened(name),
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


def shortened(text: str) -> str:
    """At most 60 characters of a heading, for a message."""
    line = " ".join(text.split())
    return line if len(line) <= 60 else line[:59] + "…"
