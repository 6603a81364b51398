"""ODK Central CSV: SubmissionDate first, names prefixed with their groups, KEY and ReviewState at the end."""

from flows.steps.ingest.dialects import xlsform
from flows.steps.ingest.dialects.dialect import Dialect, Layout, Mark, as_id, first_heading, has_headings
from flows.steps.ingest.dialects.kobotoolbox import names_of
from flows.steps.ingest.readers.grid import Grid
from flows.steps.ingest.readers.unreadable import Unreadable

_OWN = (
    "SubmissionDate", "KEY", "PARENT_KEY", "SubmitterID", "SubmitterName", "AttachmentsPresent",
    "AttachmentsExpected", "Status", "ReviewState", "DeviceID", "Edits", "FormVersion", "instanceID",
    "meta-instanceID", "meta-instanceName", "start", "end", "today", "deviceid", "username",
)  # fmt: skip


def recognises(grid: Grid) -> bool:
    """Whether the heading has the tool's own columns."""
    return has_headings(grid.head[0], ("SubmissionDate",), ("KEY", "meta-instanceID", "instanceID"))


def refusal(grid: Grid) -> Unreadable | None:
    """Why the rows of a table are not responses; None when they are."""
    return xlsform.refusal(grid, ("PARENT_KEY",))


def layout(grid: Grid) -> Layout:
    """Columns by heading, and by its last part where group names precede it."""
    headings = tuple(grid.head[0])
    review = first_heading(headings, ("ReviewState",))
    return Layout(
        names=names_of(headings, ("-", "/")),
        heading_rows=1,
        response_id=as_id(first_heading(headings, ("KEY", "meta-instanceID", "instanceID"))),
        submitted=first_heading(headings, ("SubmissionDate",)),
        timezone="UTC",
        marks=(Mark(review, ("rejected",), "rejected"),) if review else (),
    )


DIALECT = Dialect("odk", recognises, layout, refusal, own=_OWN, files=xlsform.FILES)
