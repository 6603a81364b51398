"""Reads one landed file into `raw` by the columns that its source maps."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path, PurePosixPath
from typing import Any

from flows.steps import warehouse
from flows.steps.contracts import Export
from flows.steps.ingest.dates import proven_order
from flows.steps.ingest.dialects import Dialect, Layout, limesurvey, recognise
from flows.steps.ingest.grid import Grid, Row, open_grid
from flows.steps.ingest.matching import Columns, find_source, locate, marks_of
from flows.steps.ingest.pseudonyms import pseudonym
from flows.steps.ingest.unreadable import Unreadable
from flows.steps.source import CollectiveFrom, DateOrder, LoadedSource

_TABLES = ("raw.responses", "raw.marks", "raw.fields", "raw.missing_codes", "raw.exports")
# Two rows that are alike in every cell are two people: the second, third, … get a number.
_NUMBER_REPEATED = """
    update raw.responses
    set response_id = repeated.response_id || '-' || repeated.turn,
        respondent = case when $knows_respondents then responses.respondent
            else repeated.respondent || '-' || repeated.turn end
    from (
        select row_number, response_id, respondent,
            row_number() over (partition by response_id order by row_number) as turn
        from raw.responses where sha256 = $sha256
    ) as repeated
    where responses.sha256 = $sha256 and responses.row_number = repeated.row_number and repeated.turn > 1
"""


@dataclass(frozen=True)
class Arrival:
    """A landed file: its path inside the inbox, its fingerprint, and where its copy lies."""

    file_name: str
    sha256: str
    path: Path


@dataclass(frozen=True)
class _Form:
    """What was found out about a file before its rows are read."""

    grid: Grid
    dialect: Dialect
    layout: Layout
    source: LoadedSource
    columns: Columns
    date_order: DateOrder
    # By item the codes that the file itself declares missing, as they are met.
    missing_codes: dict[str, set[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Reader:
    """Reads files for one programme on one day."""

    connection: warehouse.Connection
    sources: tuple[LoadedSource, ...]
    pseudonym_key: bytes
    today: date

    def read(self, arrival: Arrival) -> Export:
        """Put the rows of a file into `raw`; nothing changes when it lies there and its source is the same.

        Raises:
            Unreadable: the file cannot be read or no source describes it; then none of its rows stay.
        """
        known = self._known(arrival)
        if known:
            return known
        with warehouse.transaction(self.connection):
            received_on = self._forget(arrival)
        form = open_form(arrival, self.sources)
        with warehouse.transaction(self.connection):
            count = warehouse.append(self.connection, "raw.responses", self._responses(arrival, form))
            if not count:
                raise Unreadable(
                    "There are headings, but no responses yet.", "Nothing to do until members have answered."
                )
            if not form.columns.response_id:
                knows_respondents = form.columns.respondent is not None
                self.connection.execute(
                    _NUMBER_REPEATED, {"sha256": arrival.sha256, "knows_respondents": knows_respondents}
                )
            warehouse.append(self.connection, "raw.marks", _marks(arrival, form))
            warehouse.append(self.connection, "raw.fields", _fields(arrival, form))
            warehouse.append(self.connection, "raw.missing_codes", _missing_codes(arrival, form))
            warehouse.append(self.connection, "raw.exports", [self._export(arrival, form, count, received_on)])
        return Export(arrival.sha256, arrival.file_name, form.source.model.source, count, is_new=True)

    def _known(self, arrival: Arrival) -> Export | None:
        row = self.connection.execute(
            "select source, source_sha256, response_count from raw.exports where sha256 = ?", [arrival.sha256]
        ).fetchone()
        unchanged = row and any((source.model.source, source.sha256) == row[:2] for source in self.sources)
        return Export(arrival.sha256, arrival.file_name, row[0], row[2], is_new=False) if row and unchanged else None

    def _forget(self, arrival: Arrival) -> date:
        """Remove the rows of an earlier reading; returns the day on which the file first came."""
        received_on = warehouse.one(
            self.connection, "select received_on from raw.exports where sha256 = ?", [arrival.sha256]
        )
        for table in _TABLES:
            self.connection.execute("delete from " + warehouse.quoted(table) + " where sha256 = ?", [arrival.sha256])
        return received_on or self.today

    def _export(self, arrival: Arrival, form: _Form, count: int, received_on: date) -> dict[str, Any]:
        model = form.source.model
        return {
            "sha256": arrival.sha256,
            "file_name": arrival.file_name,
            "source": model.source,
            "source_version": model.version,
            "source_sha256": form.source.sha256,
            "series": _series(form, arrival),
            "dialect": form.dialect.tool,
            "date_order": form.date_order,
            "timezone": model.date.timezone or form.layout.timezone,
            "received_on": received_on,
            "response_count": count,
            "has_response_ids": bool(form.columns.response_id),
            "has_dates": model.date.constant is None,
            "closes": model.closes,
            "grace_days": model.grace_days,
        }

    def _responses(self, arrival: Arrival, form: _Form) -> Iterator[dict[str, Any]]:
        columns, model = form.columns, form.source.model
        series = _series(form, arrival)
        constant_date = model.date.constant.isoformat() if model.date.constant else None
        for number, row in _data_rows(form.grid, form.layout):
            response_id = self._response_id(row, columns.response_id)
            respondent = _cell(row, columns.respondent)
            yield {
                "sha256": arrival.sha256,
                "row_number": number,
                "response_id": response_id,
                "respondent": pseudonym(self.pseudonym_key, "respondent", respondent)
                if respondent and respondent.strip()
                else pseudonym(self.pseudonym_key, "response", series, response_id),
                "collective": _collective_text(model.collective, _cell(row, columns.collective), arrival),
                "submitted": constant_date or _cell(row, columns.submitted),
                "consent": _cell(row, columns.consent),
                "states": {name: _cell(row, position) for name, position in columns.marks.items()},
                "answers": _answers(row, form),
            }

    def _response_id(self, row: Row, positions: tuple[int, ...]) -> str:
        """The tool's id of the response; without one, a fingerprint of the row."""
        if positions:
            return " ".join(_cell(row, position) or "" for position in positions)
        return pseudonym(self.pseudonym_key, "row", *(cell or "" for cell in row))


def open_form(arrival: Arrival, sources: Sequence[LoadedSource]) -> _Form:
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
    return _Form(grid, dialect, layout, source, columns, _date_order(source, grid, layout, columns))


def declared_encodings(sources: Sequence[LoadedSource]) -> list[str]:
    """The encodings that sources declare for text that is not UTF-8."""
    return list(dict.fromkeys(source.model.encoding for source in sources if source.model.encoding))


def _data_rows(grid: Grid, layout: Layout) -> Iterator[tuple[int, Row]]:
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
    if any(limesurvey.is_anonymised(_cell(row, position)) for row in grid.head):
        raise Unreadable(
            "The survey is anonymised: LimeSurvey writes 1980-01-01 as the date of every response.",
            "Write 'date: {constant: 2026-10-15}' with a day of the fieldwork in sources/%(file)s.",
            file=source.path.name,
        )
    order = rule.order or layout.date_order or proven_order(_cell(row, position) for _, row in _data_rows(grid, layout))
    if order is None:
        raise Unreadable(
            "The file does not prove whether its dates begin with the day or the month.",
            "Write 'date: {order: dmy}' (or mdy, or ymd) in sources/%(file)s, or export as XLSX.",
            file=source.path.name,
        )
    return order


def _answers(row: Row, form: _Form) -> dict[str, str | None]:
    answers: dict[str, str | None] = {}
    for item, position in form.columns.items.items():
        text = row[position]
        answers[item] = text if text is not None or form.layout.has_nulls else ""
        if form.grid.codebook and text and form.grid.codebook.is_missing(form.layout.names[0][position], text):
            form.missing_codes.setdefault(item, set()).add(text)
    return answers


def _marks(arrival: Arrival, form: _Form) -> Iterator[dict[str, Any]]:
    for mark in marks_of(form.source, form.layout):
        for text in mark.texts:
            yield {
                "sha256": arrival.sha256,
                "field": mark.column,
                "mark": text.strip(),
                "is_part": mark.is_part,
                "state": mark.state,
            }


def _fields(arrival: Arrival, form: _Form) -> Iterator[dict[str, Any]]:
    """By which words the file asks each item: to notice when a form changes under the same column."""
    for item, position in form.columns.items.items():
        yield {"sha256": arrival.sha256, "item": item, "heading": form.layout.questions[position]}


def _missing_codes(arrival: Arrival, form: _Form) -> Iterator[dict[str, Any]]:
    for item, texts in form.missing_codes.items():
        for text in sorted(texts):
            yield {"sha256": arrival.sha256, "item": item, "text": text}


def _cell(row: Row, position: int | None) -> str | None:
    return None if position is None else row[position] or ""


def _series(form: _Form, arrival: Arrival) -> str:
    """Exports that replace one another: those of a source, and of one collective where the file names it."""
    rule = form.source.model.collective
    if rule.from_ in ("file_name", "folder"):
        return f"{form.source.model.source}/{_collective_text(rule, None, arrival)}"
    return form.source.model.source


def _collective_text(rule: CollectiveFrom, cell: str | None, arrival: Arrival) -> str | None:
    path = PurePosixPath(arrival.file_name)
    if rule.from_ == "constant":
        return rule.constant
    if rule.from_ == "folder":
        return path.parent.name
    if rule.from_ == "column":
        return cell
    match = re.search(rule.pattern or "", path.name if rule.from_ == "file_name" else cell or "")
    return match[1] if match else ""
