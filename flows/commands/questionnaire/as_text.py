"""Plain text to copy into Microsoft Forms or Google Forms, which cannot import surveys; exports use these words."""

from collections.abc import Iterator
from pathlib import Path

from flows.commands.questionnaire.content import Questionnaire
from flows.commands.questionnaire.source_file import ColumnMapping
from flows.programme.source_model import Tool


def write(form: Questionnaire, path: Path) -> None:
    """Write title, introduction and questions; statements with a dash are the rows of one grid (or Likert) question."""
    path.write_text("\n".join(_lines(form)) + "\n", encoding="utf-8")


def _lines(form: Questionnaire) -> Iterator[str]:
    yield from (form.title, "=" * len(form.title), "")
    for text in form.introduction:
        yield from (text, "")
    yield from (f"1. {form.consent}", f"   ( ) {form.consent_yes}", f"   ( ) {form.consent_no}", "")
    yield from (f"2. {form.collective}", *(f"   ( ) {name}" for name in form.collectives.values()), "")
    for number, block in enumerate(form.blocks, 3):
        labels = (*block.answers.values(), *((block.not_applicable,) if block.not_applicable else ()))
        yield f"{number}. {block.prompt}"
        yield "   | " + " | ".join(labels) + " |"
        yield from (f"   - {text}" for text in block.items.values())
        yield ""
    yield form.thanks


def mappings(form: Questionnaire) -> Iterator[ColumnMapping]:
    """Map statements by their words, alone or in brackets after the question of their grid."""
    tools: tuple[Tool, ...] = ("microsoft_forms", "google_forms")
    for tool in tools:
        yield ColumnMapping(
            tool=tool,
            columns={
                item: (text, f"{block.prompt} [{text}]") for block in form.blocks for item, text in block.items.items()
            },
            consent=(form.consent,),
            consent_yes=(form.consent_yes,),
            consent_no=(form.consent_no,),
            collective=(form.collective,),
            collectives={name: collective for collective, name in form.collectives.items()},
            timezone=form.timezone,
        )
