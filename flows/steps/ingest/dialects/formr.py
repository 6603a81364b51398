"""formr CSV, TSV (without any quoting) and JSON: item names as headings; `ended` is empty for who did not finish.

Results that are not linked to people hold items alone: those are plain tables.
"""

from flows.steps.ingest.dialects.dialect import Dialect, Layout, Mark, has_headings
from flows.steps.ingest.readers.file_facts import FileFacts
from flows.steps.ingest.readers.grid import Grid

_NAMED = ("session", "created", "modified", "ended")
_OWN = (*_NAMED, "expired", "study_id", "unit_id", "run_name")


def recognises(grid: Grid) -> bool:
    """Whether the tool's own columns stand in the heading."""
    return has_headings(grid.head[0], *((name,) for name in _NAMED))


def layout(grid: Grid) -> Layout:
    """Columns by item name; in a diary a session answers more than once. Test sessions have XXX in their names."""
    return Layout(
        names=(tuple(grid.head[0]),),
        heading_rows=1,
        response_id=("session", "created"),
        submitted="ended",
        marks=(Mark("session", ("XXX",), "test", is_part=True), Mark("ended", ("",), "partial")),
    )


DIALECT = Dialect(
    "formr",
    recognises,
    layout,
    own=_OWN,
    respondents=("session",),
    files=FileFacts(unquoted=(frozenset(_NAMED),), questions=("items",)),
)
