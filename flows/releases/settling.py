"""Settles deliveries and notices whose outcome is unknown, after a person asked the organisation."""

from flows.foundation.errors import UserError
from flows.programme.manifest import Manifest
from flows.programme.settings import Settings
from flows.releases import statuses
from flows.steps.deliver import delivery_ledger
from flows.steps.deliver.delivery_ledger import Kind

_WHAT = {"report": "delivery", "withdrawal": "withdrawal notice"}


def arrived(
    settings: Settings,
    released: Manifest,
    organisations: tuple[str, ...],
    kind: Kind = "report",
    recipients: tuple[str, ...] = (),
) -> int:
    """Record that unknown deliveries of a release to some organisations arrived, or notices that it was withdrawn.

    With recipients only theirs; otherwise all. Returns their number. The caller holds the programme's lock.

    Raises:
        UserError: an organisation, or every such recipient of it, has none of this release that is unknown.
    """
    with delivery_ledger.opened(settings.folder.deliveries) as ledger:
        ledger.mark_interrupted()
        unknown = [
            entry
            for entry in ledger.entries()
            if (entry.period, entry.version, entry.kind, entry.state)
            == (released.period, released.version, kind, "unknown")
            and (not recipients or entry.recipient in recipients)
        ]
        for name in organisations:
            if all(entry.organisation_id != name for entry in unknown):
                whose = f"{' or '.join(recipients)} of {name}" if recipients else name
                raise UserError(f"{whose} has no {_WHAT[kind]} of {released.name} whose outcome is unknown.")
        settled = [entry for entry in unknown if entry.organisation_id in organisations]
        for entry in settled:
            ledger.settle(entry.key, "delivered", settings.now(), "a person said that it arrived")
    statuses.refresh(settings.folder)
    return len(settled)
