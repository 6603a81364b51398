"""Describes the check of a register in words."""

from collections.abc import Iterator

from flows.commands.register.checked import CheckedFile, CheckedRegister, Compared
from flows.commands.telling import table
from flows.foundation.messages import pluralise

# More of one kind are counted; --json has all.
_MOST_TOLD = 50


def describe(checked: CheckedRegister) -> str:
    """What is in the files, what is wrong or doubtful, and what a release would show otherwise."""
    return "\n".join(table(_lines(checked), first=len("warning")))


def _lines(checked: CheckedRegister) -> Iterator[tuple[str, str]]:
    for file in checked.files:
        yield "file", f"{file.name}: {_contents(file)}"
    collectives, organisations = (
        pluralise(count, noun)
        for count, noun in ((checked.collectives, "collective"), (checked.organisations, "organisation"))
    )
    yield "month", f"{checked.period}, the month that is due: {collectives} of {organisations}"
    yield from _some("error", checked.errors)
    yield from _some("warning", checked.warnings)
    yield from _some("begins", checked.begin)
    yield from _some("ends", checked.end)
    yield from _compared(checked.compared)


def _contents(file: CheckedFile) -> str:
    if not file.read_as:
        return "not read"
    wrong = file.rows - file.right
    mistakes = f", {wrong} of them with mistakes" if wrong else ""
    example = f", such as '{file.example}'" if file.example else ""
    return f"{pluralise(file.rows, 'row')}{mistakes} ({file.read_as}{example})"


def _compared(compared: Compared) -> Iterator[tuple[str, str]]:
    if compared.impossible:
        yield "release", compared.impossible
        return
    total = pluralise(len(compared.changes), "change") if compared.changes else "nothing changes"
    yield "release", f"compared with {compared.release}: {total}"
    for kind in dict.fromkeys(change.kind for change in compared.changes):
        yield from _some(kind, tuple(change.what for change in compared.changes if change.kind == kind))


def _some(kind: str, entries: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    yield from ((kind, entry) for entry in entries[:_MOST_TOLD])
    if len(entries) > _MOST_TOLD:
        yield kind, f"… and {len(entries) - _MOST_TOLD} more; --json has all"
