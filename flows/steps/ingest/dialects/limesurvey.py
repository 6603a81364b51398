"""LimeSurvey CSV with question codes as headings; a response without a submit date was never finished."""

from flows.steps.ingest.dialects.dialect import Dialect, Head, Layout, Mark, has_headings


def recognises(head: Head) -> bool:
    """Whether the tool's own columns stand in the heading."""
    return has_headings(head[0], ("id",), ("submitdate",), ("lastpage", "startlanguage", "seed"))


def layout(head: Head) -> Layout:
    """Columns by code."""
    return Layout(
        names=(tuple(head[0]),),
        heading_rows=1,
        response_id="id",
        submitted="submitdate",
        date_order="ymd",
        marks=(Mark("submitdate", ("",), "partial"),),
    )


DIALECT = Dialect("limesurvey", recognises, layout)
