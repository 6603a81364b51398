"""SurveyMonkey CSV and XLSX: a row of questions, then a row of options or the word Response, condensed or expanded."""

import re

from flows.foundation.text_comparison import same_text
from flows.steps.ingest.dialects.dialect import Dialect, Head, Layout, Mark, first_heading
from flows.steps.ingest.readers.grid import Grid

_RESPONSE_ID = ("RespondentID", "Respondent ID", "Respondent-ID")
# Newer exports use the codes of the API; respondent_id alone proves nothing, since any table may have it.
_CODE = "respondent_id"
_BESIDE_CODE = ("collector_id", "date_created", "date_modified")
_SUBMITTED = ("End Date", "EndDate", "Date Modified", "DateModified", "date_modified", "Einddatum", "Enddatum",
              "Date de fin", "Fecha de finalización", "Data di fine", "Data de término")  # fmt: skip
_STATUS = ("Response Status", "Status")
# What the second row says for a question without options of its own.
_FILLERS = frozenset(
    ("", "response", "open-ended response", "antwoord", "open antwoord", "antwort", "offene beantwortung", "réponse",
     "réponse ouverte", "réponse libre", "respuesta", "respuesta abierta", "risposta", "resposta")
)  # fmt: skip
_OWN = (
    *_RESPONSE_ID, _CODE, *_BESIDE_CODE, *_SUBMITTED, *_STATUS, "Collector ID", "CollectorID", "Start Date",
    "StartDate", "Date Created", "IP Address", "IPAddress", "Email Address", "First Name", "Last Name", "LastName",
    "FirstName", "Begindatum", "IP-adres", "Collector-ID",
)  # fmt: skip


def _below(head: Head, position: int) -> list[str]:
    """The cells of a column under its heading."""
    return [row[position].strip() for row in head[1:]]


def _respondent(head: Head) -> int | None:
    """The position of the respondent numbers: by heading or, in other languages, by the cells below it."""
    names = (*_RESPONSE_ID, _CODE) if first_heading(head[0], _BESIDE_CODE) else _RESPONSE_ID
    if name := first_heading(head[0], names):
        position = head[0].index(name)
        below = _below(head, position)
        return position if below[:1] == [""] or all(re.fullmatch(r"\d{6,15}", cell) for cell in below) else None
    numbers = {
        int(below[1]): position
        for position, heading in enumerate(head[0])
        if heading.strip() and _is_numbered(below := _below(head, position))
    }
    # Respondents and collectors both have numbers; those of respondents are larger.
    return numbers[max(numbers)] if len(numbers) == 2 else None


def _is_numbered(below: list[str]) -> bool:
    """Whether a column holds the tool's own numbers: blank in the row of options, then numbers of 8 to 15 digits."""
    return len(below) > 1 and below[0] == "" and all(re.fullmatch(r"\d{8,15}", cell) for cell in below[1:])


def recognises(grid: Grid) -> bool:
    """Whether the file has respondent numbers, with a blank or another number in the second row."""
    return _respondent(grid.head) is not None


def layout(grid: Grid) -> Layout:
    """Columns by question and option together, by option, and by question alone."""
    head = grid.head
    respondent = _respondent(head)
    headings = tuple(head[0])
    rows = _heading_rows(head, respondent)
    status = first_heading(headings, _STATUS)
    return Layout(
        names=_names(head) if rows == 2 else (headings,),
        heading_rows=rows,
        response_id=() if respondent is None else (headings[respondent],),
        submitted=first_heading(headings, _SUBMITTED),
        marks=(Mark(status, ("partial", "incomplete", "disqualified"), "partial"),) if status else (),
    )


def _heading_rows(head: Head, respondent: int | None) -> int:
    """The number of heading rows: two, or one (merged by somebody) if row 2 already has a respondent number."""
    return 1 if respondent is not None and "".join(_below(head, respondent)[:1]) else 2


def _names(head: Head) -> tuple[tuple[str, ...], ...]:
    options = [*head[1]] if len(head) > 1 else [""] * len(head[0])
    questions, last = [], ""
    for written in head[0]:
        last = written if written.strip() else last
        questions.append(last)
    together = tuple(
        question if same_text(option) in _FILLERS else f"{question} [{option}]"
        for question, option in zip(questions, options, strict=True)
    )
    return together, tuple(options), tuple(questions)


DIALECT = Dialect("surveymonkey", recognises, layout, own=_OWN, respondents=("Email Address", "Custom Data 1"))
