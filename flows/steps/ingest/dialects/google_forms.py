"""Google Forms, as the XLSX of its sheet: a time stamp first, question texts as headings, no response ids."""

from flows.steps.ingest.dialects.dialect import Dialect, Head, Layout
from flows.steps.plain_text import same_text

_STAMPS = frozenset(map(same_text, ("Tijdstempel", "Timestamp", "Zeitstempel")))


def recognises(head: Head) -> bool:
    """Whether the first heading is the tool's time stamp."""
    return bool(head[0]) and same_text(head[0][0]) in _STAMPS


def layout(head: Head) -> Layout:
    """Columns by question text. A workbook holds true dates; in CSV their order must be declared."""
    return Layout(
        names=(tuple(head[0]),),
        heading_rows=1,
        submitted=head[0][0],
        date_order="ymd" if all(_is_iso(row[0]) for row in head[1:]) else None,
    )


def _is_iso(text: str) -> bool:
    return text[:4].isdigit() and text[4:5] == "-"


DIALECT = Dialect("google_forms", recognises, layout)
