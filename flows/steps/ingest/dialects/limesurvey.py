"""LimeSurvey CSV, TSV and XLSX: headings as codes, as full or shortened texts, or as code and text together.

A response without a submit date was never finished. An anonymised survey writes 1980-01-01 as every submit date.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import date

from flows.foundation.text_comparison import same_text
from flows.steps.ingest.dialects.dialect import Dialect, Head, Layout, Mark, NoDate, as_id, first_heading, has_headings
from flows.steps.ingest.readers.file_facts import Document, FileFacts
from flows.steps.ingest.readers.grid import Grid
from flows.steps.ingest.readers.no_export import QUESTIONNAIRE
from flows.steps.ingest.readers.unreadable import Unreadable

_NO_DATE = NoDate(
    date(1980, 1, 1), "The survey is anonymised: LimeSurvey writes 1980-01-01 as the date of every response."
)
# The tool's own columns: the code, then the texts of its interface in English, German, Dutch and French.
_OWN = {
    "id": ("id", "Response ID", "Antwort ID", "Antwort-ID", "Respons ID", "Respons-ID", "Antwoord-ID", "Antwoord ID",
           "Response-ID", "ID de la réponse", "ID réponse", "Id de la réponse"),
    "submitdate": ("submitdate", "Date submitted", "Datum Abgeschickt", "Datum verstuurd", "Datum ingediend",
                   "Datum ingestuurd", "Datum verzonden", "Verzenddatum", "Date de soumission", "Date d'envoi",
                   "Soumis le"),
    "lastpage": ("lastpage", "Last page", "Letzte Seite", "Laatste pagina", "Dernière page", "Dernière page vue"),
    "startlanguage": ("startlanguage", "Start language", "Start-Sprache", "Startsprache", "Start taal", "Starttaal",
                      "Begintaal", "Taal bij start", "Langue de départ", "Langue initiale"),
    "seed": ("seed", "Seed", "Zufallsgeneratorstartwert", "Zufallsstartwert", "Zaad", "Tête de série", "Graine"),
    "startdate": ("startdate", "Date started", "Datum gestartet", "Startdatum", "Date de lancement"),
    "datestamp": ("datestamp", "Date last action", "Datum letzte Aktivität", "Datum laatste actie",
                  "Date de la dernière action"),
}  # fmt: skip
# The first columns of an export, in this order unless somebody has moved them.
_LEADING = ("id", "submitdate", "lastpage", "startlanguage", "seed")
_SHORTEST = 10
_BETWEEN_WORDS = re.compile(r"[_.]+")
_CODE = r"[A-Za-z][A-Za-z0-9_]*(?:\[[^\]]{0,60}\])*"
# "code. text", with the separator chosen for the export; the text may be missing.
_CODE_AND_TEXT = re.compile(rf"({_CODE})(?:\.|(?:\. ?|: ?| ?\| ?| - |; ?)(\S.*))", re.DOTALL)
_SUBQUESTION = re.compile(r"\[([^\]]{1,60})\]")
_MOMENT = re.compile(r"|\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4} \d{1,2}:\d\d(:\d\d)?")
_FURTHER = (
    "token", "Access code", "Toegangscode", "Zugangscode", "ipaddr", "IP address", "IP Adres", "IP-Adresse",
    "refurl", "Referrer URL", "interviewtime", "Total time", "Totale tijd", "quota_exit", "completed",
)  # fmt: skip
_OWN_ARCHIVE = Unreadable(
    "This is a LimeSurvey response archive (.lsr).",
    "Export the responses as CSV or XLSX and drop that file.",
)
_FILES = FileFacts(
    documents=(
        Document(r"<LimeSurveyDocType>\s*Responses", _OWN_ARCHIVE),
        Document(r"<LimeSurveyDocType>", QUESTIONNAIRE),
    ),
    responses=("responses",),
)


def _split(headings: Sequence[str]) -> list[tuple[str, str]] | None:
    """Every heading split into code and text (twice the heading if it has no code); None if under 80 % can be split."""
    parts = [_CODE_AND_TEXT.fullmatch(" ".join(heading.split())) for heading in headings]
    named = [heading for heading in headings if heading.strip()]
    if not named or sum(part is not None for part in parts) < 0.8 * len(named):
        return None
    return [
        (part[1], part[2] or "") if part else (heading, heading) for part, heading in zip(parts, headings, strict=True)
    ]


def _has_codes_below(head: Head) -> bool:
    """Whether the second row has the codes, below the texts, as in the export meant for re-import."""
    return len(head) > 1 and {"id", "submitdate", "startlanguage"} <= {cell.strip() for cell in head[1]}


def _codes(head: Head) -> Sequence[str]:
    """The codes of the columns, or the headings when there are no codes."""
    split = _split(head[0])
    return head[1] if _has_codes_below(head) else [code for code, _ in split] if split else head[0]


def _own_columns(head: Head) -> Mapping[str, str]:
    """The tool's own columns: the heading of each, by its code."""
    row = _codes(head)
    found = {name: written for name, texts in _OWN.items() if (written := _as_written(row, texts))}
    is_telling = len(found) >= 3 and bool(found.keys() & {"submitdate", "lastpage", "startlanguage"})
    return found if is_telling or {"id", "submitdate"} <= set(found.values()) else _by_content(head)


def _as_written(row: Sequence[str], texts: Sequence[str]) -> str | None:
    """The heading that equals one of the texts, which an export may shorten or write without spaces (`_`, `.`)."""
    if exact := first_heading(row, texts):
        return exact
    wanted = tuple(same_text(text) for text in texts[1:])
    for written in row:
        shown = same_text(_BETWEEN_WORDS.sub(" ", written[:80])).rstrip(" …")
        if shown in wanted or (len(shown) >= _SHORTEST and any(text.startswith(shown) for text in wanted)):
            return written
    return None


def _by_content(head: Head) -> Mapping[str, str]:
    """The same for other interface languages, by content: id, date or blank, page number, language, seed.

    Older versions have no seed.
    """
    for place in range(max(0, min(3, len(head[0]) - 4))):
        cells = [row[place : place + 5] for row in head[1:]]
        # Codes would have been found by name, so these must be words of an interface: some have spaces.
        are_words = sum(" " in heading.strip() for heading in head[0][place : place + 4]) >= 2
        if cells and are_words and all(_looks_own(*row[:4]) for row in cells) and any(row[1] for row in cells):
            has_seed = all(re.fullmatch(r"|\d{5,12}", row[4]) for row in cells)
            return dict(zip(_LEADING[: 4 + has_seed], head[0][place:], strict=False))
    return {}


def _looks_own(response: str, submitted: str, page: str, language: str) -> bool:
    return (
        response.isdigit()
        and bool(_MOMENT.fullmatch(submitted))
        and bool(re.fullmatch(r"|-?\d{1,3}", page))
        and bool(re.fullmatch(r"[a-z]{2,3}(-[A-Za-z]{2,10})*", language))
    )


def recognises(grid: Grid) -> bool:
    """Whether the heading has the tool's own columns, or codes with subquestions (`Q[SQ001]`), alone or with texts."""
    if _own_columns(grid.head):
        return True
    split = _split(grid.head[0])
    if split is not None:
        return any(_SUBQUESTION.search(code) or _as_written([text], _OWN.get(code, ())) for code, text in split)
    named = [heading.strip() for heading in grid.head[0] if heading.strip()]
    return all(re.fullmatch(_CODE, heading) for heading in named) and any("[" in heading for heading in named)


def refusal(grid: Grid) -> Unreadable | None:
    """Why the rows are not responses: they are the structure of a survey as tab-separated text. None when they are."""
    is_structure = has_headings(grid.head[0], ("class",), ("type/scale",), ("name",), ("text",))
    return QUESTIONNAIRE if is_structure else None


def layout(grid: Grid) -> Layout:
    """Columns by code, by the code that expressions use (`Q_SQ001` for `Q[SQ001]`), and by text."""
    headings = tuple(grid.head[0])
    split = _split(headings)
    codes = tuple(_codes(grid.head))
    expression_codes = tuple(_SUBQUESTION.sub(r"_\1", code) for code in codes)
    texts = (headings, tuple(text for _, text in split)) if split else (headings,)
    own = _own_columns(grid.head)
    submitted = own.get("submitdate")
    heading_rows = 1 + _has_codes_below(grid.head)
    dates = [row[codes.index(submitted)] for row in grid.head[heading_rows:]] if submitted else []
    return Layout(
        names=(codes, expression_codes, *texts),
        heading_rows=heading_rows,
        response_id=as_id(own.get("id")),
        submitted=submitted,
        date_order="ymd" if dates and all(re.match(r"\d{4}-|$", text) for text in dates) else None,
        marks=(Mark(submitted, ("",), "partial"),) if submitted else (),
        has_nulls=True,
    )


DIALECT = Dialect(
    "limesurvey",
    recognises,
    layout,
    refusal,
    own=(*(text for texts in _OWN.values() for text in texts), *_FURTHER),
    respondents=("token", "Toegangscode"),
    no_date=_NO_DATE,
    files=_FILES,
)
