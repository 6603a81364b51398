"""Microsoft Forms XLSX: question texts as headings, date cells without a time zone, submitted responses only."""

from flows.steps.ingest.dialects.dialect import Dialect, Layout, as_id, first_heading, has_headings
from flows.steps.ingest.readers.grid import Grid

# In the language of the person who downloads: Dutch, English, German, French, Spanish, Italian, Portuguese.
_STARTED = ("Begintijd", "Start time", "Startzeit", "Heure de début", "Hora de inicio", "Ora di inizio",
            "Hora de início")  # fmt: skip
_COMPLETED = ("Tijd van voltooien", "Voltooiingstijd", "Completion time", "Fertigstellungszeit", "Heure de fin",
              "Hora de finalización", "Ora di completamento", "Hora de conclusão")  # fmt: skip
_ID = ("ID",)
_PERSON = ("E-mail", "Email", "Adresse de messagerie", "Naam", "Name", "Nom")
_FURTHER = ("Last modified time", "Tijd van laatste wijziging", "Language", "Taal", "Total points", "Quiz feedback")


def recognises(grid: Grid) -> bool:
    """Whether the heading has the tool's own columns."""
    return has_headings(grid.head[0], (*_ID, *_PERSON), _STARTED, _COMPLETED)


def layout(grid: Grid) -> Layout:
    """Columns by question text; the ID, where it was kept, is unique within one form only."""
    headings = tuple(grid.head[0])
    return Layout(
        names=(headings,),
        heading_rows=1,
        response_id=as_id(first_heading(headings, _ID)),
        submitted=first_heading(headings, _COMPLETED),
    )


DIALECT = Dialect(
    "microsoft_forms",
    recognises,
    layout,
    own=(*_ID, *_PERSON, *_STARTED, *_COMPLETED, *_FURTHER),
    respondents=("Email", "E-mail"),
)
