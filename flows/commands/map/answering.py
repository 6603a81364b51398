"""Parses answers to the questions about a source from the command line: ``--set codes.importance5.A1=1``."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NoReturn

from flows.commands.map.contents import Contents
from flows.foundation.errors import UserError
from flows.foundation.messages import did_you_mean, printable
from flows.foundation.yaml_edit import with_value
from flows.programme.loading import Programme
from flows.steps.ingest.readers.unreadable import Unreadable

# Depth of the key before free text starts (the text may contain dots). For keys that contain answer texts split at the
# last '=', because such a text may contain one; else at the first, because a heading may.
_DEPTHS = {"columns": 2, "codes": 3, "missing": 2, "collective": 2, "consent": 2, "date": 2}
# Answers that name a column of the file; `none` where a column may be left out.
_COLUMNS = ("collective.column", "consent.column", "date.column", "respondent", "response_id")
_NO_COLUMN = ("none", "")
_COLLECTIVES = ("collective.constant", "collective.values.")
_TEXT_IN_NAME = ("codes", "collective.values")


@dataclass(frozen=True)
class Answer:
    """A place in a source file and the text to write there."""

    place: tuple[str, ...]
    value: str


def parse(text: str) -> Answer:
    """Read ``place=value``.

    Raises:
        UserError: it has no equals sign, or no name before it.
    """
    cut = str.rpartition if text.startswith(_TEXT_IN_NAME) else str.partition
    key, equals, value = cut(text, "=")
    first = key.split(".", 1)[0]
    depth = 3 if key.startswith("collective.values.") else _DEPTHS.get(first, 0)
    place = tuple(key.split(".", depth - 1))
    if not equals or not all(place):
        raise UserError(f"--set {printable(text)}: write it as name=value, such as --set collective.column=Group")
    return Answer(place, value)


def encoding_in(answers: Iterable[Answer]) -> str | None:
    """The encoding that the answers declare; it is needed before the file can be read."""
    encoding = next((answer.value for answer in answers if answer.place == ("encoding",)), None)
    try:
        "".encode(encoding or "utf-8")
    except (LookupError, ValueError):
        raise UserError(
            f"--set encoding={printable(encoding or '')}: unknown encoding; for instance, write cp1252."
        ) from None
    return encoding


def refuse_unknown(answers: Iterable[Answer], contents: Contents, programme: Programme) -> None:
    """Refuse an answer that names an unknown item, column of the file, or collective of the register.

    Raises:
        UserError: suggests the nearest known name.
    """
    collectives = {row.collective_id for row in programme.register.collectives}
    items = programme.instrument.model.items
    for answer in answers:
        path = ".".join(answer.place)
        if answer.place[0] == "columns" and answer.place[-1] not in items:
            _refuse(path, f"there is no item '{printable(answer.place[-1])}'", answer.place[-1], items)
        if answer.place[0] == "columns" or path in _COLUMNS:
            _refuse_unknown_column(path, answer.value, contents)
        if path.startswith(_COLLECTIVES) and answer.value not in collectives:
            _refuse(path, f"the register has no collective '{printable(answer.value)}'", answer.value, collectives)


def _refuse(path: str, what: str, name: str, known: Iterable[str]) -> NoReturn:
    raise UserError(f"--set {printable(path)}: {what}{did_you_mean(name, known)}.")


def _refuse_unknown_column(path: str, name: str, contents: Contents) -> None:
    if name in _NO_COLUMN and path in ("respondent", "response_id"):
        return
    try:
        found = contents.layout.find(name)
    except Unreadable as problem:
        raise UserError(f"--set {printable(path)}: {problem}") from None
    if found is None:
        known = dict.fromkeys(heading for names in contents.layout.names for heading in names if heading.strip())
        _refuse(path, f"no column of the file is called '{printable(name)}'", name, known)


def with_answer(text: str, answer: Answer) -> str:
    """The text of the source file with an answer added.

    Raises:
        UserError: a source has no such place, or it cannot be changed without losing something.
    """
    try:
        return with_value(text, answer.place, answer.value)
    except ValueError as problem:
        raise UserError(f"--set {printable('.'.join(answer.place))}: {problem}.") from None


def with_next_version(text: str, version: str) -> str:
    """The source file with its version raised, so that a report states which version it used."""
    head, dot, last = version.rpartition(".")
    following = f"{head}{dot}{int(last) + 1}" if last.isdigit() else f"{version}.2"
    return with_answer(text, Answer(("version",), following))


def without_draft(text: str) -> str:
    """The text of the source file without its draft mark."""
    return with_answer(text, Answer(("draft",), "no"))
