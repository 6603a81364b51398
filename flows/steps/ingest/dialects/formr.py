"""formr CSV, TSV (never quoted) and JSON: item names as headings; `ended` is empty for an unfinished response.

Results that are not linked to people contain only items and are read as plain tables.
"""

from flows.steps.ingest.dialects.dialect import Dialect, Layout, Mark, has_headings
from flows.steps.ingest.readers.file_facts import FileFacts
from flows.steps.ingest.readers.grid import Grid

_NAMED = ("session", "created", "modified", "ended")
_OWN = (*_NAMED, "expired", "study_id", "unit_id", "run_name")


def recognises(grid: Grid) -> bool:
    """Whether the heading has the tool's own columns."""
    return has_headings(grid.head[0], *((name,) for name in _NAMED))


def layout(grid: Grid) -> Layout:
    """Columns by item name. `created` is part of the id, since a diary session answers repeatedly; XXX marks tests."""
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
