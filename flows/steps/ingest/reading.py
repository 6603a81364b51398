"""Reads one landed file into `raw`: the columns that its source maps."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import PurePosixPath
from typing import Any

from flows import warehouse
from flows.foundation.contracts import Export
from flows.programme.pseudonym_key import PseudonymKeys, pseudonym
from flows.programme.source import LoadedSource
from flows.programme.source_model import CollectiveFrom
from flows.steps.ingest.answers import answered, count_twins, read_answers
from flows.steps.ingest.file_rows import rows_about_file
from flows.steps.ingest.ids import is_rounded, names_nobody
from flows.steps.ingest.landing.tombstones import Tombstones
from flows.steps.ingest.readers.grid import Row
from flows.steps.ingest.readers.sizes import refuse_oversized
from flows.steps.ingest.readers.unreadable import Unreadable
from flows.steps.ingest.recognised_export import Arrival, RecognisedExport, cell, recognise_export

# The prefix of a pseudonym that stands for a response, because the member is not known.
_OF_A_RESPONSE = "response-"
# Rows for which the database applies a pattern in one query.
_BATCH = 1000
_TABLES = ("raw.responses", "raw.marks", "raw.fields", "raw.twin_columns", "raw.missing_codes", "raw.exports")
# Without response ids, rows with the same mapped cells are different responses: the second and later get a number.
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
class Reader:
    """Reads files for one programme on one day."""

    connection: warehouse.Connection
    sources: tuple[LoadedSource, ...]
    keys: PseudonymKeys
    today: date
    tombstones: Tombstones = field(default_factory=Tombstones)
    # Filled while reading: by export (SHA-256), the row numbers of erased people.
    erased: dict[str, set[int]] = field(default_factory=dict)

    def read(self, arrival: Arrival) -> Export:
        """Read a file into `raw`, unless it was read before with the same version of its source.

        Raises:
            Unreadable: the file cannot be read or no source describes it, and none of its rows stay; or its copy is
                gone, and the rows that were read before stay.
        """
        known = self._known(arrival)
        if known:
            return known
        if not arrival.path.exists():
            raise Unreadable(
                "The kept copy of this export was deleted when a member was erased, so it cannot be read again.",
                "The answers read before still count. Drop a new export.",
            )
        with warehouse.transaction(self.connection):
            received_on = self._forget(arrival)
        export = recognise_export(arrival, self.sources)
        with warehouse.transaction(self.connection):
            count = warehouse.append(self.connection, "raw.responses", self._responses(arrival, export))
            if not count:
                raise Unreadable(
                    "There are headings, but no responses yet.", "Nothing to do until members have answered."
                )
            if not export.columns.response_id:
                knows_respondents = export.columns.respondent is not None
                self.connection.execute(
                    _NUMBER_REPEATED, {"sha256": arrival.sha256, "knows_respondents": knows_respondents}
                )
            for table, rows in rows_about_file(arrival.sha256, export).items():
                warehouse.append(self.connection, table, rows)
            warehouse.append(self.connection, "raw.exports", [self._export(arrival, export, count, received_on)])
        return Export(
            sha256=arrival.sha256,
            file_name=arrival.file_name,
            source=export.source.model.source,
            rows=count,
            is_new=True,
            other_sheets=export.other_sheets,
        )

    def _known(self, arrival: Arrival) -> Export | None:
        row = self.connection.execute(
            "select source, source_sha256, response_count from raw.exports where sha256 = ?", [arrival.sha256]
        ).fetchone()
        unchanged = row and any((source.model.source, source.sha256) == row[:2] for source in self.sources)
        if not (row and unchanged):
            return None
        return Export(sha256=arrival.sha256, file_name=arrival.file_name, source=row[0], rows=row[2], is_new=False)

    def _forget(self, arrival: Arrival) -> date:
        """Remove the rows of an earlier reading; return the day on which the file was first received."""
        received_on = warehouse.one(
            self.connection, "select received_on from raw.exports where sha256 = ?", [arrival.sha256]
        )
        for table in _TABLES:
            self.connection.execute("delete from " + warehouse.quoted(table) + " where sha256 = ?", [arrival.sha256])
        return received_on or self.today

    def _export(self, arrival: Arrival, export: RecognisedExport, count: int, received_on: date) -> dict[str, Any]:
        model = export.source.model
        return {
            "sha256": arrival.sha256,
            "file_name": arrival.file_name,
            "source": model.source,
            "source_version": model.version,
            "source_sha256": export.source.sha256,
            "series": self._series(export, arrival),
            "dialect": export.dialect.tool,
            "date_order": export.date_order,
            "timezone": model.date.timezone or export.layout.timezone,
            "received_on": received_on,
            "response_count": count,
            "has_response_ids": bool(export.columns.response_id),
            "has_dates": model.date.constant is None,
            "closes": model.closes,
            "grace_days": model.grace_days,
        }

    def _responses(self, arrival: Arrival, export: RecognisedExport) -> Iterator[dict[str, Any]]:
        columns, model = export.columns, export.source.model
        series = self._series(export, arrival)
        constant_date = model.date.constant.isoformat() if model.date.constant else None
        for number, row, collective in self._with_collectives(arrival, export):
            refuse_oversized(number, row)
            response_id = self._response_id(row, export)
            respondent = _respondent(row, export)
            _refuse_rounded(number, response_id, respondent)
            if self._is_erased(respondent, series, response_id):
                self.erased.setdefault(arrival.sha256, set()).add(number)
                continue
            count_twins(row, export)
            yield {
                "sha256": arrival.sha256,
                "row_number": number,
                "response_id": response_id,
                "respondent": self._pseudonym(self.keys.current, respondent, series, response_id),
                "collective": collective,
                "submitted": constant_date or cell(row, columns.submitted),
                "consent": cell(row, columns.consent),
                "states": {name: cell(row, position) for name, position in columns.marks.items()},
                "answers": read_answers(number, row, export),
            }

    def _series(self, export: RecognisedExport, arrival: Arrival) -> str:
        """The export series; one for each collective where the file or its folder names the collective."""
        series, rule = export.source.series_of(PurePosixPath(arrival.file_name).name), export.source.model.collective
        if rule.from_ in ("file_name", "folder"):
            return f"{series}/{self._collective_of_file(rule, arrival)}"
        return series

    def _with_collectives(self, arrival: Arrival, export: RecognisedExport) -> Iterator[tuple[int, Row, str | None]]:
        """Every row with the text that identifies its collective; of a token only that part, never the rest."""
        rule, column = export.source.model.collective, export.columns.collective
        of_file = self._collective_of_file(rule, arrival)
        rows = export.data_rows()
        while batch := list(itertools.islice(rows, _BATCH)):
            texts = [cell(row, column) if of_file is None else of_file for _, row in batch]
            if rule.from_ == "token_prefix":
                texts = [*warehouse.parts_of(self.connection, [text or "" for text in texts], rule.pattern or "")]
            yield from ((number, row, text) for (number, row), text in zip(batch, texts, strict=True))

    def _collective_of_file(self, rule: CollectiveFrom, arrival: Arrival) -> str | None:
        """The collective of the whole file; None where each response states its own."""
        path = PurePosixPath(arrival.file_name)
        if rule.from_ == "constant":
            return rule.constant
        if rule.from_ == "folder":
            return path.parent.name
        if rule.from_ == "file_name":
            return warehouse.parts_of(self.connection, [path.name], rule.pattern or "")[0]
        return None

    def _pseudonym(self, key: bytes, respondent: str, series: str, response_id: str) -> str:
        """The pseudonym of the member or, with a prefix, of the response where the member is not known."""
        if respondent:
            return pseudonym(key, "respondent", respondent)
        return _OF_A_RESPONSE + pseudonym(key, "response", series, response_id)

    def _is_erased(self, respondent: str, series: str, response_id: str) -> bool:
        if not self.tombstones.made:
            return False
        named = (self._pseudonym(key, respondent, series, response_id) for key in self.keys.every)
        return any(self.tombstones.has("person", name) for name in named)

    def _response_id(self, row: Row, export: RecognisedExport) -> str:
        """The tool's id of the response; without one, a keyed hash of its mapped cells.

        Headings, column order and unmapped columns do not change the hash, since forms gain columns over time.
        """
        named = " ".join(cell(row, position) or "" for position in export.columns.response_id).strip()
        if named:
            return named
        columns = export.columns
        mapped = {item: cell(row, answered(row, positions)) for item, positions in columns.items.items()}
        mapped |= {"collective": cell(row, columns.collective), "submitted": cell(row, columns.submitted)}
        texts = (f"{name}\x1e{text or ''}" for name, text in mapped.items())
        return pseudonym(self.keys.current, "row", *sorted(texts))


def _respondent(row: Row, export: RecognisedExport) -> str:
    """The member's name or number in the file; empty where it is missing or a placeholder."""
    text = (cell(row, export.columns.respondent) or "").strip()
    return "" if names_nobody(text) else text


def _refuse_rounded(number: int, *ids: str) -> None:
    if any(map(is_rounded, ids)):
        raise Unreadable(
            "A spreadsheet has rounded the ids in this file (row %(row)s shows one as 1,2E+11), so different"
            " responses seem to be the same.",
            "Drop the export itself, untouched, without first opening and saving it in a spreadsheet program.",
            row=number,
        )
