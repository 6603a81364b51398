"""Qualtrics CSV, TSV and XLSX: three heading rows (code, question in the account's language, ImportId).

Older exports have two rows without ImportIds and begin with the codes V1, V2, …. ImportIds are JSON or Python literals.
"""

import ast
import json
import re
from collections.abc import Sequence
from zoneinfo import available_timezones

from flows.steps.ingest.dialects.dialect import Dialect, Head, Layout, Mark, as_id, first_heading, has_headings
from flows.steps.ingest.readers.file_facts import Document, FileFacts
from flows.steps.ingest.readers.grid import Grid
from flows.steps.ingest.readers.no_export import QUESTIONNAIRE

_RESPONSE_ID = ("ResponseId", "ResponseID")
_SUBMITTED = ("RecordedDate", "EndDate")
# Required besides a date and Finished or Progress: an id and another column, or names that no other tool uses.
_NAMED = (
    (_RESPONSE_ID, ("ResponseSet", "Progress", "Status")),
    (("RecordedDate",), ("Duration (in seconds)", "DistributionChannel", "UserLanguage")),
)
# Qualtrics' own numbers: 0 answered, 1 preview, 2 test, 4 imported, 8 spam, 9 preview and spam, 16 and 17 offline.
_MARKS = (
    Mark(
        "Status",
        ("1", "2", "9", "17", "Survey Preview", "Survey Test", "Preview Spam", "Offline Preview"),
        "test",
    ),
    # The status is in the account's language; the channel is not translated.
    Mark("DistributionChannel", ("preview", "test"), "test"),
    Mark("Status", ("8", "Spam"), "spam"),
    # The words that spreadsheet programs in several languages write when somebody saves the file again.
    Mark("Finished", ("0", "FALSE", "ONWAAR", "FALSCH", "FAUX", "FALSO"), "partial"),
)
_UNFINISHED = Mark("Progress", tuple(str(percent) for percent in range(100)), "partial")
_OWN = (
    *_RESPONSE_ID, "StartDate", "EndDate", "RecordedDate", "Status", "ResponseSet", "IPAddress", "Progress",
    "Finished", "Duration (in seconds)", "RecipientLastName", "RecipientFirstName", "RecipientEmail",
    "EmailAddress", "LocationLatitude", "LocationLongitude", "LocationAccuracy", "DistributionChannel",
    "UserLanguage", "Q_RecaptchaScore", "Q_DuplicateRespondent", "Q_RelevantIDDuplicate", "Q_RelevantIDFraudScore",
    "Q_BallotBoxStuffing", "Q_TotalDuration", "Q_Language", "Q_URL",
)  # fmt: skip
# The text format from which it imports a questionnaire, and .qsf, in which it exports one.
_FILES = FileFacts(
    documents=(Document(r"\s*\[\[(?:AdvancedFormat|Question:|Block)", QUESTIONNAIRE, is_markup=False),),
    questions=("SurveyElements",),
    of_a_question=("Element",),
)


def _import_ids(head: Head) -> tuple[int, list[dict[str, str]]]:
    """The index of the row of ImportIds, and the ids, parsed as JSON or as the Python literals of some exporters.

    It is the third row, or the second if somebody removed the questions; (0, []) if there is none. A column that
    somebody added has no ImportId.
    """
    for number, cells in enumerate(head[1:3], start=1):
        ids = [_import_id(cell) for cell in cells]
        if 2 * sum(map(bool, ids)) > sum(1 for cell in cells if cell.strip()):
            return number, ids
    return 0, []


def _import_id(cell: str) -> dict[str, str]:
    parsed = _literal(cell) if "ImportId" in cell else None
    return parsed if isinstance(parsed, dict) and "ImportId" in parsed else {}


def _literal(cell: str) -> object:
    try:
        return json.loads(cell)
    except (ValueError, RecursionError):
        pass
    try:
        return ast.literal_eval(cell)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return None


def recognises(grid: Grid) -> bool:
    """Whether a row consists of ImportIds, or the first or second row names Qualtrics' own columns.

    Question texts may be in any language, so they prove nothing.
    """
    return any(_import_ids(grid.head)) or any(
        has_headings(row, ("Finished", "Progress"), _SUBMITTED, *named) for row in grid.head[:2] for named in _NAMED
    )


def layout(grid: Grid) -> Layout:
    """Columns by code, by ImportId and by question; the time zone of the dates if the export states one."""
    head = grid.head
    id_row, ids = _import_ids(head)
    heading_rows = id_row + 1 if ids else _older_heading_rows(head)
    own = next((row for row in head[:heading_rows] if first_heading(row, _RESPONSE_ID)), head[0])
    by_import_id = [tuple(str(entry.get("ImportId", "")) for entry in ids)] if ids else []
    by_question = [tuple(head[1])] if heading_rows > 1 and id_row != 1 else []
    return Layout(
        names=(tuple(head[0]), *by_import_id, *by_question),
        heading_rows=heading_rows,
        response_id=as_id(first_heading(own, _RESPONSE_ID)),
        submitted=first_heading(own, _SUBMITTED),
        timezone=_zone(ids),
        marks=_marks(own),
    )


def _marks(own: Sequence[str]) -> tuple[Mark, ...]:
    """The marks for columns that the export has; without Finished, a Progress below 100 means partial."""
    marks = tuple(mark for mark in _MARKS if first_heading(own, [mark.column]))
    if not first_heading(own, ["Finished"]) and first_heading(own, ["Progress"]):
        return (*marks, _UNFINISHED)
    return marks


def _older_heading_rows(head: Head) -> int:
    """The heading rows without ImportIds: two, or one (questions removed) if row 2 already has an id or a date."""
    own = [first_heading(head[0], names) for names in (_RESPONSE_ID, _SUBMITTED)]
    below = [row[head[0].index(name)] for row in head[1:2] for name in own if name]
    return 1 if any(re.match(r"R_\w+$|\d{1,4}[-/.]\d", text.strip()) for text in below) else 2


def _zone(ids: Sequence[dict[str, str]]) -> str | None:
    """The time zone, if the export states exactly one and it is a known one; `Z` means UTC."""
    zones = {str(entry["timeZone"]) for entry in ids if entry.get("timeZone")}
    zone = zones.pop() if len(zones) == 1 else None
    return "UTC" if zone == "Z" else zone if zone in available_timezones() else None


DIALECT = Dialect(
    "qualtrics",
    recognises,
    layout,
    own=_OWN,
    respondents=("ExternalReference", "ExternalDataReference", "RecipientEmail"),
    files=_FILES,
)
