"""Withdraws a release: it leaves `public/`, the one before stands again, and everyone who received it is told."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from flows.foundation.contracts import Delivered
from flows.foundation.errors import PublicFolderError
from flows.foundation.progress import ProgressCallback, no_progress
from flows.programme import manifest
from flows.programme.folder import ProgrammeFolder
from flows.programme.manifest import Manifest
from flows.programme.register import Register
from flows.programme.register_rows import Organisation
from flows.programme.settings import Settings
from flows.releases import statuses
from flows.releases.delivering import message_id
from flows.releases.organisation_channels import OrganisationChannels, over_smtp
from flows.steps import deliver as deliver_stage
from flows.steps.deliver import Consignment, delivery_ledger
from flows.steps.deliver.channels import Parcel
from flows.steps.deliver.delivery_ledger import Deliveries, Entry
from flows.steps.render.letters import LetterContext, letter

# Or may have received: a process died while it was sent, or the server did not answer.
_RECEIVED = ("delivered", "unknown", "sending")


def withdraw(
    settings: Settings,
    register: Register,
    released: Manifest,
    reason: str,
    again: tuple[str, ...] = (),
    progress: ProgressCallback = no_progress,
) -> tuple[Delivered, ...]:
    """Withdraw a release and tell its recipients; the caller holds the programme's lock.

    The disclosure record stays: people have seen the figures. A withdrawal that was interrupted is finished, with the
    reason that was given first. The organisations of `again` are told again, although they were told, or may have been.

    Raises:
        UserError: the ledger cannot be used, or a file in `public/` was changed by somebody else.
    """
    if not released.withdrawn_on:
        today = settings.now().date().isoformat()
        released = replace(released, withdrawn_on=today, withdrawn_because=reason)
        manifest.rewrite(settings.folder, released)
    statuses.refresh(settings.folder)
    _refuse_left_over(settings.folder, released)
    with delivery_ledger.opened(settings.folder.deliveries) as ledger:
        channels = OrganisationChannels(settings=settings, transport=over_smtp(settings), now=settings.now())
        notices = _Notices(settings, register, released, channels, Deliveries(ledger.entries()), again)
        told = deliver_stage.deliver(notices.consignments(), ledger, settings.now, progress)
    return (*notices.obstacles(), *told)


def _refuse_left_over(folder: ProgrammeFolder, released: Manifest) -> None:
    """Without the record of `public/`, or where somebody changed it, its database is not removed by itself."""
    database = folder.public / released.database_name
    if not manifest.newest(folder, released.period) and database.exists():
        raise PublicFolderError(
            f"{database} is still there: it is not known as the file of a run. Delete it, and withdraw again, so that"
            " the recipients are told."
        )


@dataclass(frozen=True)
class _Notices:
    """Who has received a report of a withdrawn release, or may have, and what they are told."""

    settings: Settings
    register: Register
    released: Manifest
    channels: OrganisationChannels
    deliveries: Deliveries
    again: tuple[str, ...]

    def consignments(self) -> tuple[Consignment, ...]:
        """A letter for every recipient who can be told."""
        return tuple(
            self._consignment(organisation, entry)
            for entry in self._received()
            if (organisation := self._organisation(entry)) and not self.channels.obstacle(organisation)
        )

    def obstacles(self) -> tuple[Delivered, ...]:
        """The recipients who cannot be told, each with the reason."""
        return tuple(
            Delivered(
                organisation_id=entry.organisation_id,
                channel=entry.channel,
                recipient=entry.recipient,
                outcome="obstacle",
                answer=reason,
            )
            for entry in self._received()
            if (reason := self._obstacle(entry))
        )

    def _received(self) -> Iterator[Entry]:
        """Who has files of the release that no longer stand; the version that stands may have taken some over."""
        standing = manifest.newest(self.settings.folder, self.released.period)
        kept = {report.files for report in standing.made_reports()} if standing else set()
        for report in self.released.made_reports():
            if report.files not in kept:
                sent = statuses.of_report(self.deliveries, self.released, report)
                yield from (entry for entry in sent if entry.kind == "report" and entry.state in _RECEIVED)

    def _obstacle(self, entry: Entry) -> str:
        organisation = self._organisation(entry)
        if organisation is None:
            return "The register no longer has this organisation: tell them yourself."
        return self.channels.obstacle(organisation)

    def _organisation(self, entry: Entry) -> Organisation | None:
        """The organisation with the channel and recipient of then: both may have changed in the register since."""
        channel = "folder" if entry.channel == "folder" else "mail-notice"
        then = {"channel": channel, "recipients": entry.recipient}
        organisation = self.register.organisation(entry.organisation_id)
        return organisation.model_copy(update=then) if organisation else None

    def _consignment(self, organisation: Organisation, entry: Entry) -> Consignment:
        key = replace(entry.key, kind="withdrawal")
        parcel = Parcel(
            recipient=entry.recipient,
            letter=letter(self._context(organisation)),
            folder=self.released.folder_in(self.settings.folder),
            files=(),
            message_id=message_id(key, self.released.version),
        )
        told = delivery_ledger.by_key(self.deliveries.of(key.period, key.organisation_id)).get(key)
        return Consignment(
            key=key,
            version=self.released.version,
            channel=self.channels.of(organisation),
            parcel=parcel,
            # The same files may have been delivered as another version, which was withdrawn before.
            is_again=entry.organisation_id in self.again
            or (told is not None and told.version != self.released.version),
        )

    def _context(self, organisation: Organisation) -> LetterContext:
        return LetterContext(
            kind="withdrawal",
            channel=organisation.channel,
            language=organisation.language,
            organisation=organisation.name,
            period=self.released.period,
            version=self.released.version,
            programme=self.settings.name,
            contact=self.settings.contact,
            reason=self.released.withdrawn_because,
        )
