"""`motiefmix withdraw`: takes a release back, and tells everyone who received it."""

from typing import Annotated

from cyclopts import Parameter

from flows.commands.options import HERE, JsonOption, ProgrammeOption
from flows.commands.release_change import release_change
from flows.commands.telling import table, tell
from flows.foundation.contracts import Delivered, exit_code_of
from flows.foundation.messages import pluralise
from flows.programme import manifest, settings
from flows.programme.period import Period
from flows.programme.settings import Settings

_WORDS = {"failed": "NOT TOLD", "obstacle": "NOT TOLD", "unknown": "UNKNOWN"}


def withdraw(chosen: Settings, period: str, version: str, reason: str) -> tuple[Delivered, ...]:
    """Withdraw a release and tell its recipients.

    Raises:
        UserError: there is no such release, a file in `public/` was changed, or a run is in progress.
    """
    from flows.programme import register
    from flows.releases import choosing, withdrawing

    with release_change(chosen, "withdraw") as progress:
        released = choosing.named(chosen, str(Period.parse(period)), version)
        registered = register.load(chosen.folder.register)
        return withdrawing.withdraw(chosen, registered, released, reason, progress)


def _describe(chosen: Settings, period: str, version: str, told: tuple[Delivered, ...]) -> str:
    standing = manifest.newest(chosen.folder, period)
    now = f"{standing.name} stands again." if standing else f"There is no release of {period} now."
    count = sum(entry.outcome in ("delivered", "already") for entry in told)
    rows = [
        (_WORDS[entry.outcome], entry.organisation_id, entry.recipient, entry.answer)
        for entry in told
        if entry.outcome in _WORDS
    ]
    heading = f"Withdrawn: {period} {version}. {now} {pluralise(count, 'recipient')} told."
    advice = [f"To try again: motiefmix withdraw {period} {version} --reason TEXT"] if rows else []
    return "\n".join([heading, *table(rows), *advice])


def command(
    period: Annotated[str, Parameter(help="A month such as 2026-10.")],
    version: Annotated[str, Parameter(help="The version to withdraw, such as v2.")],
    *,
    reason: Annotated[str, Parameter(help="Why; everyone who received it reads this.")],
    programme: ProgrammeOption = HERE,
    json: JsonOption = False,
) -> int:
    """Withdraw a release."""
    chosen = settings.load(programme)
    told = withdraw(chosen, period, version, reason)
    tell(told, lambda found: _describe(chosen, str(Period.parse(period)), version, found), json)
    return exit_code_of(told)
