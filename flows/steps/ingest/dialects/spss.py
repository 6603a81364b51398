"""SPSS .sav: columns by variable name and by variable label.

What Qualtrics and LimeSurvey say of a response in files of their own, they say in .sav files too; else the source does.
"""

from dataclasses import replace

from flows.steps.ingest.dialects import limesurvey, qualtrics
from flows.steps.ingest.dialects.dialect import Dialect, Layout
from flows.steps.ingest.readers.grid import Grid


def recognises(grid: Grid) -> bool:
    """Whether the file brought a codebook of its own."""
    return grid.codebook is not None


def layout(grid: Grid) -> Layout:
    """Variable names stand on the first row, labels on the second."""
    names = (tuple(grid.head[0]), tuple(grid.head[1]))
    for tool in (qualtrics.DIALECT, limesurvey.DIALECT):
        if tool.recognises(grid):
            return replace(tool.layout(grid), names=names, heading_rows=2)
    return Layout(names=names, heading_rows=2)


DIALECT = Dialect("spss", recognises, layout)
