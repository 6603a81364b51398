"""Settles deliveries and notices whose outcome is unknown, after a person asked the organisation."""

from flows.foundation.errors import UserError
from flows.programme.manifest import Manifest
from flows.programme.settings import Settings
from flows.releases import statuses
from flows.steps.deliver import delivery_ledger
from flows.steps.deliver.delivery_ledger import Kind

_WHAT = {"report": "delivery", "withdrawal": "withdrawal notice"}


def arrived(settings: Settings, released: Manifest, organisations: tuple[str, ...], kind: Kind = "report") -> int:
    """Record that all unknown deliveries of a release to some organisations arrived, or all notices that it was
    withdrawn; return their number.

    The caller holds the programme's lock.

    Raises:
        UserError: an organisation has none of this release that is unknown.
    """
    with delivery_ledger.opened(settings.folder.deliveries) as ledger:
        ledger.mark_interrupted()
        unknown = [
            entry
            for entry in ledger.entries()
            if (entry.period, entry.version, entry.kind, entry.state)
            == (released.period, released.version, kind, "unknown")
        ]
        for name in organisations:
            if all(entry.organisation_id != name for entry in unknown):
                raise UserError(f"{name} has no {_WHAT[kind]} of {released.name} whose outcome is unknown.")
        settled = [entry for entry in unknown if entry.organisation_id in organisations]
        for entry in settled:
            ledger.settle(entry.key, "delivered", settings.now(), "a person said that it arrived")
    statuses.refresh(settings.folder)
    return len(settled)
