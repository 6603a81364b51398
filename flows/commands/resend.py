"""`motiefmix resend`: sends the report of one organisation again, although it was sent before."""

from typing import Annotated

from cyclopts import Parameter

from flows.commands.deliver import deliver, describe
from flows.commands.options import HERE, JsonOption, ProgrammeOption
from flows.commands.telling import tell
from flows.foundation.contracts import exit_code_of
from flows.programme import settings


def command(
    organisation: Annotated[str, Parameter(help="The organisation_id on the register.")],
    *,
    reason: Annotated[str, Parameter(help="Why; the organisation reads it.")],
    recipient: Annotated[
        list[str] | None,
        Parameter(consume_multiple=True, negative=(), help="Only these of its recipients; all of them by default."),
    ] = None,
    period: Annotated[str | None, Parameter(help="A month such as 2026-10; the newest release by default.")] = None,
    programme: ProgrammeOption = HERE,
    json: JsonOption = False,
) -> int:
    """Send a report again; the letter says so, and why."""
    chosen, recipients = settings.load(programme), tuple(recipient or ())
    delivered = deliver(chosen, period, only=(organisation,), recipients=recipients, is_again=True, reason=reason)
    tell(delivered, describe, json)
    return exit_code_of(delivered)
