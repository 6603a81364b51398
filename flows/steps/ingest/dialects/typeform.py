"""Typeform CSV and XLSX: question texts (with markup) as headings, times in UTC; `#` is the response id."""

from flows.steps.ingest.dialects.dialect import Dialect, Layout, Mark, as_id, first_heading, has_headings
from flows.steps.ingest.readers.file_facts import FileFacts
from flows.steps.ingest.readers.grid import Grid

# The second name of each is the one that the tool writes to a Google sheet.
_RESPONSE_ID = ("#", "Token")
_SUBMITTED = ("Submit Date (UTC)", "Submitted At")
_OWN = (
    *_RESPONSE_ID, *_SUBMITTED, "Start Date (UTC)", "Stage Date (UTC)", "Network ID", "Response Type", "Tags",
    "Ending", "Started At", "Submit Date", "Response ID"
)  # fmt: skip


def recognises(grid: Grid) -> bool:
    """Whether the heading has the tool's own columns."""
    head = grid.head[0]
    return has_headings(head, _RESPONSE_ID, _SUBMITTED) or has_headings(head, ("Start Date (UTC)",), _SUBMITTED)


def layout(grid: Grid) -> Layout:
    """Columns by question text."""
    headings = tuple(grid.head[0])
    kind = first_heading(headings, ("Response Type",))
    return Layout(
        names=(headings,),
        heading_rows=1,
        response_id=as_id(first_heading(headings, _RESPONSE_ID)),
        submitted=first_heading(headings, _SUBMITTED),
        timezone="UTC",
        marks=(Mark(kind, ("partial", "started"), "partial"),) if kind else (),
    )


DIALECT = Dialect(
    "typeform", recognises, layout, own=_OWN, respondents=("Network ID",), files=FileFacts(questions=("fields",))
)
