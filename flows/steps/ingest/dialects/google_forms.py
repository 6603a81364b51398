"""Google Forms, as CSV or the XLSX of its sheet: a time stamp first, question texts as headings, no response ids."""

from flows.steps.ingest.dialects.dialect import Dialect, Layout
from flows.steps.ingest.grid import Grid
from flows.steps.plain_text import same_text

_STAMPS = frozenset(map(same_text, ("Tijdstempel", "Timestamp", "Zeitstempel", "Horodateur")))


def recognises(grid: Grid) -> bool:
    """Whether the first heading is the tool's time stamp."""
    return bool(grid.head[0]) and same_text(grid.head[0][0]) in _STAMPS


def layout(grid: Grid) -> Layout:
    """Columns by question text."""
    headings = tuple(grid.head[0])
    return Layout(names=(headings,), heading_rows=1, submitted=headings[0])


DIALECT = Dialect("google_forms", recognises, layout)
