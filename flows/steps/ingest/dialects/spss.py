"""SPSS .sav: columns by variable name and by variable label.

Qualtrics and LimeSurvey write their own columns (id, date, state) to .sav files too; for other tools the source names
them.
"""

from dataclasses import replace

from flows.steps.ingest.dialects import limesurvey, qualtrics
from flows.steps.ingest.dialects.dialect import Dialect, Layout
from flows.steps.ingest.readers.grid import Grid


def recognises(grid: Grid) -> bool:
    """Whether the file has a codebook."""
    return grid.codebook is not None


def layout(grid: Grid) -> Layout:
    """Columns by variable name (first row) and by label (second row)."""
    names = (tuple(grid.head[0]), tuple(grid.head[1]))
    for tool in (qualtrics.DIALECT, limesurvey.DIALECT):
        if tool.recognises(grid):
            return replace(tool.layout(grid), names=names, heading_rows=2)
    return Layout(names=names, heading_rows=2)


DIALECT = Dialect("spss", recognises, layout)
