"""One module (dialect) per survey tool, and the registry that recognises a tool's files by their structure."""

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
    """A name reduced to its letters and digits; a name without any keeps its other characters."""
    return letters(name) or same_text(name)


# From the most to the least specific: the first that recognises a file wins.
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

# Passed to the readers, which are independent of survey tools.
FILE_FACTS = FileFacts.of_all(dialect.files for dialect in DIALECTS)
# Compared without punctuation and spaces: "Response ID" is also written response_id and ResponseId.
_OWN = frozenset(_bare(name) for dialect in DIALECTS for name in dialect.own)
# Columns for timing and display order that tools add for a question or a group of questions.
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
    """Whether any survey tool, not only the one that wrote the file, fills in a column of that name itself."""
    return _bare(name) in _OWN or bool(_TIMING.fullmatch(same_text(name)))


def respondent_columns(dialect: Dialect) -> tuple[str, ...]:
    """Columns that may identify members: those of the dialect, then of plain tables, then of the other tools."""
    return tuple(dict.fromkeys(name for tool in (dialect, plain.DIALECT, *DIALECTS) for name in tool.respondents))


def no_date_in(texts: Iterable[str | None]) -> NoDate | None:
    """The placeholder date of any tool that occurs among the dates; None when there is none."""
    dates = list(texts)
    return next((dialect.no_date for dialect in DIALECTS if dialect.no_date and dialect.no_date.is_in(dates)), None)


def recognise(grid: Grid) -> tuple[Dialect, Layout]:
    """The dialect of a file and its layout; `plain` when no tool is recognised.

    Raises:
        Unreadable: the rows are not responses.
    """
    for dialect in DIALECTS:
        if refusal := dialect.refusal(grid):
            raise copy(refusal)
    dialect = next(dialect for dialect in DIALECTS if dialect.recognises(grid))
    return dialect, dialect.layout(grid)
