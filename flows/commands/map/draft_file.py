"""Writes a new source file from what the export itself establishes; `map` asks for the rest."""

from collections.abc import Mapping
from typing import Any

from flows.commands.map.contents import Contents
from flows.commands.map.proposals import answer_kind, collective_column, exact_codes, exact_columns
from flows.foundation.messages import printable
from flows.foundation.yaml_edit import braced, written
from flows.programme.loading import Programme

_PLAIN_ENCODINGS = (None, "utf-8", "utf-8-sig", "utf-16")


def write_draft(contents: Contents, programme: Programme, name: str, file_name: str) -> str:
    """The text of a draft source, with its fields in reading order."""
    columns = exact_columns(contents, programme.instrument)
    kind = answer_kind(contents, programme.instrument, columns)
    document: dict[str, Any] = {"source": name, "version": "1", "draft": "yes", "tool": contents.tool}
    if contents.encoding not in _PLAIN_ENCODINGS:
        document["encoding"] = contents.encoding
    document["answers"] = kind
    if kind == "codes":
        document["codes"] = _codes(contents, programme, columns)
    above = {}
    if not contents.layout.response_id:
        document["response_id"] = "none"
        above["response_id"] = "Without a response id, each new export replaces the previous one."
    document["respondent"] = "none"
    document["collective"] = _collective(contents, programme)
    document["columns"] = {item: contents.named(position) for item, position in columns.items()}
    heading = (
        f"Drafted from {printable(file_name)} ({contents.tool.replace('_', ' ')}).",
        "The file itself establishes these values; 'motiefmix map' asks for the rest. When complete: 'draft: no'.",
    )
    return written(document, heading, above)


def _codes(contents: Contents, programme: Programme, columns: dict[str, int]) -> dict[str, Any]:
    codes = exact_codes(contents, programme.instrument, columns)
    used = {programme.instrument.model.items[item].response_scale for item in columns}
    return {scale: braced(codes.get(scale, {})) for scale in sorted(used)}


def _collective(contents: Contents, programme: Programme) -> Mapping[str, Any]:
    found = collective_column(contents, programme.register)
    if found is None:
        return braced({"from": "undecided"})
    position, values = found
    rule = {"from": "column", "column": contents.named(position)}
    needs_values = any(text != collective for text, collective in values.items())
    return {**rule, "values": values} if needs_values else rule
