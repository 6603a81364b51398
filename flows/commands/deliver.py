"""`motiefmix deliver`: sends approved reports to their organisations, each at most once."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

from cyclopts import Parameter

from flows.commands.options import HERE, JsonOption, OnlyOption, ProgrammeOption
from flows.commands.release_change import release_change
from flows.commands.telling import table, tell
from flows.foundation.contracts import Delivered, exit_code_of
from flows.foundation.errors import UserError
from flows.foundation.exit_codes import ExitCode
from flows.foundation.messages import pluralise
from flows.programme import settings
from flows.programme.settings import Settings

_WORDS = {
    "delivered": "delivered",
    "already": "delivered before, not sent again",
    "failed": "NOT DELIVERED",
    "unknown": "UNKNOWN",
    "obstacle": "NOT SENT",
}


def deliver(chosen: Settings, period: str | None = None, **asked: Any) -> tuple[Delivered, ...]:
    """Deliver approved reports of the newest release of a period, with the fields of a `DeliveryRequest`.

    Raises:
        UserError: there is no such release or report, or a run is in progress.
    """
    from flows.programme import register
    from flows.releases import choosing, delivering

    with release_change(chosen, "deliver") as progress:
        released = choosing.standing(chosen, period)
        registered = register.load(chosen.folder.register)
        return delivering.deliver(chosen, registered, released, delivering.DeliveryRequest(**asked), progress)


def try_out(chosen: Settings, target: Path, period: str | None, only: tuple[str, ...]) -> tuple[Delivered, ...]:
    """Write the mails that would be sent as .eml files into a folder, and send nothing."""
    from flows.programme import register
    from flows.releases import choosing, delivering

    released = choosing.standing(chosen, period)
    registered = register.load(chosen.folder.register)
    return delivering.try_out(chosen, registered, released, delivering.DeliveryRequest(only=only), target)


def record_arrival(
    chosen: Settings, names: tuple[str, ...], period: str | None, recipients: tuple[str, ...] = ()
) -> str:
    """Record that deliveries with an unknown outcome have arrived, because a person asked."""
    from flows.releases import choosing, settling

    with release_change(chosen, "deliver"):
        released = choosing.standing(chosen, period)
        count = settling.arrived(chosen, released, names, recipients=recipients)
    return f"Recorded: {pluralise(count, 'unknown delivery', 'unknown deliveries')} of {released.name} arrived."


def describe(delivered: tuple[Delivered, ...]) -> str:
    """One line per delivery, and what to do about those that did not succeed."""
    return "\n".join(_lines(delivered))


def _lines(delivered: tuple[Delivered, ...]) -> Iterator[str]:
    rows = [(entry.organisation_id, entry.recipient, _WORDS[entry.outcome], entry.answer) for entry in delivered]
    yield from table(rows) or ["There is nothing to deliver."]
    if delivered and all(entry.outcome == "already" for entry in delivered):
        yield "Nothing was sent: everything was delivered before. To send it again: motiefmix resend ORG --reason TEXT"
    for entry in (entry for entry in delivered if entry.outcome == "unknown"):
        name, recipient, period = entry.organisation_id, entry.recipient, entry.period
        yield (
            f"Whether {recipient} received the report of {name} is not known. Ask them, then: motiefmix deliver"
            f" {period} --arrived {name} --recipient {recipient} or: motiefmix resend {name} --period {period}"
            f' --recipient {recipient} --reason "it did not arrive"'
        )
    for period in dict.fromkeys(entry.period for entry in delivered if entry.outcome == "failed"):
        yield f"What was not delivered is tried again by: motiefmix deliver {period}"


def command(
    period: Annotated[str | None, Parameter(help="A month such as 2026-10; the newest release by default.")] = None,
    *,
    only: OnlyOption = None,
    dry_run: Annotated[
        bool, Parameter(negative=(), help="Send nothing; write the mails as .eml files for inspection.")
    ] = False,
    to: Annotated[Path, Parameter(help="The folder for the mails of a dry run.")] = Path("mails-to-inspect"),
    arrived: Annotated[
        list[str] | None,
        Parameter(
            name="--arrived",
            consume_multiple=True,
            negative=(),
            help="Record that these organisations received a report whose delivery is unknown.",
        ),
    ] = None,
    recipient: Annotated[
        list[str] | None,
        Parameter(
            consume_multiple=True,
            negative=(),
            help="With --arrived: only these recipients received it; all that are unknown by default.",
        ),
    ] = None,
    programme: ProgrammeOption = HERE,
    json: JsonOption = False,
) -> int:
    """Deliver reports."""
    chosen = settings.load(programme)
    if recipient and not arrived:
        raise UserError("--recipient belongs to --arrived: motiefmix deliver --arrived ORG --recipient ADDRESS")
    if arrived:
        print(record_arrival(chosen, tuple(arrived), period, tuple(recipient or ())))
        return ExitCode.OK
    names = tuple(only or ())
    delivered = try_out(chosen, to, period, names) if dry_run else deliver(chosen, period, only=names)
    tell(delivered, describe, json)
    return exit_code_of(delivered)
