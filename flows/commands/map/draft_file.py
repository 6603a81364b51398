"""The text of a new source file: what was proven as values, the rest as questions in comments."""

from collections.abc import Iterable, Iterator

from flows.commands.map.contents import Contents
from flows.commands.map.proposals import answer_kind, collective_column, exact_codes, exact_columns
from flows.foundation.messages import printable
from flows.foundation.yaml_edit import scalar
from flows.programme.loading import Programme

_PLAIN_ENCODINGS = (None, "utf-8", "utf-8-sig", "utf-16")


def write_draft(contents: Contents, programme: Programme, name: str, file_name: str) -> str:
    """The draft of a source, in the order in which a person reads it."""
    return "\n".join(_lines(contents, programme, name, file_name)) + "\n"


def _lines(contents: Contents, programme: Programme, name: str, file_name: str) -> Iterator[str]:
    columns = exact_columns(contents, programme.instrument)
    kind = answer_kind(contents, programme.instrument, columns)
    yield f"# Drafted from {printable(file_name)} ({contents.tool.replace('_', ' ')})."
    yield "# The file itself proves what stands here; 'motiefmix map' asks the rest. When all is said: 'draft: no'."
    yield f"source: {name}"
    yield 'version: "1"'
    yield "draft: yes"
    yield f"tool: {contents.tool}"
    if contents.encoding not in _PLAIN_ENCODINGS:
        yield f"encoding: {contents.encoding}"
    yield f"answers: {kind}"
    if kind == "codes":
        yield "codes:"
        yield from _codes(contents, programme, columns)
    if not contents.layout.response_id:
        yield "# Without an id of the response, each new export replaces the one before."
        yield "response_id: none"
    yield "respondent: none"
    yield from _collective(contents, programme)
    yield "columns:" if columns else "columns: {}"
    for item, position in columns.items():
        yield f"  {item}: {scalar(contents.named(position))}"


def _codes(contents: Contents, programme: Programme, columns: dict[str, int]) -> Iterator[str]:
    codes = exact_codes(contents, programme.instrument, columns)
    used = {programme.instrument.model.items[item].response_scale for item in columns}
    for scale in sorted(used):
        yield f"  {scale}: " + _braces(codes.get(scale, {}).items())


def _collective(contents: Contents, programme: Programme) -> Iterator[str]:
    found = collective_column(contents, programme.register)
    if found is None:
        yield "collective: {from: undecided}"
        return
    position, values = found
    yield "collective:"
    yield "  from: column"
    yield f"  column: {scalar(contents.named(position))}"
    if any(text != collective for text, collective in values.items()):
        yield "  values:"
        yield from (f"    {scalar(text)}: {collective}" for text, collective in values.items())


def _braces(pairs: Iterable[tuple[str, int]]) -> str:
    return "{" + ", ".join(f"{scalar(text)}: {value}" for text, value in pairs) + "}"
