"""The source that fits the exports of a form that we wrote ourselves: nothing is left to map."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from flows.commands.questionnaire.content import Questionnaire
from flows.foundation.yaml_edit import scalar
from flows.programme.source_model import Tool


@dataclass(frozen=True)
class ColumnMapping:
    """What the exports of a tool call the parts of a form: names of columns (best first), and codes.

    `codes` are by response scale; `collectives` say which text or code is which id; labels are understood beside codes.
    `timezone` is assumed for the times of a tool that does not say theirs.
    """

    tool: Tool
    columns: Mapping[str, tuple[str, ...]]
    consent: tuple[str, ...]
    consent_yes: tuple[str, ...]
    consent_no: tuple[str, ...]
    collective: tuple[str, ...]
    collectives: Mapping[str, str]
    codes: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    not_applicable: str | None = None
    timezone: str | None = None
    remarks: tuple[str, ...] = ()


def write_source(form: Questionnaire, mapping: ColumnMapping, name: str) -> str:
    """The source file as text."""
    return "\n".join(_lines(form, mapping, name)) + "\n"


def _lines(form: Questionnaire, mapping: ColumnMapping, name: str) -> Iterator[str]:
    yield f"# Fits exports of '{form.title}' from {mapping.tool.replace('_', ' ')}; written together with the form."
    yield from (f"# {remark}" for remark in mapping.remarks)
    yield f"source: {name}"
    yield 'version: "1"'
    yield f"tool: {mapping.tool}"
    yield f"answers: {'codes' if mapping.codes else 'labels'}"
    if mapping.codes:
        yield "codes:"
        for scale, codes in mapping.codes.items():
            yield f"  {scale}: {{" + ", ".join(f"{scalar(code)}: {value}" for code, value in codes.items()) + "}"
    if mapping.not_applicable:
        yield f"missing: {{not_applicable: [{scalar(mapping.not_applicable)}]}}"
    yield "respondent: none"
    if mapping.timezone:
        yield "# The clock of the account or server; the programme's own, until you know better."
        yield f"date: {{timezone: {mapping.timezone}}}"
    yield "consent:"
    yield f"  column: {_names(mapping.consent)}"
    yield f"  yes: {_names(mapping.consent_yes, always=True)}"
    yield f"  no: {_names(mapping.consent_no, always=True)}"
    yield "collective:"
    yield "  from: column"
    yield f"  column: {_names(mapping.collective)}"
    yield "  values:"
    yield from (f"    {scalar(text)}: {collective}" for text, collective in mapping.collectives.items())
    yield "columns:"
    yield from (f"  {item}: {_names(names)}" for item, names in mapping.columns.items())


def _names(names: tuple[str, ...], always: bool = False) -> str:
    if len(names) == 1 and not always:
        return scalar(names[0])
    return "[" + ", ".join(map(scalar, names)) + "]"
