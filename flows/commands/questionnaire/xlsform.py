"""XLSForm for KoboToolbox and ODK: a workbook with the sheets survey, choices and settings."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from flows.commands.questionnaire.content import Questionnaire
from flows.commands.questionnaire.source_file import ColumnMapping
from flows.programme.source_model import Tool

_NOT_APPLICABLE = "na"
_WITH_CONSENT = "${consent} = 'yes'"
# A workbook stores its creation time; a fixed one makes the output reproducible.
_LONG_AGO = datetime(2026, 1, 1)  # noqa: DTZ001 workbooks have no time zones


def write(form: Questionnaire, path: Path) -> None:
    """Write the three sheets; questions are named by their item."""
    import xlsxwriter

    sheets = {"survey": list(_survey(form)), "choices": list(_choices(form)), "settings": _settings(form)}
    with xlsxwriter.Workbook(path, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        book.set_properties({"created": _LONG_AGO})
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)


def _survey(form: Questionnaire) -> Iterator[tuple[str, ...]]:
    yield ("type", "name", "label", "required", "relevant")
    for number, text in enumerate(form.introduction, 1):
        yield ("note", f"introduction_{number}", text, "", "")
    yield ("select_one consent", "consent", form.consent, "yes", "")
    yield ("select_one collective", "collective", form.collective, "yes", _WITH_CONSENT)
    for block in form.blocks:
        yield ("note", f"{block.name}_prompt", block.prompt, "", _WITH_CONSENT)
        for item, text in block.items.items():
            yield (f"select_one {block.response_scale}", item, text, "", _WITH_CONSENT)
    yield ("note", "thanks", form.thanks, "", "")


def _choices(form: Questionnaire) -> Iterator[tuple[str, ...]]:
    yield ("list_name", "name", "label")
    yield from (("consent", "yes", form.consent_yes), ("consent", "no", form.consent_no))
    yield from (("collective", collective, name) for collective, name in form.collectives.items())
    for scale, block in form.response_scales.items():
        yield from ((scale, str(value), label) for value, label in block.answers.items())
        if block.not_applicable:
            yield (scale, _NOT_APPLICABLE, block.not_applicable)


def _settings(form: Questionnaire) -> list[tuple[str, ...]]:
    return [("form_title", "form_id", "default_language"), (form.title, "motiefmix", form.language)]


def mappings(form: Questionnaire) -> Iterator[ColumnMapping]:
    """The same columns and codes for both tools that import the form."""
    tools: tuple[Tool, ...] = ("kobotoolbox", "odk")
    for tool in tools:
        yield ColumnMapping(
            tool=tool,
            columns={item: (item, text) for block in form.blocks for item, text in block.items.items()},
            consent=("consent", form.consent),
            consent_yes=("yes", form.consent_yes),
            consent_no=("no", form.consent_no),
            collective=("collective", form.collective),
            collectives={
                **{collective: collective for collective in form.collectives},
                **{name: collective for collective, name in form.collectives.items()},
            },
            codes={
                scale: {str(value): value for value in block.answers} for scale, block in form.response_scales.items()
            },
            not_applicable=_NOT_APPLICABLE if any(block.not_applicable for block in form.blocks) else None,
        )
