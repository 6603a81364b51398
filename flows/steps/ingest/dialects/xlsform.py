"""XLSForm, the workbook from which KoboToolbox and ODK make a questionnaire, and the XForm that they make of it."""

from collections.abc import Iterable

from flows.foundation.text_comparison import same_text
from flows.steps.ingest.readers.file_facts import Document, FileFacts
from flows.steps.ingest.readers.grid import Grid
from flows.steps.ingest.readers.no_export import QUESTIONNAIRE

FILES = FileFacts(
    documents=(Document(r"<(?:h:)?html[^>]*xforms|<xforms:", QUESTIONNAIRE),),
    form_sheets=(frozenset({"survey", "choices"}),),
    questions=("survey",),
)
# What the first rows of a form are in XLSForm.
_TYPES = frozenset(
    ("start", "end", "today", "deviceid", "username", "note", "text", "integer", "decimal", "date", "datetime", "time",
     "calculate", "hidden", "geopoint", "begin_group", "begin group", "begin_repeat", "begin repeat", "acknowledge",
     "audit")
)  # fmt: skip


def is_form(grid: Grid) -> bool:
    """Whether it is the sheet `survey` or `choices` of a form, alone."""
    headings = [same_text(heading) for heading in grid.head[0]]
    if "name" not in headings or not any(heading.split(":")[0] == "label" for heading in headings):
        return False
    if "list_name" in headings or "list name" in headings:
        return True
    return "type" in headings and _are_types(row[headings.index("type")] for row in grid.head[1:])


def _are_types(cells: Iterable[str]) -> bool:
    types = [same_text(cell) for cell in cells if cell.strip()]
    return bool(types) and all(kind in _TYPES or kind.startswith("select_") for kind in types)
