"""Writes the source for the exports of a form that we generated, so that no mapping is needed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flows.commands.questionnaire.content import Questionnaire
from flows.foundation.yaml_edit import braced, written
from flows.programme.source_model import Tool


@dataclass(frozen=True)
class ColumnMapping:
    """The column names (best first) and codes that a tool uses for the parts of a form.

    `codes` are by response scale; `collectives` maps texts and codes to ids; labels are recognised as well as codes.
    `timezone` is assumed when the tool's times have no zone.
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
    """The text of the source file."""
    document: dict[str, Any] = {
        "source": name,
        "version": "1",
        "tool": mapping.tool,
        "answers": "codes" if mapping.codes else "labels",
    }
    if mapping.codes:
        document["codes"] = {scale: braced(codes) for scale, codes in mapping.codes.items()}
    if mapping.not_applicable:
        document["missing"] = braced({"not_applicable": [mapping.not_applicable]})
    document["respondent"] = "none"
    if mapping.timezone:
        document["date"] = braced({"timezone": mapping.timezone})
    document["consent"] = {
        "column": _names(mapping.consent),
        "yes": mapping.consent_yes,
        "no": mapping.consent_no,
    }
    document["collective"] = {
        "from": "column",
        "column": _names(mapping.collective),
        "values": mapping.collectives,
    }
    document["columns"] = {item: _names(names) for item, names in mapping.columns.items()}
    tool = mapping.tool.replace("_", " ")
    fits = f"Fits exports of '{form.title}' from {tool}; written together with the form."
    above = {"date": "Time zone of the account or server; the programme's own by default."}
    return written(document, heading=(fits, *mapping.remarks), above=above)


def _names(names: tuple[str, ...]) -> str | tuple[str, ...]:
    return names[0] if len(names) == 1 else names
