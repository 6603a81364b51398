"""SPSS .sav: columns by variable name and by variable label; everything else the source says."""

from flows.steps.ingest.dialects.dialect import Dialect, Layout
from flows.steps.ingest.grid import Grid


def recognises(grid: Grid) -> bool:
    """Whether the file brought a codebook of its own."""
    return grid.codebook is not None


def layout(grid: Grid) -> Layout:
    """Variable names stand on the first row, labels on the second."""
    return Layout(names=(tuple(grid.head[0]), tuple(grid.head[1])), heading_rows=2)


DIALECT = Dialect("spss", recognises, layout)
