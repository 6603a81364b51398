"""Any other table, described by its source alone; one heading row, or two if the file leaves no doubt about it."""

from flows.steps.ingest.dialects import two_headings
from flows.steps.ingest.dialects.dialect import Dialect, Layout
from flows.steps.ingest.readers.file_facts import FileFacts
from flows.steps.ingest.readers.grid import Grid

# Usual names of such columns in tables of unknown programs.
_OWN = (
    "id", "uuid", "guid", "key", "response id", "record id", "respondent id", "participant id", "submission id",
    "case id", "index", "row", "row number", "nr", "volgnummer", "timestamp", "datestamp", "submitted",
    "submitted at", "submitted on", "submit date", "submission date", "start date", "end date", "start time",
    "end time", "started at", "created at", "updated at", "completed at", "date", "datum", "tijd", "time", "ip",
    "ip address", "user agent", "browser", "device", "platform", "referrer", "duration", "duur", "time taken",
    "status", "state", "progress", "voortgang", "last page", "page", "version", "versie", "form version", "seed",
    "language", "taal", "locale", "score",
)  # fmt: skip
# Usual JSON keys for the questions in questionnaires of such programs, and for the parts of a question.
_FILES = FileFacts(
    questions=("pages", "questions", "elements"),
    of_a_question=("label", "title", "text", "type", "questions", "elements"),
)


def recognises(_: Grid) -> bool:
    """Every table can be read this way."""
    return True


def layout(grid: Grid) -> Layout:
    """Columns by heading. Of two rows: codes above texts by either; groups above items by item and `Group [item]`."""
    first = tuple(grid.head[0])
    if not two_headings.has_two(grid.head):
        return Layout(names=(first,), heading_rows=1)
    second = tuple(grid.head[1])
    if two_headings.are_groups(first, second):
        items = tuple(below or above for above, below in zip(first, second, strict=True))
        return Layout(names=(items, two_headings.with_groups(first, second), items), heading_rows=2)
    return Layout(names=(first, second), heading_rows=2)


DIALECT = Dialect(
    "plain", recognises, layout, own=_OWN, respondents=("token", "Email", "E-mail", "E-mailadres"), files=_FILES
)
