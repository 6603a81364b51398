"""Recognises an export: which tool wrote it, which source describes it, and how its dates are written."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path, PurePosixPath

from flows.foundation.messages import printable
from flows.programme.source import LoadedSource
from flows.programme.source_model import DateOrder
from flows.steps.ingest.contradictions import refuse_contradictions
from flows.steps.ingest.dates import is_serial_number, lack_zone, proven_order, resembles_date
from flows.steps.ingest.dialects import FILE_FACTS, Dialect, Layout, no_date_in
from flows.steps.ingest.matching import Columns, locate
from flows.steps.ingest.readers.grid import Grid, Row, open_grids
from flows.steps.ingest.readers.unreadable import Unreadable
from flows.steps.ingest.sheets import described
from flows.steps.ingest.twins import twins


@dataclass(frozen=True)
class Arrival:
    """A landed file: its path inside the inbox, its SHA-256 and the path of its copy.

    `is_kept`: the file is no longer in the inbox.
    """

    file_name: str
    sha256: str
    path: Path
    is_kept: bool = False


@dataclass(frozen=True)
class RecognisedExport:
    """What is known about an export before its rows are read."""

    grid: Grid
    dialect: Dialect
    layout: Layout
    source: LoadedSource
    columns: Columns
    date_order: DateOrder
    # The names of the sheets of a workbook that were not read.
    other_sheets: tuple[str, ...] = ()
    # Filled while the rows are read: by item, the codes in its answers that the file itself declares missing.
    missing_codes: dict[str, set[str]] = field(default_factory=dict)
    # Filled while the rows are read: by position of a twin column, the number of answers in it.
    twin_answers: Counter[int] = field(default_factory=Counter)

    @cached_property
    def twins(self) -> dict[int, str]:
        """The item that each twin column (unmapped, but seems to repeat an item) repeats, by the column's position."""
        return twins(self.layout, self.columns, self.columns.taken)

    def data_rows(self) -> Iterator[tuple[int, Row]]:
        """Every response with its row number in the file."""
        return data_rows(self.grid, self.layout)


def recognise_export(arrival: Arrival, sources: Sequence[LoadedSource]) -> RecognisedExport:
    """Recognise a file, find the source that describes it, and determine how its dates are written.

    Raises:
        Unreadable: the file cannot be read, or no source describes it well enough.
    """
    grids = open_grids(arrival.path, declared_encodings(sources), FILE_FACTS)
    grid, dialect, layout, source, columns = described(grids, sources, PurePosixPath(arrival.file_name).name)
    others = tuple(other.sheet for other in grids if other is not grid)
    if grid.encoding not in (None, "utf-8", "utf-8-sig", "utf-16", source.model.encoding):
        # The encoding of another source fitted first: decode the file again as its own source declares.
        [grid] = open_grids(arrival.path, [source.model.encoding] if source.model.encoding else [], FILE_FACTS)
        layout = dialect.layout(grid)
        columns = locate(source, layout)
    refuse_contradictions(source, layout, columns, grid.codebook)
    order = _date_order(source, grid, layout, columns)
    _refuse_unknown_clock(source, grid, layout, columns)
    return RecognisedExport(grid, dialect, layout, source, columns, order, others)


def declared_encodings(sources: Sequence[LoadedSource]) -> list[str]:
    """The encodings that sources declare for text that is not UTF-8."""
    return list(dict.fromkeys(source.model.encoding for source in sources if source.model.encoding))


def data_rows(grid: Grid, layout: Layout) -> Iterator[tuple[int, Row]]:
    """The rows below the headings, with their numbers in the file."""
    for index, (number, row) in enumerate(grid.rows()):
        if index >= layout.heading_rows:
            yield number, row


def _date_order(source: LoadedSource, grid: Grid, layout: Layout, columns: Columns) -> DateOrder:
    rule = source.model.date
    if rule.constant:
        return "ymd"
    if columns.submitted is None:
        raise Unreadable(
            "No column says when a response was submitted.",
            "Name it in sources/%(file)s as 'date: {column: …, order: dmy}', or give a constant date.",
            file=source.path.name,
        )
    position = columns.submitted
    if _are_serial_numbers(grid, layout, position):
        return "serial"
    if no_date := no_date_in(cell(row, position) for row in grid.head):
        raise Unreadable(
            no_date.sentence,
            "Write 'date: {constant: 2026-10-15}' with a date within the fieldwork in sources/%(file)s.",
            file=source.path.name,
        )
    order = rule.order or layout.date_order or proven_order(_texts(grid, layout, position))
    if order is None and not any(map(resembles_date, _texts(grid, layout, position))):
        raise Unreadable(
            "Nothing in the column '%(heading)s' can be read as a date.",
            "Name the column that holds dates as 'date: {column: …}' in sources/%(file)s, or have its cells written as"
            " 2026-10-31 14:05, and export again.",
            heading=printable(layout.headings[position]),
            file=source.path.name,
        )
    if order is None:
        raise Unreadable(
            "The dates in this file do not show whether the day or the month comes first.",
            "Write 'date: {order: dmy}' (or mdy, or ymd) in sources/%(file)s, or export as XLSX.",
            file=source.path.name,
        )
    return order


def _texts(grid: Grid, layout: Layout, position: int | None) -> Iterator[str]:
    """The non-empty cells of a column."""
    return (text for _, row in data_rows(grid, layout) if (text := (cell(row, position) or "").strip()))


def _are_serial_numbers(grid: Grid, layout: Layout, position: int) -> bool:
    """Whether all dates are serial numbers of a spreadsheet; for most files the first date settles it."""
    first = next(_texts(grid, layout, position), "")
    return is_serial_number(first) and all(map(is_serial_number, _texts(grid, layout, position)))


def _refuse_unknown_clock(source: LoadedSource, grid: Grid, layout: Layout, columns: Columns) -> None:
    """Refuse times without a time zone: Denver and Delft are 8 hours apart, so the month of an answer may differ."""
    rule = source.model.date
    if rule.constant or rule.timezone or layout.timezone:
        return
    if lack_zone(_texts(grid, layout, columns.submitted)):
        raise Unreadable(
            "The file does not state the time zone of its submission times.",
            "Write 'date: {timezone: Europe/Amsterdam}', or the zone of the survey tool's account, in"
            " sources/%(file)s.",
            file=source.path.name,
        )


def cell(row: Row, position: int | None) -> str | None:
    """The text at a position, empty where the tool wrote NULL; None when there is no such column."""
    return None if position is None else row[position] or ""
