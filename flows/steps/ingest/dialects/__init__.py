"""One module per survey tool behind one small interface; the registry recognises a file by its structure."""

import re
from collections.abc import Iterable
from copy import copy

from flows.foundation.text_comparison import letters, same_text
from flows.steps.ingest.dialects import (
    formr,
    google_forms,
    kobotoolbox,
    limesurvey,
    microsoft_forms,
    odk,
    plain,
    qualtrics,
    spss,
    surveymonkey,
    typeform,
)
from flows.steps.ingest.dialects.dialect import Dialect, Layout, NoDate
from flows.steps.ingest.readers.file_facts import FileFacts
from flows.steps.ingest.readers.grid import Grid


def _bare(name: str) -> str:
    """A name by its letters and numbers alone; of a name without any, the signs."""
    return letters(name) or same_text(name)


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

# For the readers, which know no tools.
FILE_FACTS = FileFacts.of_all(dialect.files for dialect in DIALECTS)
# With whatever signs between their words: "Response ID" is also written response_id and ResponseId.
_OWN = frozenset(_bare(name) for dialect in DIALECTS for name in dialect.own)
# What tools put behind the code of a question about the answering of it, or around a part of a form.
_TIMING = re.compile(
    r".*(?:first click|last click|page submit|click count)|(?:group|question) ?time ?\d*.*|.*_do(?:_\d+)?"
)

__all__ = [
    "DIALECTS",
    "FILE_FACTS",
    "Dialect",
    "Layout",
    "is_own_column",
    "no_date_in",
    "recognise",
    "respondent_columns",
]


def is_own_column(name: str) -> bool:
    """Whether a column of that name is one that some survey tool fills in itself, whichever tool wrote the file."""
    return _bare(name) in _OWN or bool(_TIMING.fullmatch(same_text(name)))


def respondent_columns(dialect: Dialect) -> tuple[str, ...]:
    """Columns that may tell members apart: those of the dialect, those of any table, then those of the other tools."""
    return tuple(dict.fromkeys(name for tool in (dialect, plain.DIALECT, *DIALECTS) for name in tool.respondents))


def no_date_in(texts: Iterable[str | None]) -> NoDate | None:
    """The day among some dates that stands for no date, whichever tool wrote the file; None when there is none."""
    dates = list(texts)
    return next((dialect.no_date for dialect in DIALECTS if dialect.no_date and dialect.no_date.is_in(dates)), None)


def recognise(grid: Grid) -> tuple[Dialect, Layout]:
    """The dialect of a file and how it is laid out; plain when no tool left its marks.

    Raises:
        Unreadable: its rows are no responses.
    """
    for dialect in DIALECTS:
        if refusal := dialect.refusal(grid):
            raise copy(refusal)
    dialect = next(dialect for dialect in DIALECTS if dialect.recognises(grid))
    return dialect, dialect.layout(grid)
