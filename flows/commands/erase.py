"""`motiefmix erase`: removes a member from all stored answers, for example on their request."""

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
    member: Annotated[str | None, Parameter(help="Their id in the survey tool.")] = None,
    ask: Annotated[
        bool, Parameter(negative=(), help="Ask for the member, so that no shell history has the id.")
    ] = False,
    source: Annotated[str | None, Parameter(help="With --response: the source of the export.")] = None,
    response: Annotated[str | None, Parameter(help="One response by its id in the survey tool.")] = None,
    in_advance: Annotated[
        bool, Parameter(negative=(), help="Also somebody of whom nothing is kept: exclude them from now on.")
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
            "There is no terminal to ask at. Say who: motiefmix erase --member ID, or"
            " motiefmix erase --source SOURCE --response ID"
        ) from None


def describe(erased: Erased) -> str:
    """Describe what was erased and what is left to do."""
    return "\n".join(_lines(erased))


def _lines(erased: Erased) -> Iterator[str]:
    yield f"{pluralise(erased.answers, 'answer')} erased; a new export with them will be read without them."
    if erased.copies_deleted:
        yield (
            f"Kept copies of exports that were deleted as a whole: {erased.copies_deleted}; only text files can be"
            " rewritten without a row. The other answers stay; when the source changes, drop a new export."
        )
    for name in erased.inbox_files:
        yield f"Still in the inbox, with their answers: {name}. Replace it with a new export, or delete it."
    if erased.releases:
        yield (
            f"Counted in {', '.join(erased.releases)}. These stay unchanged: figures without one person would reveal"
            " what that person answered."
        )
    if erased.microdata_files:
        yield f"Files of microdata that were deleted: {erased.microdata_files}. Ask for the copies that you handed out."
    yield f"Certificate, which does not identify the person: {erased.certificate}"
