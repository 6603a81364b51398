"""Google Forms, as CSV or the XLSX of its sheet: a timestamp, question texts as headings, no response ids."""

import re

from flows.foundation.text_comparison import look_alike
from flows.steps.ingest.dialects.dialect import Dialect, Layout
from flows.steps.ingest.readers.grid import Grid

# The timestamp's heading in the language of the form's owner.
_STAMPS = frozenset(
    ("Tijdstempel", "Timestamp", "Zeitstempel", "Horodateur", "Marca temporal", "Informazioni cronologiche",
     "Carimbo de data/hora", "Tidsstempel", "Tidsstämpel", "Tidsmerke", "Aikaleima", "Sygnatura czasowa",
     "Časová značka", "Időbélyeg", "Zaman damgası", "Отметка времени")
)  # fmt: skip
_MOMENT = re.compile(r"|\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}\b.*")
_OWN = (*sorted(_STAMPS), "Email Address", "E-mailadres", "Score")


def _stamp(grid: Grid) -> int | None:
    """The position of the timestamp column: a heading of exactly that name, with only dates or blanks below it."""
    for position, heading in enumerate(grid.head[0]):
        below = [row[position].strip() for row in grid.head[1:]]
        if look_alike(heading) in _STAMPS and all(map(_MOMENT.fullmatch, below)):
            return position
    return None


def recognises(grid: Grid) -> bool:
    """Whether the file has the tool's timestamp column."""
    return _stamp(grid) is not None


def layout(grid: Grid) -> Layout:
    """Columns by question text."""
    headings = tuple(grid.head[0])
    stamp = _stamp(grid)
    return Layout(names=(headings,), heading_rows=1, submitted=None if stamp is None else headings[stamp])


DIALECT = Dialect("google_forms", recognises, layout, own=_OWN, respondents=("E-mailadres", "Email Address"))
