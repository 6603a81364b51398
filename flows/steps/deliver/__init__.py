"""Deliver: sends approved files to organisations through their channels, at most once.

This stage decides nothing: it is given what may be sent, and the delivery ledger says what was sent already.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from flows.foundation.contracts import Delivered, DeliveryOutcome
from flows.foundation.progress import Progress, ProgressCallback, no_progress
from flows.steps.deliver.channels import Channel, DeliveryFailed, DeliveryUnknown, Parcel
from flows.steps.deliver.delivery_ledger import DeliveryKey, DeliveryLedger, Entry, State


@dataclass(frozen=True, kw_only=True)
class Consignment:
    """One delivery to make: its key, the release's version, the channel, and what goes through it.

    `is_again` sends it although it was sent before, because a person decided so.
    """

    key: DeliveryKey
    version: int
    channel: Channel
    parcel: Parcel
    is_again: bool = False


def deliver(
    consignments: Sequence[Consignment],
    ledger: DeliveryLedger,
    now: Callable[[], datetime],
    progress: ProgressCallback = no_progress,
) -> tuple[Delivered, ...]:
    """Deliver everything that was not delivered yet; a delivery whose outcome is unknown is not repeated."""
    ledger.mark_interrupted()
    before = {entry.key: entry for entry in ledger.entries()}
    ledger.plan([(consignment.key, consignment.version) for consignment in consignments], now())
    delivered = []
    for done, consignment in enumerate(consignments):
        progress(Progress(done, len(consignments), consignment.key.organisation_id))
        delivered.append(_delivered(consignment, ledger, before.get(consignment.key), now))
    return tuple(delivered)


def state_of(entries: Iterable[Entry]) -> dict[DeliveryKey, State]:
    """The state of every delivery in the ledger."""
    return {entry.key: entry.state for entry in entries}


def _delivered(
    consignment: Consignment, ledger: DeliveryLedger, before: Entry | None, now: Callable[[], datetime]
) -> Delivered:
    if before and before.may_have_arrived and not consignment.is_again:
        return _told(consignment, "already" if before.state == "delivered" else "unknown")
    ledger.begin(consignment.key, consignment.version, now())
    try:
        answer = consignment.channel.send(consignment.parcel)
    except DeliveryFailed as problem:
        if before and before.may_have_arrived and before.version == consignment.version:
            ledger.restore(consignment.key, before.state)
            return _told(consignment, "failed", str(problem))
        return _settled(consignment, ledger, "failed", now(), str(problem))
    except DeliveryUnknown as problem:
        return _settled(consignment, ledger, "unknown", now(), str(problem))
    return _settled(consignment, ledger, "delivered", now(), answer)


def _settled(
    consignment: Consignment,
    ledger: DeliveryLedger,
    state: Literal["delivered", "failed", "unknown"],
    now: datetime,
    answer: str,
) -> Delivered:
    ledger.settle(consignment.key, state, now, answer)
    return _told(consignment, state, answer)


def _told(consignment: Consignment, outcome: DeliveryOutcome, answer: str = "") -> Delivered:
    key = consignment.key
    return Delivered(
        organisation_id=key.organisation_id,
        channel=key.channel,
        recipient=key.recipient,
        outcome=outcome,
        answer=answer,
        period=key.period,
    )
