"""Any other table with one heading row: the source says everything."""

from flows.steps.ingest.dialects.dialect import Dialect, Layout
from flows.steps.ingest.grid import Grid


def recognises(_: Grid) -> bool:
    """Every table can be read this way."""
    return True


def layout(grid: Grid) -> Layout:
    """Columns by heading."""
    return Layout(names=(tuple(grid.head[0]),), heading_rows=1)


DIALECT = Dialect("plain", recognises, layout)
