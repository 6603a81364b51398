"""XLSForm, the workbook that defines a questionnaire in KoboToolbox and ODK, and XForm, which they generate from it."""

from collections.abc import Iterable

from flows.foundation.text_comparison import same_text
from flows.steps.ingest.dialects.dialect import has_headings
from flows.steps.ingest.readers.file_facts import Document, FileFacts
from flows.steps.ingest.readers.grid import Grid
from flows.steps.ingest.readers.no_export import QUESTIONNAIRE
from flows.steps.ingest.readers.unreadable import Unreadable

FILES = FileFacts(
    documents=(Document(r"<(?:h:)?html[^>]*xforms|<xforms:", QUESTIONNAIRE),),
    form_sheets=(frozenset({"survey", "choices"}),),
    questions=("survey",),
)
_REPEATS = Unreadable(
    "These are the rows of a repeat group, not respondents.",
    "Drop the main table of the form, which has one row per response.",
)
# Types of the first rows of a form, besides `select_…`.
_TYPES = frozenset(
    ("start", "end", "today", "deviceid", "username", "note", "text", "integer", "decimal", "date", "datetime", "time",
     "calculate", "hidden", "geopoint", "begin_group", "begin group", "begin_repeat", "begin repeat", "acknowledge",
     "audit")
)  # fmt: skip


def refusal(grid: Grid, parents: Iterable[str]) -> Unreadable | None:
    """Why the rows are not responses (rows of a repeat group, or of the form itself); None when they are.

    `parents`: the columns by which a row of a repeat group refers to its response.
    """
    if has_headings(grid.head[0], parents):
        return _REPEATS
    return QUESTIONNAIRE if _is_form(grid) else None


def _is_form(grid: Grid) -> bool:
    """Whether the table is the sheet `survey` or `choices` of a form."""
    headings = [same_text(heading) for heading in grid.head[0]]
    if "name" not in headings or not any(heading.split(":")[0] == "label" for heading in headings):
        return False
    if "list_name" in headings or "list name" in headings:
        return True
    return "type" in headings and _are_types(row[headings.index("type")] for row in grid.head[1:])


def _are_types(cells: Iterable[str]) -> bool:
    types = [same_text(cell) for cell in cells if cell.strip()]
    return bool(types) and all(kind in _TYPES or kind.startswith("select_") for kind in types)
