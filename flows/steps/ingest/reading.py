"""Reads one landed file into `raw` by the columns that its source maps."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path, PurePosixPath
from typing import Any

from flows.steps import warehouse
from flows.steps.contracts import Export
from flows.steps.ingest.dialects import Dialect, Layout, recognise
from flows.steps.ingest.grid import Grid, Row, open_grid
from flows.steps.ingest.matching import Columns, find_source, marks_of
from flows.steps.ingest.pseudonyms import pseudonym
from flows.steps.ingest.unreadable import Unreadable
from flows.steps.source import CollectiveFrom, LoadedSource


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
        form = self._open(arrival)
        with warehouse.transaction(self.connection):
            count = warehouse.append(self.connection, "raw.responses", self._responses(arrival, form))
            if not count:
                raise Unreadable(
                    "There are headings, but no responses yet.", "Nothing to do until members have answered."
                )
            warehouse.append(self.connection, "raw.marks", _marks(arrival, form))
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
        for table in ("raw.responses", "raw.marks", "raw.exports"):
            self.connection.execute("delete from " + warehouse.quoted(table) + " where sha256 = ?", [arrival.sha256])
        return received_on or self.today

    def _open(self, arrival: Arrival) -> _Form:
        encodings = [source.model.encoding for source in self.sources if source.model.encoding]
        grid = open_grid(arrival.path, list(dict.fromkeys(encodings)))
        dialect, layout = recognise(grid)
        source, columns = find_source(self.sources, dialect, layout, PurePosixPath(arrival.file_name).name)
        has_date = source.model.date.constant or columns.submitted is not None
        if not has_date:
            raise Unreadable(
                "No column says when a response was submitted.",
                "Name it in sources/%(file)s as 'date: {column: …, order: dmy}', or give a constant date.",
                file=source.path.name,
            )
        if not (source.model.date.constant or source.model.date.order or layout.date_order):
            raise Unreadable(
                "The file does not prove whether its dates begin with the day or the month.",
                "Write 'date: {order: dmy}' (or mdy, or ymd) in sources/%(file)s, or export as XLSX.",
                file=source.path.name,
            )
        return _Form(grid, dialect, layout, source, columns)

    def _export(self, arrival: Arrival, form: _Form, count: int, received_on: date) -> dict[str, Any]:
        model = form.source.model
        return {
            "sha256": arrival.sha256,
            "file_name": arrival.file_name,
            "source": model.source,
            "source_sha256": form.source.sha256,
            "series": _series(form, arrival),
            "dialect": form.dialect.tool,
            "date_order": "ymd" if model.date.constant else model.date.order or form.layout.date_order,
            "timezone": model.date.timezone or form.layout.timezone,
            "received_on": received_on,
            "response_count": count,
            "has_response_ids": form.columns.response_id is not None,
        }

    def _responses(self, arrival: Arrival, form: _Form) -> Iterator[dict[str, Any]]:
        columns, model = form.columns, form.source.model
        series = _series(form, arrival)
        constant_date = model.date.constant.isoformat() if model.date.constant else None
        seen: Counter[str] = Counter()
        for index, (number, row) in enumerate(form.grid.rows()):
            if index < form.layout.heading_rows:
                continue
            response_id = self._response_id(row, columns.response_id, seen)
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
                "states": {name: row[position] for name, position in columns.marks.items()},
                "answers": {item: row[position] for item, position in columns.items.items()},
            }

    def _response_id(self, row: Row, position: int | None, seen: Counter[str]) -> str:
        """The tool's id of the response; without one, a fingerprint of the row and how often it stood before."""
        if position is not None:
            return row[position]
        fingerprint = pseudonym(self.pseudonym_key, "row", *row)
        seen[fingerprint] += 1
        return f"{fingerprint}-{seen[fingerprint]}"


def _marks(arrival: Arrival, form: _Form) -> Iterator[dict[str, Any]]:
    for mark in marks_of(form.source, form.layout):
        for text in mark.texts:
            yield {"sha256": arrival.sha256, "field": mark.column, "mark": text.strip(), "state": mark.state}


def _cell(row: Sequence[str], position: int | None) -> str | None:
    return None if position is None else row[position]


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
