"""`motiefmix approve`: lets the reports of a release be delivered, for exactly the files that it holds."""

from dataclasses import dataclass
from typing import Annotated

from cyclopts import Parameter

from flows.commands.options import HERE, JsonOption, OnlyOption, ProgrammeOption
from flows.commands.release_change import release_change
from flows.commands.telling import tell
from flows.foundation.messages import pluralise
from flows.programme import settings
from flows.programme.settings import Settings


@dataclass(frozen=True)
class Approved:
    """The organisations whose reports are approved now, and were not before."""

    release: str
    organisations: tuple[str, ...]


def approve(
    chosen: Settings, period: str | None = None, version: str | None = None, only: tuple[str, ...] = ()
) -> Approved:
    """Approve the newest release of a period, or some of its reports.

    Raises:
        UserError: there is no such release or report, `version` is given and another one is newest, files were changed,
            or a run is in progress.
        Unsafe: the audit found something.
    """
    from flows.releases import approving, choosing

    with release_change(chosen, "approve"):
        released = choosing.standing(chosen, period)
        choosing.refuse_other(released, version)
        organisations = approving.approve(chosen, released, only)
    return Approved(released.name, organisations)


def describe(found: Approved) -> str:
    """What was approved, and what comes next."""
    if not found.organisations:
        return f"Nothing new: these reports of {found.release} were approved before."
    return f"Approved: {pluralise(len(found.organisations), 'report')} of {found.release}. Next: motiefmix deliver"


def command(
    period: Annotated[str | None, Parameter(help="A month such as 2026-10; the newest release by default.")] = None,
    version: Annotated[
        str | None, Parameter(help="The version that was reviewed, such as v2; refused if there is a newer one.")
    ] = None,
    *,
    only: OnlyOption = None,
    programme: ProgrammeOption = HERE,
    json: JsonOption = False,
) -> None:
    """Approve reports."""
    tell(approve(settings.load(programme), period, version, tuple(only or ())), describe, json)
