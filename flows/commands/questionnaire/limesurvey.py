"""LimeSurvey's tab-separated survey structure (Import survey, .txt): a row per setting, group, question, answer."""

import csv
import html
from collections.abc import Iterator
from pathlib import Path

from flows.commands.questionnaire.content import Block, Questionnaire
from flows.commands.questionnaire.source_file import ColumnMapping

_COLUMNS = ("class", "type/scale", "name", "relevance", "text", "help", "language", "mandatory", "other")
_LIST, _ARRAY = "L", "F"
_NOT_APPLICABLE = "NA"
_ONLY_WITH_CONSENT = 'consent.NAOK == "Y"'


def write(form: Questionnaire, path: Path) -> None:
    """Write the structure: responses are dated, and nothing that identifies a member is collected."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, _COLUMNS, restval="", delimiter="\t", lineterminator="\n")
        writer.writeheader()
        for row in _rows(form):
            writer.writerow({"language": form.language, **row})


def _rows(form: Questionnaire) -> Iterator[dict[str, str]]:
    settings = {"language": form.language, "anonymized": "N", "datestamp": "Y", "ipaddr": "N", "format": "G"}
    yield from ({"class": "S", "name": name, "text": value, "language": ""} for name, value in settings.items())
    texts = {
        "surveyls_title": _safe(form.title),
        "surveyls_welcometext": "".join(f"<p>{_safe(text)}</p>" for text in form.introduction),
        "surveyls_endtext": f"<p>{_safe(form.thanks)}</p>",
    }
    yield from ({"class": "SL", "name": name, "text": value} for name, value in texts.items())
    yield _group(1, form.title)
    yield _question(_LIST, "consent", form.consent)
    yield from (_answer(code, text) for code, text in (("Y", form.consent_yes), ("N", form.consent_no)))
    yield {**_question(_LIST, "collective", form.collective), "relevance": _ONLY_WITH_CONSENT}
    yield from (
        _answer(_collective_code(form.codes[collective]), name) for collective, name in form.collectives.items()
    )
    for number, block in enumerate(form.blocks, 2):
        yield {**_group(number, form.title), "relevance": _ONLY_WITH_CONSENT}
        yield _question(_ARRAY, block.name, block.prompt, mandatory="N")
        for row, text in enumerate(block.items.values(), 1):
            yield {"class": "SQ", "type/scale": "0", "name": _row_code(row), "text": _safe(text), "relevance": "1"}
        yield from (_answer(f"A{value}", label) for value, label in block.answers.items())
        if block.not_applicable:
            yield _answer(_NOT_APPLICABLE, block.not_applicable)


def _group(number: int, name: str) -> dict[str, str]:
    return {"class": "G", "type/scale": f"G{number}", "name": f"{_safe(name)} ({number})", "relevance": "1"}


def _question(kind: str, code: str, text: str, mandatory: str = "Y") -> dict[str, str]:
    return {
        "class": "Q",
        "type/scale": kind,
        "name": code,
        "relevance": "1",
        "text": _safe(text),
        "mandatory": mandatory,
        "other": "N",
    }


def _answer(code: str, text: str) -> dict[str, str]:
    return {"class": "A", "type/scale": "0", "name": code, "text": _safe(text)}


def _safe(text: str) -> str:
    """Text as HTML without LimeSurvey expressions: braces start one unless a space follows."""
    return html.escape(text, quote=False).replace("{", "{ ")


def _collective_code(number: int) -> str:
    return f"C{number:04d}"


def _row_code(number: int) -> str:
    return f"SQ{number:03d}"


def mappings(form: Questionnaire) -> Iterator[ColumnMapping]:
    """Map columns by code or question text; answers as codes or in full."""
    names = {
        item: (f"{block.name}[{_row_code(row)}]", f"{block.prompt} [{text}]")
        for block in form.blocks
        for row, (item, text) in enumerate(block.items.items(), 1)
    }
    yield ColumnMapping(
        tool="limesurvey",
        columns=names,
        consent=("consent", form.consent),
        consent_yes=("Y", form.consent_yes),
        consent_no=("N", form.consent_no),
        collective=("collective", form.collective),
        collectives={
            **{_collective_code(form.codes[collective]): collective for collective in form.collectives},
            **{name: collective for collective, name in form.collectives.items()},
        },
        codes={scale: {f"A{value}": value for value in block.answers} for scale, block in form.response_scales.items()},
        not_applicable=_NOT_APPLICABLE if _has_way_out(form.blocks) else None,
        timezone=form.timezone,
        remarks=("If you invite members with tokens: respondent: token",),
    )


def _has_way_out(blocks: tuple[Block, ...]) -> bool:
    return any(block.not_applicable for block in blocks)
