"""A source that is there already, when the register has changed: what it gains, and what the survey tool needs."""

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
    """The text of a source with the collectives that it lacks; what a person changed in it stays.

    Raises:
        UserError: it is no source of this form, or a name stands for another collective in it.
    """
    rule = existing.model.collective
    if existing.model.tool != mapping.tool or rule.from_ != "column":
        raise UserError(f"sources/{existing.path.name} is there already and is no source of this form. Move it.")
    known = {same_text(label): collective for label, collective in rule.values.items()}
    lacking: dict[Place, str] = {}
    for label, collective in mapping.collectives.items():
        before = known.get(same_text(label), collective)
        if before != collective:
            raise UserError(
                f"sources/{existing.path.name}: '{printable(label)}' is the name of collective '{before}' there, and of"
                f" '{collective}' on the register. Give one of them another name, or take that line out of the source."
            )
        if same_text(label) not in known:
            lacking["collective", "values", label] = collective
    try:
        return with_values(text_of(existing.path), lacking)
    except ValueError as problem:
        raise UserError(f"sources/{existing.path.name}: {problem}.") from None


def changes(existing: LoadedSource, form: Questionnaire, mapping: ColumnMapping) -> Iterator[str]:
    """What the keeper of the survey has to do: collectives that came, have another name, or left."""
    known: dict[str, list[str]] = {}
    for label, collective in existing.model.collective.values.items():
        known.setdefault(collective, []).append(label)
    # Codes stand before names in a mapping.
    written = {collective: label for label, collective in reversed(tuple(mapping.collectives.items()))}
    for collective, name in form.collectives.items():
        code = f" with code {written[collective]}" if written[collective] != name else ""
        if collective not in known:
            yield f"Add the answer '{printable(name)}'{code} to the question '{printable(form.collective)}'."
        elif same_text(name) not in map(same_text, known[collective]):
            old = known[collective][-1]
            yield f"Change the words of the answer '{printable(old)}'{code} into '{printable(name)}'."
    for collective, labels in known.items():
        if collective not in form.collectives:
            yield f"Hide the answer '{printable(labels[-1])}', of a collective that left the register. Keep its code."
