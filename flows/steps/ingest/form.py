"""A landed file of which it is settled who wrote it, which source describes it, and how its dates are written."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from flows.steps.ingest.contradictions import refuse_contradictions
from flows.steps.ingest.dates import lack_zone, proven_order
from flows.steps.ingest.dialects import Dialect, Layout, limesurvey, recognise
from flows.steps.ingest.grid import Grid, Row, open_grid
from flows.steps.ingest.matching import Columns, find_source, locate
from flows.steps.ingest.unreadable import Unreadable
from flows.steps.source import DateOrder, LoadedSource


@dataclass(frozen=True)
class Arrival:
    """A landed file: its path inside the inbox, its fingerprint, where its copy lies, and whether the inbox holds it
    no more.
    """

    file_name: str
    sha256: str
    path: Path
    is_kept: bool = False


@dataclass(frozen=True)
class Form:
    """What was found out about a file before its rows are read."""

    grid: Grid
    dialect: Dialect
    layout: Layout
    source: LoadedSource
    columns: Columns
    date_order: DateOrder
    # By item the codes that the file itself declares missing, as they are met.
    missing_codes: dict[str, set[str]] = field(default_factory=dict)

    def data_rows(self) -> Iterator[tuple[int, Row]]:
        """Every response with the number of its row in the file."""
        return data_rows(self.grid, self.layout)


def open_form(arrival: Arrival, sources: Sequence[LoadedSource]) -> Form:
    """Recognise a file, find the source that describes it, and settle how its dates are written.

    Raises:
        Unreadable: the file cannot be read, or no source describes it well enough.
    """
    grid = open_grid(arrival.path, declared_encodings(sources))
    dialect, layout = recognise(grid)
    source, columns = find_source(sources, dialect, layout, PurePosixPath(arrival.file_name).name)
    if grid.encoding not in (None, "utf-8", "utf-8-sig", "utf-16", source.model.encoding):
        # Another source's encoding fitted first: read it as this one declares.
        grid = open_grid(arrival.path, [source.model.encoding] if source.model.encoding else [])
        layout = dialect.layout(grid)
        columns = locate(source, layout)
    refuse_contradictions(source, layout, columns, grid.codebook)
    order = _date_order(source, grid, layout, columns)
    _refuse_unknown_clock(source, grid, layout, columns)
    return Form(grid, dialect, layout, source, columns, order)


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
    if any(limesurvey.is_anonymised(cell(row, position)) for row in grid.head):
        raise Unreadable(
            "The survey is anonymised: LimeSurvey writes 1980-01-01 as the date of every response.",
            "Write 'date: {constant: 2026-10-15}' with a day of the fieldwork in sources/%(file)s.",
            file=source.path.name,
        )
    order = rule.order or layout.date_order or proven_order(cell(row, position) for _, row in data_rows(grid, layout))
    if order is None:
        raise Unreadable(
            "The file does not prove whether its dates begin with the day or the month.",
            "Write 'date: {order: dmy}' (or mdy, or ymd) in sources/%(file)s, or export as XLSX.",
            file=source.path.name,
        )
    return order


def _refuse_unknown_clock(source: LoadedSource, grid: Grid, layout: Layout, columns: Columns) -> None:
    """Between a server in Denver and a member in Delft lie eight hours: an evening's answers may be next month's."""
    rule = source.model.date
    if rule.constant or rule.timezone or layout.timezone:
        return
    if lack_zone(cell(row, columns.submitted) for _, row in data_rows(grid, layout)):
        raise Unreadable(
            "The file does not say on the clock of which time zone its answers were submitted.",
            "Write 'date: {timezone: Europe/Amsterdam}', or the zone of the survey tool's account, in"
            " sources/%(file)s.",
            file=source.path.name,
        )


def cell(row: Row, position: int | None) -> str | None:
    """The text at a position, empty where the tool wrote NULL; None when there is no such column."""
    return None if position is None else row[position] or ""
