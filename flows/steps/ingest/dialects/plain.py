"""Any other table with one heading row: the source says everything."""

from flows.steps.ingest.dialects.dialect import Dialect, Layout
from flows.steps.ingest.grid import Grid

# What tables of programs that nobody here knows mostly call such columns.
_OWN = (
    "id", "uuid", "guid", "key", "response id", "record id", "respondent id", "participant id", "submission id",
    "case id", "index", "row", "row number", "nr", "volgnummer", "timestamp", "datestamp", "submitted",
    "submitted at", "submitted on", "submit date", "submission date", "start date", "end date", "start time",
    "end time", "started at", "created at", "updated at", "completed at", "date", "datum", "tijd", "time", "ip",
    "ip address", "user agent", "browser", "device", "platform", "referrer", "duration", "duur", "time taken",
    "status", "state", "progress", "voortgang", "last page", "page", "version", "versie", "form version", "seed",
    "language", "taal", "locale", "score",
)  # fmt: skip


def recognises(_: Grid) -> bool:
    """Every table can be read this way."""
    return True


def layout(grid: Grid) -> Layout:
    """Columns by heading."""
    return Layout(names=(tuple(grid.head[0]),), heading_rows=1)


DIALECT = Dialect("plain", recognises, layout, _OWN)
