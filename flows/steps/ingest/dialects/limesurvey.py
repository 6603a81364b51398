"""LimeSurvey CSV, TSV and XLSX: headings as codes, as full or shortened texts, or as code and text together.

A response without a submit date was never finished. An anonymised survey writes 1980-01-01 as every submit date.
"""

import re
from collections.abc import Sequence
from datetime import date

from flows.steps.ingest.dialects.dialect import Dialect, Head, Layout, Mark, as_id, first_heading
from flows.steps.ingest.grid import Grid
from flows.steps.plain_text import same_text

ANONYMISED = date(1980, 1, 1)
# The tool's own columns: the code first, then the texts that its interface has in English, German, Dutch and French.
_OWN = {
    "id": ("id", "Response ID", "Antwort ID", "Antwort-ID", "Respons ID", "Respons-ID", "Antwoord-ID", "Response-ID",
           "ID de la réponse", "ID réponse", "Id de la réponse"),
    "submitdate": ("submitdate", "Date submitted", "Datum Abgeschickt", "Datum verstuurd", "Datum ingediend",
                   "Datum ingestuurd", "Verzenddatum", "Date de soumission", "Date d'envoi", "Soumis le"),
    "lastpage": ("lastpage", "Last page", "Letzte Seite", "Laatste pagina", "Dernière page", "Dernière page vue"),
    "startlanguage": ("startlanguage", "Start language", "Start-Sprache", "Startsprache", "Start taal", "Starttaal",
                      "Begintaal", "Taal bij start", "Langue de départ", "Langue initiale"),
    "seed": ("seed", "Seed", "Zufallsgeneratorstartwert", "Zufallsstartwert", "Zaad", "Tête de série", "Graine"),
}  # fmt: skip
_CODE = r"[A-Za-z][A-Za-z0-9_]*(?:\[[^\]]{0,60}\])*"
# "code. text", with whatever separator was chosen for the export.
_CODE_AND_TEXT = re.compile(rf"({_CODE})(?:\. ?|: ?| ?\| ?| - |; ?)(\S.*)", re.DOTALL)
_SUBQUESTION = re.compile(r"\[([^\]]{1,60})\]")


def _split(headings: Sequence[str]) -> list[tuple[str, str]] | None:
    """Code and text of every heading that has both; None when the headings are not of that kind."""
    parts = [_CODE_AND_TEXT.fullmatch(" ".join(heading.split())) for heading in headings]
    named = [heading for heading in headings if heading.strip()]
    if not named or sum(part is not None for part in parts) < 0.8 * len(named):
        return None
    return [(part[1], part[2]) if part else (heading, heading) for part, heading in zip(parts, headings, strict=True)]


def _own_columns(head: Head) -> dict[str, str]:
    """Which heading is which of the tool's own columns."""
    split = _split(head[0])
    row = [code for code, _ in split] if split else head[0]
    found = {name: written for name, texts in _OWN.items() if (written := first_heading(row, texts))}
    return found if {"id", "submitdate"} <= set(found) and len(found) >= 3 else _by_content(head)


def _by_content(head: Head) -> dict[str, str]:
    """The same for an interface in another language: an id, a date or nothing, a page number, a language, a seed."""
    for place in range(max(0, min(3, len(head[0]) - 4))):
        cells = [row[place : place + 5] for row in head[1:]]
        if cells and all(_looks_own(*row) for row in cells):
            return dict(zip(_OWN, head[0][place : place + 5], strict=True))
    return {}


def _looks_own(response: str, submitted: str, page: str, language: str, seed: str) -> bool:
    return (
        response.isdigit()
        and bool(re.fullmatch(r"|\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", submitted))
        and bool(re.fullmatch(r"|-?\d{1,3}", page))
        and bool(re.fullmatch(r"[a-z]{2,3}(-[A-Za-z]{2,10})*", language))
        and bool(re.fullmatch(r"|\d{5,12}(\.0)?", seed))
    )


def recognises(grid: Grid) -> bool:
    """Whether the tool's own columns stand in the heading, or the headings are codes with texts and subquestions."""
    if _own_columns(grid.head):
        return True
    split = _split(grid.head[0])
    return split is not None and any(_SUBQUESTION.search(code) for code, _ in split)


def layout(grid: Grid) -> Layout:
    """Columns by code, by the code that expressions use (`Q_SQ001` for `Q[SQ001]`), and by text."""
    headings = tuple(grid.head[0])
    split = _split(headings)
    codes = tuple(code for code, _ in split) if split else headings
    texts = (headings, tuple(text for _, text in split)) if split else ()
    expression_codes = tuple(_SUBQUESTION.sub(r"_\1", code) for code in codes)
    own = _own_columns(grid.head)
    submitted = own.get("submitdate")
    return Layout(
        names=(codes, expression_codes, *texts),
        heading_rows=1,
        response_id=as_id(own.get("id")),
        submitted=submitted,
        date_order="ymd" if submitted and _is_iso(grid, codes.index(submitted)) else None,
        marks=(Mark(submitted, ("",), "partial"),) if submitted else (),
        has_nulls=True,
    )


def _is_iso(grid: Grid, position: int) -> bool:
    return all(re.match(r"\d{4}-|$", row[position]) for row in grid.head[1:])


def is_anonymised(text: str | None) -> bool:
    """Whether a submit date is the one that the tool writes when it keeps none."""
    return same_text(text or "").startswith(ANONYMISED.isoformat())


DIALECT = Dialect("limesurvey", recognises, layout)
