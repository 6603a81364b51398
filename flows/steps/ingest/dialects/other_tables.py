"""Tables of survey tools that hold no responses: a form as rows of questions, and rows inside a response."""

from copy import copy

from flows.steps.ingest.dialects import xlsform
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


def refuse(grid: Grid) -> None:
    """Refuse a table in which a row is no response.

    Raises:
        Unreadable: says what the rows are.
    """
    head = grid.head[0]
    if has_headings(head, _PARENTS):
        raise copy(_REPEATS)
    if has_headings(head, ("class",), ("type/scale",), ("name",), ("text",)) or xlsform.is_form(grid):
        raise copy(QUESTIONNAIRE)
