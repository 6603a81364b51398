"""Withdraws a release: it leaves `public/`, the one before stands again, and everyone who received it is told."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from flows.foundation.contracts import Delivered, MadeReport
from flows.foundation.progress import ProgressCallback, no_progress
from flows.programme import manifest
from flows.programme.manifest import Manifest
from flows.programme.register import Register
from flows.programme.settings import Settings
from flows.releases import statuses
from flows.releases.delivering import message_id
from flows.releases.organisation_channels import OrganisationChannels, over_smtp
from flows.steps import deliver as deliver_stage
from flows.steps.deliver import Consignment, delivery_ledger
from flows.steps.deliver.channels import Parcel
from flows.steps.deliver.delivery_ledger import Entry
from flows.steps.render.letters import LetterContext, letter


def withdraw(
    settings: Settings,
    register: Register,
    released: Manifest,
    reason: str,
    progress: ProgressCallback = no_progress,
) -> tuple[Delivered, ...]:
    """Withdraw a release and tell its recipients; the caller holds the programme's lock.

    The disclosure record stays: people have seen the figures. A withdrawal that was interrupted is finished, with the
    reason that was given first.

    Raises:
        UserError: the ledger cannot be used, or a file in `public/` was changed by somebody else.
    """
    if not released.withdrawn_on:
        today = settings.now().date().isoformat()
        released = replace(released, withdrawn_on=today, withdrawn_because=reason)
        manifest.rewrite(settings.folder, released)
    statuses.refresh(settings.folder)
    with delivery_ledger.opened(settings.folder.deliveries) as ledger:
        channels = OrganisationChannels(settings=settings, transport=over_smtp(settings), now=settings.now())
        consignments = list(_consignments(settings, register, released, ledger.entries(), channels))
        return deliver_stage.deliver(consignments, ledger, settings.now, progress)


def _consignments(
    settings: Settings, register: Register, released: Manifest, entries: Sequence[Entry], channels: OrganisationChannels
) -> Iterator[Consignment]:
    """A letter to every recipient who has received a report of the release, or may have."""
    organisations = {row.organisation_id: row for row in register.organisations}
    for report in released.reports:
        organisation = organisations.get(report.organisation_id)
        if not isinstance(report, MadeReport) or organisation is None:
            continue
        context = LetterContext(
            kind="withdrawal",
            channel=organisation.channel,
            language=organisation.language,
            organisation=organisation.name,
            period=released.period,
            version=released.version,
            programme=settings.name,
            contact=settings.contact,
            reason=released.withdrawn_because,
        )
        for entry in statuses.of_report(entries, released, report):
            if entry.kind != "report" or entry.state == "failed":
                continue
            key = replace(entry.key, kind="withdrawal")
            parcel = Parcel(
                recipient=entry.recipient,
                letter=letter(context),
                folder=released.folder_in(settings.folder),
                files=(),
                message_id=message_id(key, released.version),
            )
            # The channel by which the report was sent, which may have changed in the register since.
            channel = channels.of(organisation.model_copy(update={"channel": _without_files(entry.channel)}))
            yield Consignment(key=key, version=released.version, channel=channel, parcel=parcel)


def _without_files(channel: str) -> str:
    return channel if channel == "folder" else "mail-notice"
