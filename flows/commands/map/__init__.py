"""`motiefmix map`: a source file for an unknown export, drafted from what the file itself establishes.

Only exact matches are filled in; similar texts are suggested, and the rest becomes questions.
"""

import shlex
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from flows.commands.map import answering, draft_file
from flows.commands.map.contents import Contents, read_contents
from flows.commands.map.questions import Question, questions_about
from flows.commands.options import HERE, JsonOption, ProgrammeOption, SetOption
from flows.commands.telling import table, tell
from flows.foundation.atomic_files import replaced_by_library, text_of
from flows.foundation.errors import UserError
from flows.foundation.messages import pluralise, printable
from flows.programme import settings as settings_module
from flows.programme import source
from flows.programme.loading import Programme, load_programme
from flows.programme.register import Register
from flows.programme.settings import Settings
from flows.programme.source import LoadedSource
from flows.steps.ingest.matching import describes, is_draft_for, name_for

__all__ = ["Mapped", "describe", "find_draft", "map_file", "with_answers"]


@dataclass(frozen=True)
class Mapped:
    """A source file, the export it was made for, and what is still to be decided."""

    file_name: str
    tool: str
    rows: int
    heading_rows: int
    source: str
    path: Path
    version: str
    is_draft: bool
    columns: dict[str, str]
    questions: tuple[Question, ...]


def map_file(settings: Settings, path: Path, name: str | None, answers: Sequence[str]) -> Mapped:
    """Draft the source of an export, or write answers into the source that already describes it.

    Raises:
        UserError: the file cannot be read, or an answer is invalid; nothing is written then.
    """
    programme = load_programme(settings)
    given = [answering.parse(text) for text in answers]
    contents = read_contents(path, programme.sources, answering.encoding_in(given))
    answering.refuse_unknown(given, contents, programme)
    existing = _existing(programme, contents, path, name)
    if existing is None:
        target = settings.folder.sources / f"{name or name_for(path.name)}.yaml"
        text = draft_file.write_draft(contents, programme, target.stem, path.name)
    else:
        target = existing.path
        text = text_of(target)
        if not existing.model.draft and given:
            text = answering.with_next_version(text, existing.model.version)
    for answer in given:
        text = answering.with_answer(text, answer)
    loaded = _settled(target, text, programme, contents)
    return Mapped(
        file_name=path.name,
        tool=contents.tool,
        rows=contents.rows,
        heading_rows=contents.layout.heading_rows,
        source=loaded.model.source,
        path=target,
        version=loaded.model.version,
        is_draft=loaded.model.draft,
        columns={item: names[0] for item, names in loaded.model.columns.items()},
        questions=questions_about(loaded, contents, programme.register),
    )


def with_answers(programme: Programme, path: Path, answers: Sequence[str], folder: Path) -> Programme:
    """The programme as if the answers were in the source that describes an export; the amended copy is in `folder`.

    Raises:
        UserError: no source describes the export, or an answer is invalid.
    """
    given = [answering.parse(text) for text in answers]
    contents = read_contents(path, programme.sources, answering.encoding_in(given))
    answering.refuse_unknown(given, contents, programme)
    existing = _existing(programme, contents, path, None)
    if existing is None:
        raise UserError(f"No source describes {printable(path.name)} yet; draft one with: motiefmix map")
    text = text_of(existing.path)
    for answer in given:
        text = answering.with_answer(text, answer)
    copy = folder / existing.path.name
    copy.write_text(text, encoding="utf-8", newline="")
    amended = replace(_loaded(copy, programme, contents), path=existing.path)
    return replace(programme, sources=tuple(amended if other is existing else other for other in programme.sources))


def find_draft(programme: Programme, path: Path) -> tuple[LoadedSource, tuple[Question, ...]] | None:
    """The draft that `map` made for an export, with its open questions.

    Raises:
        UserError: the export cannot be read.
    """
    drafts = [loaded for loaded in programme.sources if loaded.model.draft]
    if not drafts:
        return None
    contents = read_contents(path, programme.sources, None)
    for loaded in drafts:
        if is_draft_for(loaded, path.name) or describes(loaded, contents.dialect, contents.layout, path.name):
            return loaded, tuple(_needed(loaded, contents, programme.register))
    return None


def describe(mapped: Mapped) -> str:
    """Describe what was found, the open questions, and the options that answer them."""
    state = "a draft" if mapped.is_draft else "ready"
    count = pluralise(mapped.rows, "response")
    below = f" below {mapped.heading_rows} rows of headings" if mapped.heading_rows > 1 else ""
    rows = [
        ("source", f"{mapped.path} (version {mapped.version}, {state})"),
        ("columns", f"{pluralise(len(mapped.columns), 'item')} found by code or by wording"),
    ]
    for question in mapped.questions:
        stop = "" if question.words.endswith("?") else "."
        rows.append(("to decide" if question.is_needed else "perhaps", f"{question.words}{stop}"))
        rows += [("", " ".join(f"--set {shlex.quote(part)}" for part in answer)) for answer in question.answers]
    heading = f"{printable(mapped.file_name, 200)}: {mapped.tool.replace('_', ' ')}, {count}{below}"
    lines = [heading, *table(rows, first=len("to decide"))]
    if mapped.is_draft:
        lines.append("Answer with --set (it can be repeated), or edit the file; ignore a column that does not exist.")
    return "\n".join(lines)


def _existing(programme: Programme, contents: Contents, path: Path, name: str | None) -> LoadedSource | None:
    """The source with that name, or else the one whose columns the file has."""
    if name:
        return next((loaded for loaded in programme.sources if loaded.path.stem == name), None)
    fitting = [
        loaded
        for loaded in programme.sources
        if describes(loaded, contents.dialect, contents.layout, path.name) or is_draft_for(loaded, path.name)
    ]
    if len(fitting) > 1:
        names = ", ".join(loaded.path.stem for loaded in fitting)
        raise UserError(f"More than one source fits {printable(path.name)}: {names}. Say which with --name.")
    return fitting[0] if fitting else None


def _loaded(path: Path, programme: Programme, contents: Contents) -> LoadedSource:
    """Load the source in a file; a draft without required questions becomes final."""
    loaded = source.load(path, programme.instrument)
    if loaded.model.draft and not _needed(loaded, contents, programme.register):
        path.write_text(answering.without_draft(text_of(path)), encoding="utf-8", newline="")
        loaded = source.load(path, programme.instrument)
    return loaded


def _needed(loaded: LoadedSource, contents: Contents, register: Register) -> list[Question]:
    return [question for question in questions_about(loaded, contents, register) if question.is_needed]


def _settled(target: Path, text: str, programme: Programme, contents: Contents) -> LoadedSource:
    """Write the source file if it is valid."""
    with replaced_by_library(target, mode=None) as fresh:
        fresh.write_text(text, encoding="utf-8", newline="")
        try:
            loaded = _loaded(fresh, programme, contents)
        except UserError as mistake:
            raise UserError(str(mistake).replace(target.name, f"sources/{target.name}")) from None
        taken = [other.path.name for other in programme.sources if other.model.source == loaded.model.source]
        if taken and taken != [target.name]:
            raise UserError(
                f"sources/{taken[0]} already has the name '{loaded.model.source}'. Choose another: --name NAME"
            )
    return replace(loaded, path=target)


def command(
    file: Path,
    *,
    name: Annotated[str | None, Parameter(help="The name of the source; from the file's name by default.")] = None,
    set: SetOption = None,  # noqa: A002
    programme: ProgrammeOption = HERE,
    json: JsonOption = False,
) -> None:
    """Draft or complete a source."""
    tell(map_file(settings_module.load(programme), file, name, set or ()), describe, json)
