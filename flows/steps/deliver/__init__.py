"""Deliver: sends approved files to organisations through their channels, at most once.

This stage decides nothing: it is given what may be sent, and the delivery ledger says what was sent already.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from flows.foundation.contracts import Delivered, DeliveryOutcome
from flows.foundation.progress import Progress, ProgressCallback, no_progress
from flows.steps.deliver.channels import Channel, DeliveryFailed, DeliveryUnknown, Parcel
from flows.steps.deliver.delivery_ledger import DeliveryKey, DeliveryLedger, Entry, by_key


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
    before = by_key(ledger.entries())
    ledger.plan([(consignment.key, consignment.version) for consignment in consignments], now())
    delivered = []
    for done, consignment in enumerate(consignments):
        progress(Progress(done, len(consignments), consignment.key.organisation_id))
        delivered.append(_delivered(consignment, ledger, before.get(consignment.key), now))
    return tuple(delivered)


def known_outcome(consignment: Consignment, before: Entry | None) -> DeliveryOutcome | None:
    """Why a delivery is not made: it was made before, or nobody knows; None if it is to be made."""
    if before is None or not before.may_have_arrived or consignment.is_again:
        return None
    return "already" if before.state == "delivered" else "unknown"


def _delivered(
    consignment: Consignment, ledger: DeliveryLedger, before: Entry | None, now: Callable[[], datetime]
) -> Delivered:
    if outcome := known_outcome(consignment, before):
        return _told(consignment, outcome)
    ledger.begin(consignment.key, consignment.version, now())
    try:
        answer = consignment.channel.send(consignment.parcel)
    except DeliveryFailed as problem:
        if before and before.may_have_arrived and before.version == consignment.version:
            ledger.set_state(consignment.key, before.state)
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
