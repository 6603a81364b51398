"""SurveyMonkey CSV and XLSX: a row of questions, then a row of options or the word Response, condensed or expanded."""

from flows.steps.ingest.dialects.dialect import Dialect, Head, Layout, Mark, as_id, first_heading
from flows.steps.ingest.grid import Grid
from flows.steps.plain_text import same_text

_RESPONSE_ID = ("RespondentID", "Respondent ID", "Respondent-ID")
_SUBMITTED = ("End Date", "EndDate", "Date Modified", "DateModified", "Einddatum")
_STATUS = ("Response Status", "Status")
# What the second row says above the cells of a question that has no options of its own.
_FILLERS = frozenset({"", "response", "open-ended response", "antwoord", "open antwoord"})


def recognises(grid: Grid) -> bool:
    """Whether the first row has the respondent's number."""
    return first_heading(grid.head[0], _RESPONSE_ID) is not None


def layout(grid: Grid) -> Layout:
    """Columns by question and option together, by option, and by question alone."""
    rows = _heading_rows(grid.head)
    headings = tuple(grid.head[0])
    names = _names(grid.head) if rows == 2 else (headings,)
    status = first_heading(headings, _STATUS)
    return Layout(
        names=names,
        heading_rows=rows,
        response_id=as_id(first_heading(headings, _RESPONSE_ID)),
        submitted=first_heading(headings, _SUBMITTED),
        marks=(Mark(status, ("partial", "incomplete", "disqualified"), "partial"),) if status else (),
    )


def _heading_rows(head: Head) -> int:
    """One where somebody merged both rows: then a respondent's number stands on the second row already."""
    position = [same_text(name) for name in head[0]].index(same_text(first_heading(head[0], _RESPONSE_ID) or ""))
    return 1 if len(head) > 1 and head[1][position].strip().isdigit() else 2


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


DIALECT = Dialect("surveymonkey", recognises, layout)
