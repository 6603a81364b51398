"""Extends an existing source after the register has changed, and lists the changes needed in the survey tool."""

from collections.abc import Iterator

from flows.commands.questionnaire.content import Questionnaire
from flows.commands.questionnaire.source_file import ColumnMapping
from flows.foundation.atomic_files import text_of
from flows.foundation.errors import UserError
from flows.foundation.messages import printable
from flows.foundation.text_comparison import same_text
from flows.foundation.yaml_edit import Place, with_values
from flows.programme.source import LoadedSource


def extended(existing: LoadedSource, mapping: ColumnMapping) -> str:
    """The text of a source with missing collectives added; manual changes stay.

    Raises:
        UserError: it is not a source of this form, or it assigns a name to another collective.
    """
    rule = existing.model.collective
    if existing.model.tool != mapping.tool or rule.from_ != "column":
        raise UserError(f"sources/{existing.path.name} already exists and is not a source of this form. Move it.")
    known = {same_text(label): collective for label, collective in rule.values.items()}
    lacking: dict[Place, str] = {}
    for label, collective in mapping.collectives.items():
        before = known.get(same_text(label), collective)
        if before != collective:
            raise UserError(
                f"sources/{existing.path.name}: '{printable(label)}' is the name of collective '{before}' there, and of"
                f" '{collective}' on the register. Give one of them another name, or remove that line from the source."
            )
        if same_text(label) not in known:
            lacking["collective", "values", label] = collective
    try:
        return with_values(text_of(existing.path), lacking)
    except ValueError as problem:
        raise UserError(f"sources/{existing.path.name}: {problem}.") from None


def changes(existing: LoadedSource, form: Questionnaire, mapping: ColumnMapping) -> Iterator[str]:
    """The changes needed in the running survey: collectives that were added, renamed or removed."""
    known: dict[str, list[str]] = {}
    for label, collective in existing.model.collective.values.items():
        known.setdefault(collective, []).append(label)
    # In a mapping, codes come before names.
    written = {collective: label for label, collective in reversed(tuple(mapping.collectives.items()))}
    for collective, name in form.collectives.items():
        code = f" with code {written[collective]}" if written[collective] != name else ""
        if collective not in known:
            yield f"Add the answer '{printable(name)}'{code} to the question '{printable(form.collective)}'."
        elif same_text(name) not in map(same_text, known[collective]):
            old = known[collective][-1]
            yield f"Change the wording of the answer '{printable(old)}'{code} to '{printable(name)}'."
    for collective, labels in known.items():
        if collective not in form.collectives:
            yield f"Hide the answer '{printable(labels[-1])}', of a collective that left the register. Keep its code."
