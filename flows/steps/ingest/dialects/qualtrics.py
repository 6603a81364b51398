"""Qualtrics CSV: three heading rows (code, question in the account's language, ImportId as JSON)."""

import ast
import json

from flows.steps.ingest.dialects.dialect import Dialect, Head, Layout, Mark

# Qualtrics' own numbers: 0 answered, 1 preview, 2 test, 4 imported, 8 spam, 9 preview and spam, 16 and 17 offline.
_MARKS = (
    Mark(
        "Status",
        ("1", "2", "9", "17", "Survey Preview", "Survey Test", "Preview Spam", "Offline Preview"),
        "test",
    ),
    Mark("Status", ("8", "Spam"), "spam"),
    Mark("Finished", ("0", "FALSE"), "partial"),
)


def _import_ids(row: object) -> list[dict[str, str]] | None:
    """The third heading row read as JSON, or as the Python literals that some exporters write."""
    ids: list[dict[str, str]] = []
    for cell in row if isinstance(row, list | tuple) else ():
        parsed = _literal(cell)
        if not isinstance(parsed, dict) or "ImportId" not in parsed:
            return None
        ids.append(parsed)
    return ids


def _literal(cell: str) -> object:
    try:
        return json.loads(cell)
    except ValueError:
        pass
    try:
        return ast.literal_eval(cell)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return None


def recognises(head: Head) -> bool:
    """Whether the third row is made of ImportIds: row two is in any language, so it proves nothing."""
    return len(head) >= 3 and bool(_import_ids(head[2]))


def layout(head: Head) -> Layout:
    """Columns by code, by ImportId and by question; the zone of the dates when the export states one."""
    ids = _import_ids(head[2]) or []
    zones = {str(entry["timeZone"]) for entry in ids if entry.get("timeZone")}
    zone = zones.pop() if len(zones) == 1 else None
    codes = tuple(head[0])
    return Layout(
        names=(codes, tuple(str(entry["ImportId"]) for entry in ids), tuple(head[1])),
        heading_rows=3,
        response_id="ResponseId",
        submitted="RecordedDate",
        date_order="ymd",
        timezone="UTC" if zone == "Z" else zone,
        marks=tuple(mark for mark in _MARKS if mark.column in codes),
    )


DIALECT = Dialect("qualtrics", recognises, layout)
