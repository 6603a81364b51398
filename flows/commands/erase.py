"""`motiefmix erase`: a member who wants to be forgotten is taken out of everything that is kept of answers."""

from collections.abc import Iterator
from typing import Annotated

from cyclopts import Parameter

from flows.commands.options import HERE, JsonOption, ProgrammeOption
from flows.commands.telling import tell
from flows.foundation.errors import UserError
from flows.foundation.messages import pluralise
from flows.privacy.erasure import Erased, erase
from flows.programme import settings


def command(
    *,
    member: Annotated[str | None, Parameter(help="What the survey tool calls them.")] = None,
    ask: Annotated[bool, Parameter(negative=(), help="Ask for the member, so that no shell remembers.")] = False,
    source: Annotated[str | None, Parameter(help="With --response: the source of the export.")] = None,
    response: Annotated[str | None, Parameter(help="One response by its id in the survey tool.")] = None,
    in_advance: Annotated[
        bool, Parameter(negative=(), help="Also somebody of whom nothing is kept: keep them out from now on.")
    ] = False,
    programme: ProgrammeOption = HERE,
    json: JsonOption = False,
) -> None:
    """Erase a member or a response."""
    chosen = settings.load(programme)
    erased = erase(chosen, _asked_member() if ask else member, source, response, in_advance)
    tell(erased, describe, json)


def _asked_member() -> str:
    try:
        return input("Member: ")
    except EOFError:
        raise UserError(
            "Nobody can be asked here, for there is no terminal. Say who: motiefmix erase --member ID, or"
            " motiefmix erase --source SOURCE --response ID"
        ) from None


def describe(erased: Erased) -> str:
    """What was done and what is left to do, in lines."""
    return "\n".join(_lines(erased))


def _lines(erased: Erased) -> Iterator[str]:
    yield f"{pluralise(erased.answers, 'answer')} erased; a new export with them will be read without them."
    if erased.copies_deleted:
        yield (
            f"Kept copies of exports that went as a whole: {erased.copies_deleted}; only text can be written again"
            " without a row. The other answers stay; when the source changes, drop a fresh export."
        )
    for name in erased.inbox_files:
        yield f"Still in the inbox, with their answers: {name}. Replace it by a fresh export, or delete it."
    if erased.releases:
        yield (
            f"Counted in {', '.join(erased.releases)}. These stay as they are: without one person they would tell what"
            " that person answered."
        )
    if erased.microdata_files:
        yield f"Files of microdata that were deleted: {erased.microdata_files}. Ask for the copies that you handed out."
    yield f"Certificate, without anything of the person: {erased.certificate}"
