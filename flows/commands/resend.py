"""`motiefmix resend`: sends the report of one organisation again, although it was sent before."""

from typing import Annotated

from cyclopts import Parameter

from flows.commands.deliver import describe
from flows.commands.options import HERE, JsonOption, ProgrammeOption
from flows.commands.telling import shown_progress, tell
from flows.foundation.contracts import Delivered
from flows.programme import settings
from flows.programme.settings import Settings


def resend(chosen: Settings, organisation: str, reason: str, period: str | None = None) -> tuple[Delivered, ...]:
    """Send a report again; the letter says so, and why.

    Raises:
        UserError: there is no such release or report, or a run is in progress.
    """
    from flows.privacy.rotation import changing
    from flows.programme import register
    from flows.releases import choosing, delivering
    from flows.releases.steward_site import write_site

    with changing(chosen.folder), shown_progress("deliver") as progress:
        released = choosing.standing(chosen, period)
        request = delivering.DeliveryRequest(only=(organisation,), is_again=True, reason=reason)
        registered = register.load(chosen.folder.register)
        delivered = delivering.deliver(chosen, registered, released, request, progress)
        write_site(chosen)
    return delivered


def command(
    organisation: Annotated[str, Parameter(help="The organisation_id on the register.")],
    *,
    reason: Annotated[str, Parameter(help="Why; the organisation reads it.")],
    period: Annotated[str | None, Parameter(help="A month such as 2026-10; the newest release by default.")] = None,
    programme: ProgrammeOption = HERE,
    json: JsonOption = False,
) -> int:
    """Send a report again."""
    delivered = resend(settings.load(programme), organisation, reason, period)
    tell(delivered, describe, json)
    from flows.releases.delivering import exit_code_of

    return exit_code_of(delivered)
