"""Any other table with one heading row: the source says everything."""

from flows.steps.ingest.dialects.dialect import Dialect, Head, Layout

DIALECT = Dialect("plain", lambda head: True, lambda head: _layout(head))


def _layout(head: Head) -> Layout:
    return Layout(names=(tuple(head[0]),), heading_rows=1)
