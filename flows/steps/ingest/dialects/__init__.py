"""One module per survey tool behind one small interface; the registry recognises a file by its structure."""

from flows.steps.ingest.dialects import (
    formr,
    google_forms,
    kobotoolbox,
    limesurvey,
    microsoft_forms,
    odk,
    other_tables,
    plain,
    qualtrics,
    spss,
    surveymonkey,
    typeform,
)
from flows.steps.ingest.dialects.dialect import Dialect, Layout
from flows.steps.ingest.grid import Grid

# From the most to the least particular: the first that recognises a file has it.
DIALECTS: tuple[Dialect, ...] = (
    spss.DIALECT,
    qualtrics.DIALECT,
    formr.DIALECT,
    odk.DIALECT,
    kobotoolbox.DIALECT,
    surveymonkey.DIALECT,
    typeform.DIALECT,
    microsoft_forms.DIALECT,
    limesurvey.DIALECT,
    google_forms.DIALECT,
    plain.DIALECT,
)

__all__ = ["DIALECTS", "Dialect", "Layout", "recognise"]


def recognise(grid: Grid) -> tuple[Dialect, Layout]:
    """The dialect of a file and how it is laid out; plain when no tool left its marks.

    Raises:
        Unreadable: its rows are no responses.
    """
    other_tables.refuse(grid)
    dialect = next(dialect for dialect in DIALECTS if dialect.recognises(grid))
    return dialect, dialect.layout(grid)
