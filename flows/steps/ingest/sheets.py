"""Finds the sheet of a workbook that holds the answers: the one that a source describes, at any position."""

from collections.abc import Sequence
from typing import NamedTuple

from flows.foundation.messages import printable
from flows.programme.source import LoadedSource
from flows.steps.ingest.dialects import Dialect, Layout, recognise
from flows.steps.ingest.matching import Columns, find_source
from flows.steps.ingest.readers.grid import Grid
from flows.steps.ingest.readers.unreadable import Unreadable


class Sheet(NamedTuple):
    """A table, the tool that wrote it, and the source that describes it."""

    grid: Grid
    dialect: Dialect
    layout: Layout
    source: LoadedSource
    columns: Columns


def described(grids: Sequence[Grid], sources: Sequence[LoadedSource], file_name: str) -> Sheet:
    """The one sheet that a source describes; a hidden one only if no visible one is described.

    Raises:
        Unreadable: no sheet is described (with the reason for the likeliest one), or more than one is.
    """
    found: list[Sheet] = []
    problems: dict[int, Unreadable] = {}
    for number, grid in enumerate(grids):
        try:
            dialect, layout = recognise(grid)
            found.append(Sheet(grid, dialect, layout, *find_source(sources, dialect, layout, file_name)))
        except Unreadable as problem:
            problems[number] = problem
    chosen = [sheet for sheet in found if not sheet.grid.is_hidden] or found
    if not chosen:
        raise problems[grids.index(likeliest(grids))]
    if len(chosen) > 1:
        raise Unreadable(
            "More than one sheet of this workbook holds answers to a form that a source describes: %(sheets)s.",
            "Drop the export itself, or keep one of these sheets in the workbook.",
            sheets=", ".join(f"'{printable(sheet.grid.sheet)}'" for sheet in chosen),
        )
    return chosen[0]


def likeliest(grids: Sequence[Grid]) -> Grid:
    """The sheet most likely to hold the answers: visible before hidden, of a known tool, with the most columns."""

    def rank(grid: Grid) -> tuple[bool, bool, int]:
        return not grid.is_hidden, _is_of_a_tool(grid), len(grid.head[0])

    return max(grids, key=rank)


def _is_of_a_tool(grid: Grid) -> bool:
    try:
        dialect, _ = recognise(grid)
    except Unreadable:
        return False
    return dialect.tool != "plain"
