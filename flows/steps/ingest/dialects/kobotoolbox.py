"""KoboToolbox CSV and XLSX: XML names or labels as headings, with or without groups; submission times in UTC."""

from dataclasses import replace

from flows.steps.ingest.dialects import xlsform
from flows.steps.ingest.dialects.dialect import Dialect, Layout, Mark, as_id, first_heading, has_headings
from flows.steps.ingest.readers.grid import Grid
from flows.steps.ingest.readers.unreadable import Unreadable

GROUP_SEPARATORS = ("/", " > ", "::", ":", ".", "|")
_REJECTED = ("Not approved", "validation_status_not_approved")
_OWN = (
    "_id", "_uuid", "_index", "_submission_time", "_validation_status", "_notes", "_status", "_submitted_by",
    "__version__", "_tags", "_parent_index", "_xform_id_string", "_attachments", "_geolocation",
    "_bamboo_dataset_id", "_edited", "formhub/uuid", "meta/instanceID", "meta/rootUuid", "meta/deprecatedID",
    "start", "end", "today", "deviceid", "username", "phonenumber", "simserial", "subscriberid", "audit",
)  # fmt: skip
# The JSON description of a project holds the questionnaire under `content`.
_FILES = replace(xlsform.FILES, responses=("results",), forms=("content",))


def recognises(grid: Grid) -> bool:
    """Whether the heading has the tool's own columns."""
    return has_headings(grid.head[0], ("_submission_time",), ("_id", "_uuid", "_index"))


def refusal(grid: Grid) -> Unreadable | None:
    """Why the rows of a table are not responses; None when they are."""
    return xlsform.refusal(grid, ("_parent_index", "_parent_table_name"))


def layout(grid: Grid) -> Layout:
    """Columns by heading, and by its last part where group names precede it."""
    headings = tuple(grid.head[0])
    return Layout(
        names=names_of(headings, GROUP_SEPARATORS),
        heading_rows=1 + has_tag_row(grid),
        # An edited response keeps its _id and gets a new _uuid.
        response_id=as_id(first_heading(headings, ("_id", "_uuid"))),
        submitted="_submission_time",
        timezone="UTC",
        # Data from the tool's API hold the status as an object that contains the word.
        marks=(Mark("_validation_status", _REJECTED, "rejected", is_part=True),)
        if first_heading(headings, ("_validation_status",))
        else (),
    )


def names_of(headings: tuple[str, ...], separators: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    """The naming schemes: headings, their last part for each separator that occurs, and headings again as questions."""
    last_parts = [
        tuple(heading.rsplit(separator, 1)[-1] for heading in headings)
        for separator in separators
        if any(separator in heading for heading in headings)
    ]
    return (headings, *last_parts, headings)


def has_tag_row(grid: Grid) -> bool:
    """Whether a row of tags (#indicator, …) follows the headings."""
    cells = [cell.strip() for cell in grid.head[1] if cell.strip()] if len(grid.head) > 1 else []
    return bool(cells) and all(cell.startswith("#") for cell in cells)


DIALECT = Dialect("kobotoolbox", recognises, layout, refusal, own=_OWN, files=_FILES)
