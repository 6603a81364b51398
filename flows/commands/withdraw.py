"""`motiefmix withdraw`: takes a release back, and tells everyone who received it."""

from typing import Annotated

from cyclopts import Parameter

from flows.commands.options import HERE, JsonOption, ProgrammeOption
from flows.commands.release_change import release_change
from flows.commands.telling import table, tell
from flows.foundation.contracts import Delivered, exit_code_of
from flows.foundation.errors import UserError
from flows.foundation.exit_codes import ExitCode
from flows.foundation.messages import pluralise
from flows.programme import manifest, settings
from flows.programme.period import Period
from flows.programme.settings import Settings

_WORDS = {"failed": "NOT TOLD", "obstacle": "NOT TOLD", "unknown": "UNKNOWN"}


def withdraw(
    chosen: Settings, period: str, version: str, reason: str, again: tuple[str, ...] = ()
) -> tuple[Delivered, ...]:
    """Withdraw a release and tell its recipients; those of the organisations in `again` also if they were told before.

    Raises:
        UserError: there is no such release, no reason, a file in `public/` was changed, or a run is in progress.
    """
    from flows.programme import register
    from flows.releases import choosing, withdrawing

    with release_change(chosen, "withdraw") as progress:
        released = choosing.named(chosen, str(Period.parse(period)), version)
        registered = register.load(chosen.folder.register)
        if not (reason or released.withdrawn_on):
            raise UserError("Give the reason, which everyone who received the release reads: --reason TEXT")
        return withdrawing.withdraw(chosen, registered, released, reason, again, progress)


def record_told(chosen: Settings, period: str, version: str, organisations: tuple[str, ...]) -> str:
    """Record that organisations know of a withdrawal whose notice has an unknown outcome, because a person asked."""
    from flows.releases import choosing, settling

    with release_change(chosen, "withdraw"):
        released = choosing.named(chosen, str(Period.parse(period)), version)
        count = settling.arrived(chosen, released, organisations, "withdrawal")
    return f"Recorded: {pluralise(count, 'notice')} of the withdrawal of {released.name} arrived."


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
    advice = (
        [f"To try again: motiefmix withdraw {period} {version}"] if any(row[0] == "NOT TOLD" for row in rows) else []
    )
    advice += [
        f"Whether {name} knows is not known. Ask them, then: motiefmix withdraw {period} {version} --told {name} or:"
        f" motiefmix withdraw {period} {version} --again {name}"
        for name in dict.fromkeys(entry.organisation_id for entry in told if entry.outcome == "unknown")
    ]
    return "\n".join([heading, *table(rows), *advice])


def command(
    period: Annotated[str, Parameter(help="A month such as 2026-10.")],
    version: Annotated[str, Parameter(help="The version to withdraw, such as v2.")],
    *,
    reason: Annotated[
        str, Parameter(help="Why; everyone who received it reads this. The first reason counts when it is repeated.")
    ] = "",
    told: Annotated[
        list[str] | None,
        Parameter(
            consume_multiple=True,
            negative=(),
            help="Record that these organisations know of it, where it is unknown whether the notice arrived.",
        ),
    ] = None,
    again: Annotated[
        list[str] | None,
        Parameter(consume_multiple=True, negative=(), help="Tell these organisations again, even if they were told."),
    ] = None,
    programme: ProgrammeOption = HERE,
    json: JsonOption = False,
) -> int:
    """Withdraw a release."""
    chosen = settings.load(programme)
    if told:
        print(record_told(chosen, period, version, tuple(told)))
        return ExitCode.OK
    notices = withdraw(chosen, period, version, reason, tuple(again or ()))
    tell(notices, lambda found: _describe(chosen, str(Period.parse(period)), version, found), json)
    return exit_code_of(notices)
