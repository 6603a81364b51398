"""Microsoft Forms XLSX, in Dutch and English: question texts as headings, true dates without a zone, all submitted."""

from flows.steps.ingest.dialects.dialect import Dialect, Head, Layout, first_heading, has_headings

_STARTED = ("Begintijd", "Start time")
_COMPLETED = ("Tijd van voltooien", "Completion time")


def recognises(head: Head) -> bool:
    """Whether the tool's own columns stand in the heading."""
    return has_headings(head[0], ("ID",), _STARTED, _COMPLETED)


def layout(head: Head) -> Layout:
    """Columns by question text; the ID counts within one form only."""
    return Layout(
        names=(tuple(head[0]),),
        heading_rows=1,
        response_id=first_heading(head[0], ("ID",)),
        submitted=first_heading(head[0], _COMPLETED),
        date_order="ymd",
    )


DIALECT = Dialect("microsoft_forms", recognises, layout)
