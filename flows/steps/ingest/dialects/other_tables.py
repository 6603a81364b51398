"""Tables of survey tools that hold no responses: a form as rows of questions, and rows inside a response."""

from collections.abc import Iterable
from copy import copy

from flows.foundation.text_comparison import same_text
from flows.steps.ingest.dialects.dialect import has_headings
from flows.steps.ingest.readers.grid import Grid
from flows.steps.ingest.readers.no_export import QUESTIONNAIRE
from flows.steps.ingest.readers.unreadable import Unreadable

_REPEATS = Unreadable(
    "These are the rows of a repeat group, not respondents.",
    "Drop the main table of the form, which has one row per response.",
)
# KoboToolbox and ODK point from such a row to the response that it belongs to.
_PARENTS = ("_parent_index", "_parent_table_name", "PARENT_KEY")
# What the first rows of a form are in XLSForm.
_XLSFORM_TYPES = frozenset(
    ("start", "end", "today", "deviceid", "username", "note", "text", "integer", "decimal", "date", "datetime", "time",
     "calculate", "hidden", "geopoint", "begin_group", "begin group", "begin_repeat", "begin repeat", "acknowledge",
     "audit")
)  # fmt: skip


def refuse(grid: Grid) -> None:
    """Refuse a table in which a row is no response.

    Raises:
        Unreadable: says what the rows are.
    """
    head = grid.head[0]
    if has_headings(head, _PARENTS):
        raise copy(_REPEATS)
    if has_headings(head, ("class",), ("type/scale",), ("name",), ("text",)) or _is_xlsform(grid):
        raise copy(QUESTIONNAIRE)


def _is_xlsform(grid: Grid) -> bool:
    """Whether it is the sheet `survey` or `choices` of a form for KoboToolbox or ODK, alone."""
    headings = [same_text(heading) for heading in grid.head[0]]
    if "name" not in headings or not any(heading.split(":")[0] == "label" for heading in headings):
        return False
    if "list_name" in headings or "list name" in headings:
        return True
    return "type" in headings and _are_types(row[headings.index("type")] for row in grid.head[1:])


def _are_types(cells: Iterable[str]) -> bool:
    types = [same_text(cell) for cell in cells if cell.strip()]
    return bool(types) and all(kind in _XLSFORM_TYPES or kind.startswith("select_") for kind in types)
