"""Qualtrics' advanced text format (Import survey, .txt): tags in double brackets, with a number per answer."""

import html
from collections.abc import Iterator
from pathlib import Path

from flows.commands.questionnaire.content import Questionnaire
from flows.commands.questionnaire.source_file import ColumnMapping

_YES, _NO = 1, 2


def write(form: Questionnaire, path: Path) -> None:
    """Write the survey; its questions have our names, which become the column headings of every export."""
    path.write_text("\n".join(_lines(form)) + "\n", encoding="utf-8")


def _lines(form: Questionnaire) -> Iterator[str]:
    yield "[[AdvancedFormat]]"
    yield from ("", f"[[Block:{_safe(form.title)}]]", "", "[[Question:DB]]", "[[ID:introduction]]")
    yield "".join(f"<p>{_safe(text)}</p>" for text in form.introduction)
    yield from _choice("consent", form.consent, {_YES: form.consent_yes, _NO: form.consent_no})
    yield from _choice(
        "collective", form.collective, {form.codes[collective]: name for collective, name in form.collectives.items()}
    )
    for block in form.blocks:
        yield from ("", "[[PageBreak]]", "", "[[Question:Matrix]]", f"[[ID:{block.name}]]", _safe(block.prompt), "")
        yield "[[AdvancedChoices]]"
        for row, text in enumerate(block.items.values(), 1):
            yield from (f"[[Choice:{row}]]", _safe(text))
        yield "[[AdvancedAnswers]]"
        for value, label in block.answers.items():
            yield from (f"[[Answer:{value}]]", _safe(label))
        if block.not_applicable:
            yield from (f"[[Answer:{block.not_applicable_code}]]", _safe(block.not_applicable))
    yield from ("", "[[PageBreak]]", "", "[[Question:DB]]", "[[ID:thanks]]", _safe(form.thanks))


def _choice(name: str, text: str, choices: dict[int, str]) -> Iterator[str]:
    yield from ("", "[[Question:MC:SingleAnswer:Vertical]]", f"[[ID:{name}]]", _safe(text), "", "[[AdvancedChoices]]")
    for number, label in choices.items():
        yield from (f"[[Choice:{number}]]", _safe(label))


def _safe(text: str) -> str:
    """Text as HTML on one line, without tags of the format."""
    return html.escape(" ".join(text.split()), quote=False).replace("[[", "[ [")


def mappings(form: Questionnaire) -> Iterator[ColumnMapping]:
    """Map columns by our names or question text; answers as numbers or in words."""
    names = {
        item: (f"{block.name}_{row}", f"{block.prompt} - {text}")
        for block in form.blocks
        for row, (item, text) in enumerate(block.items.items(), 1)
    }
    way_out = {str(block.not_applicable_code) for block in form.blocks if block.not_applicable}
    yield ColumnMapping(
        tool="qualtrics",
        columns=names,
        consent=("consent", form.consent),
        consent_yes=(str(_YES), form.consent_yes),
        consent_no=(str(_NO), form.consent_no),
        collective=("collective", form.collective),
        collectives={
            **{str(form.codes[collective]): collective for collective in form.collectives},
            **{name: collective for collective, name in form.collectives.items()},
        },
        codes={scale: {str(value): value for value in block.answers} for scale, block in form.response_scales.items()},
        not_applicable=way_out.pop() if len(way_out) == 1 else None,
        remarks=("If you send personal links: respondent: ExternalReference",),
    )
