"""Reads an export column by column: which texts occur, and how often."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from flows.commands.map import evident
from flows.commands.telling import table
from flows.foundation.errors import UserError
from flows.foundation.messages import printable
from flows.programme.source import LoadedSource
from flows.steps.ingest.dialects import FILE_FACTS, Dialect, Layout, is_own_column, recognise
from flows.steps.ingest.readers.codebook import Codebook
from flows.steps.ingest.readers.grid import open_grids
from flows.steps.ingest.readers.unreadable import Unreadable
from flows.steps.ingest.recognised_export import declared_encodings
from flows.steps.ingest.sheets import likeliest

# A column with more distinct texts than this is not a closed question.
_MOST_TEXTS = 200


@dataclass(frozen=True)
class Column:
    """One column: its texts with their counts, most frequent first; `is_open` when there are too many to keep.

    `is_unique`: no text is empty or occurs twice; only determined for columns that may be a response id.
    """

    texts: dict[str, int]
    filled: int
    is_open: bool
    is_unique: bool = False

    @property
    def answers(self) -> tuple[str, ...]:
        """The texts that are not empty."""
        return tuple(text for text in self.texts if text.strip())


@dataclass(frozen=True)
class Contents:
    """An export: its tool, headings, columns, encoding and codebook."""

    dialect: Dialect
    layout: Layout
    rows: int
    columns: tuple[Column, ...]
    encoding: str | None
    codebook: Codebook | None

    @property
    def tool(self) -> str:
        """The survey tool that wrote it."""
        return self.dialect.tool

    def is_own(self, position: int) -> bool:
        """Whether the survey tool itself fills in a column, so that it has no answers."""
        layout = self.layout
        of_layout = {*layout.response_id, layout.submitted, *(mark.column for mark in layout.marks)}
        return any(names[position] in of_layout or is_own_column(names[position]) for names in layout.names)

    def named(self, position: int) -> str:
        """The best name that identifies a column."""
        names = [names[position] for names in self.layout.names if names[position].strip()]
        by_turn = (self.layout.by_turn(name, position) for name in names)
        return next((name for name in (*names, *by_turn) if self._finds(name, position)), names[0] if names else "")

    def _finds(self, name: str, position: int) -> bool:
        try:
            return self.layout.find(name) == position
        except Unreadable:
            return False

    def position(self, names: Sequence[str]) -> int | None:
        """The position of the first name that identifies exactly one column; None when none does."""
        for name in names:
            try:
                if (found := self.layout.find(name)) is not None:
                    return found
            except Unreadable:
                continue
        return None


def read_contents(path: Path, sources: Sequence[LoadedSource], encoding: str | None) -> Contents:
    """Read an export in one pass.

    Raises:
        UserError: it cannot be read; for text in an unknown encoding, with candidate readings of one line.
    """
    try:
        encodings = [encoding] if encoding else declared_encodings(sources)
        grid = likeliest(open_grids(path, encodings, FILE_FACTS))
        dialect, layout = recognise(grid)
        counters: list[Counter[str]] = [Counter() for _ in grid.head[0]]
        filled = [0] * len(counters)
        ids: dict[int, set[str]] = {position: set() for position in _may_be_ids(layout)}
        rows = 0
        for index, (_, row) in enumerate(grid.rows()):
            if index < layout.heading_rows:
                continue
            rows += 1
            for position in [position for position, seen in ids.items() if not _is_new(row[position], seen)]:
                del ids[position]
            for position, cell in enumerate(row):
                filled[position] += bool(cell)
                if len(counters[position]) <= _MOST_TEXTS:
                    counters[position][cell or ""] += 1
    except FileNotFoundError:
        raise UserError(f"{printable(str(path), 200)}: there is no such file.") from None
    except Unreadable as problem:
        raise UserError(_sentence(path, problem)) from None
    columns = tuple(
        Column(dict(counter.most_common()), count, len(counter) > _MOST_TEXTS, position in ids)
        for position, (counter, count) in enumerate(zip(counters, filled, strict=True))
    )
    return Contents(dialect, layout, rows, columns, grid.encoding, grid.codebook)


def _may_be_ids(layout: Layout) -> list[int]:
    """Columns that may hold a response id; none when the tool itself defines one."""
    if layout.response_id:
        return []
    return [position for position, heading in enumerate(layout.headings) if evident.names_id(heading)]


def _is_new(cell: str | None, seen: set[str]) -> bool:
    """Whether an id is present and was not seen before."""
    text = (cell or "").strip()
    is_new = bool(text) and text not in seen
    seen.add(text)
    return is_new


def _sentence(path: Path, problem: Unreadable) -> str:
    lines = [f"{printable(path.name, 200)}: {problem.reason % problem.values} {problem.advice % problem.values}"]
    lines += table(problem.readings.items(), is_indented=True)
    if problem.readings:
        lines.append("Choose the one that reads well: --set encoding=cp1252, for instance.")
    return "\n".join(lines)
