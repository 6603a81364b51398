"""Delivers the approved reports of a release: decides what may be sent, and leaves the sending to the deliver stage."""

import hashlib
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from flows.foundation.contracts import Delivered, Letter, MadeReport, Release
from flows.foundation.errors import UserError
from flows.foundation.messages import pluralise
from flows.foundation.progress import ProgressCallback, no_progress
from flows.programme import approvals, manifest
from flows.programme.approvals import ApprovedFiles, files_hash
from flows.programme.manifest import Manifest
from flows.programme.register import Register
from flows.programme.register_rows import Organisation
from flows.programme.settings import Settings
from flows.releases import approving, statuses
from flows.releases.organisation_channels import OrganisationChannels, into_files, over_smtp
from flows.steps import deliver as deliver_stage
from flows.steps.deliver import Consignment, delivery_ledger
from flows.steps.deliver.channels import Parcel
from flows.steps.deliver.delivery_ledger import Deliveries, DeliveryKey, has_others_since
from flows.steps.render.letters import LetterContext, letter


@dataclass(frozen=True, kw_only=True)
class DeliveryRequest:
    """What to deliver: all approved reports of a release, or those of some organisations.

    With `recipients`, only to these. `is_again` sends what was sent before, for a `reason` that the letter states.
    """

    only: tuple[str, ...] = ()
    recipients: tuple[str, ...] = ()
    is_again: bool = False
    reason: str = ""


def deliver(
    settings: Settings,
    register: Register,
    released: Manifest,
    request: DeliveryRequest,
    progress: ProgressCallback = no_progress,
) -> tuple[Delivered, ...]:
    """Deliver, and update the statuses; the caller holds the programme's lock.

    Raises:
        UserError: a chosen organisation has no report in the release, a chosen recipient is not one of its recipients,
            or the ledger cannot be used.
    """
    now = settings.now()
    channels = OrganisationChannels(settings=settings, transport=over_smtp(settings), now=now)
    with delivery_ledger.opened(settings.folder.deliveries) as ledger:
        deliveries = Deliveries(ledger.entries())
        statuses.refuse_lost(settings.folder, deliveries)
        plan = Plan(settings, register, released, request, channels, deliveries)
        plan.refuse_strangers()
        consignments = plan.consignments()
        for key in plan.outdated(consignments):
            ledger.set_state(key, "dropped")
        delivered = deliver_stage.deliver(consignments, ledger, settings.now, progress)
    statuses.refresh(settings.folder)
    return (*plan.obstacles(), *delivered)


def in_run(
    settings: Settings, register: Register, release: Release, progress: ProgressCallback = no_progress
) -> tuple[Delivered, ...]:
    """Deliver the release of a run; with automatic approval its reports are approved first, if its month has ended.

    Raises:
        UserError: files were changed, or the ledger cannot be used.
        Unsafe: the audit found something.
    """
    released = manifest.read(release.folder / manifest.FILE_NAME)
    if settings.delivery.approval == "automatic" and not released.unfinished_on:
        approving.approve(settings, released, by="automatic")
    return deliver(settings, register, released, DeliveryRequest(), progress)


def summary(delivered: Sequence[Delivered]) -> str:
    """One sentence: how much was delivered, and what was not."""
    sent = sum(entry.outcome == "delivered" for entry in delivered)
    before = sum(entry.outcome == "already" for entry in delivered)
    not_sent = sorted({entry.organisation_id for entry in delivered if entry.outcome not in ("delivered", "already")})
    parts = [f"Delivered: {pluralise(sent, 'report')}."]
    if before:
        parts.append(f"Delivered before, not sent again: {before}.")
    if not_sent:
        parts.append(f"Not delivered: {', '.join(not_sent)}; see: motiefmix deliver")
    return " ".join(parts)


def try_out(
    settings: Settings, register: Register, released: Manifest, request: DeliveryRequest, target: Path
) -> tuple[Delivered, ...]:
    """Write every mail that would be sent as a file in `target`; nothing is sent, copied or recorded."""
    channels = OrganisationChannels(
        settings=settings, transport=into_files(target), now=settings.now(), is_dry_run=True
    )
    entries = delivery_ledger.read(settings.folder.deliveries)
    plan = Plan(settings, register, released, request, channels, Deliveries(entries))
    before = delivery_ledger.by_key(entries)
    tried = [
        Delivered(
            organisation_id=consignment.key.organisation_id,
            channel=consignment.key.channel,
            recipient=consignment.key.recipient,
            outcome=deliver_stage.known_outcome(consignment, before.get(consignment.key)) or "delivered",
            answer=consignment.channel.send(consignment.parcel) if consignment.key.channel != "folder" else "",
        )
        for consignment in plan.consignments()
    ]
    return (*plan.obstacles(), *tried)


@dataclass(frozen=True)
class Plan:
    """What of a release may be sent to whom, and what prevents the rest."""

    settings: Settings
    register: Register
    released: Manifest
    request: DeliveryRequest
    channels: OrganisationChannels
    deliveries: Deliveries

    def obstacles(self) -> tuple[Delivered, ...]:
        """The organisations to which nothing can be sent, each with the reason."""
        return tuple(
            Delivered(organisation_id=name, channel="", recipient="", outcome="obstacle", answer=reason)
            for name, reason in self._reasons.items()
            if reason
        )

    def consignments(self) -> tuple[Consignment, ...]:
        """Every delivery to make: one per organisation and recipient."""
        return tuple(
            consignment
            for report in self.released.made_reports(self.request.only)
            if not self._reasons[report.organisation_id]
            for consignment in self._of_report(report)
        )

    def refuse_strangers(self) -> None:
        """Refuse chosen recipients whom the register does not name.

        Raises:
            UserError: one of them is no recipient of a chosen organisation.
        """
        reports = self.released.made_reports(self.request.only)
        organisations = (self.register.organisation(report.organisation_id) for report in reports)
        reached = {
            recipient for organisation in organisations if organisation for recipient in self._recipients(organisation)
        }
        if strangers := [recipient for recipient in self.request.recipients if recipient not in reached]:
            raise UserError(f"Nothing can be sent to {', '.join(strangers)}: not a recipient on the register.")

    def outdated(self, consignments: Sequence[Consignment]) -> tuple[DeliveryKey, ...]:
        """What did not arrive and is not to be sent any more: the register has another recipient or channel now."""
        if self.request.recipients:
            return ()
        wanted = dict.fromkeys(consignment.key for consignment in consignments)
        files = dict.fromkeys((key.period, key.organisation_id, key.sha256) for key in wanted)
        return tuple(
            entry.key
            for period, organisation, sha256 in files
            for entry in self.deliveries.of(period, organisation)
            if entry.state in ("planned", "failed")
            and entry.kind == "report"
            and entry.sha256 == sha256
            and entry.key not in wanted
        )

    @cached_property
    def _reasons(self) -> dict[str, str]:
        """For each chosen organisation, why nothing can be sent; empty if something can."""
        approved = approvals.approved_files(self.settings.folder.approvals)
        return {
            report.organisation_id: self._obstacle(report, approved)
            for report in self.released.made_reports(self.request.only)
        }

    def _obstacle(self, report: MadeReport, approved: Container[ApprovedFiles]) -> str:
        organisation = self.register.organisation(report.organisation_id)
        if organisation is None:
            return "The register no longer has this organisation."
        if not approvals.is_approved(approved, self.released.period, self.released.version, report):
            return "Not approved yet; see: motiefmix review"
        if not approvals.are_unchanged(self._reports, report):
            return "Its files are not what was released: somebody changed or removed them. Run the month again."
        return self.channels.obstacle(organisation)

    @property
    def _reports(self) -> Path:
        return self.released.folder_in(self.settings.folder) / "reports"

    def _of_report(self, report: MadeReport) -> Iterator[Consignment]:
        organisation = self.register.organisation(report.organisation_id)
        if organisation is None:
            return
        channel = self.channels.of(organisation)
        files = (report.file, *(entry.file for entry in report.attachments if entry.kind in organisation.kinds))
        for recipient in self._recipients(organisation):
            key = DeliveryKey(
                period=self.released.period,
                organisation_id=report.organisation_id,
                channel=organisation.channel,
                recipient=recipient,
                sha256=files_hash(report),
            )
            parcel = Parcel(
                recipient=recipient,
                letter=self._letter(organisation, report, replaced_version(self.deliveries, key)),
                folder=self._reports,
                files=files,
                message_id=message_id(key, self.released.version),
            )
            yield Consignment(
                key=key,
                version=self.released.version,
                channel=channel,
                parcel=parcel,
                is_again=self.request.is_again or no_longer_holds(self.deliveries, key, self.released.version),
            )

    def _recipients(self, organisation: Organisation) -> tuple[str, ...]:
        every = self.channels.recipients(organisation, self.released.period)
        return tuple(one for one in every if one in self.request.recipients) if self.request.recipients else every

    def _letter(self, organisation: Organisation, report: MadeReport, replaces: int | None) -> Letter:
        sent = [entry for entry in report.attachments if entry.kind in organisation.kinds]
        return letter(
            LetterContext(
                kind="report",
                channel=organisation.channel,
                language=organisation.language,
                organisation=organisation.name,
                period=self.released.period,
                version=self.released.version,
                programme=self.settings.name,
                contact=self.settings.contact,
                replaces=replaces,
                is_again=self.request.is_again,
                reason=self.request.reason,
                has_leaflets=organisation.channel != "mail-notice" and any(entry.kind == "leaflet" for entry in sent),
            )
        )


def no_longer_holds(deliveries: Deliveries, key: DeliveryKey, version: int) -> bool:
    """Whether this recipient got these files with another version, and others of the month or a withdrawal since."""
    sent = next((entry for entry in deliveries.of(key.period, key.organisation_id) if entry.key == key), None)
    return sent is not None and (
        was_withdrawn(deliveries, key, version) or has_others_since(deliveries, key, sent.version, version)
    )


def was_withdrawn(deliveries: Deliveries, key: DeliveryKey, version: int) -> bool:
    """Whether this recipient got the same files as another version, and was then told that it was withdrawn."""
    entries = deliveries.of(key.period, key.organisation_id)
    same = {entry.kind: entry for entry in entries if replace(entry.key, kind="report") == key}
    return "withdrawal" in same and "report" in same and same["report"].version != version


def replaced_version(deliveries: Deliveries, key: DeliveryKey) -> int | None:
    """The newest other version of the same month that this recipient has received."""
    received = [
        entry.version
        for entry in deliveries.of(key.period, key.organisation_id)
        if entry.recipient == key.recipient
        and (entry.kind, entry.state) == ("report", "delivered")
        and entry.sha256 != key.sha256
    ]
    return max(received, default=None)


def message_id(key: DeliveryKey, version: int) -> str:
    """The id of a mail: the same for the same delivery, so that mail programs recognise a repetition."""
    text = "\n".join((*(str(value) for value in vars(key).values()), str(version)))
    return f"<{hashlib.sha256(text.encode()).hexdigest()[:32]}@motiefmix.invalid>"
