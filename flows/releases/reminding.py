"""Reminds organisations of answers that are missing: a text per collective to copy, or one mail per month.

A reminder says what is missing, never how many answers came, and it names no member.
"""

import hashlib
import shutil
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from flows.foundation.atomic_files import replaced
from flows.foundation.contracts import Delivered, Letter, ReminderText, Standing
from flows.foundation.progress import ProgressCallback, no_progress
from flows.programme.folder import ProgrammeFolder
from flows.programme.period import Period
from flows.programme.register import Register
from flows.programme.register_rows import Organisation
from flows.programme.settings import Settings
from flows.releases.delivering import message_id
from flows.releases.organisation_channels import OrganisationChannels, over_smtp
from flows.steps import deliver as deliver_stage
from flows.steps.deliver import Consignment, delivery_ledger
from flows.steps.deliver.channels import Parcel
from flows.steps.deliver.delivery_ledger import Deliveries, DeliveryKey
from flows.steps.render.letters import ReminderContext, reminder

_CHANNEL = "mail-notice"
# A reminder belongs to no version of a release; those begin with 1.
_NO_VERSION = 0


@dataclass(frozen=True)
class Reminders:
    """What is missing in a month: the collectives that are not published in full."""

    settings: Settings
    register: Register
    period: Period
    missing: tuple[Standing, ...]

    def texts(self) -> tuple[ReminderText, ...]:
        """A text for each collective."""
        return tuple(
            ReminderText(
                collective_id=standing.collective_id,
                organisation_id=organisation.organisation_id,
                language=organisation.language,
                subject=letter.subject,
                text=letter.text,
            )
            for organisation, standings in self._by_organisation()
            for standing in standings
            for letter in [self._letter(organisation, [standing])]
        )

    def obstacles(self, channels: OrganisationChannels) -> tuple[Delivered, ...]:
        """The organisations with an address, or with a channel that needs one, to which no mail can be sent."""
        return tuple(
            Delivered(
                organisation_id=organisation.organisation_id,
                channel=_CHANNEL,
                recipient="",
                outcome="obstacle",
                answer=obstacle,
            )
            for organisation in self._mailed()
            if (obstacle := channels.obstacle(organisation))
        )

    def consignments(self, channels: OrganisationChannels, deliveries: Deliveries) -> Iterator[Consignment]:
        """One mail per organisation and recipient, with all its collectives."""
        letters = {
            organisation.organisation_id: self._letter(organisation, standings)
            for organisation, standings in self._by_organisation()
        }
        for organisation in self._mailed():
            if channels.obstacle(organisation):
                continue
            for recipient in organisation.addresses:
                letter = letters[organisation.organisation_id]
                key = _key(deliveries, self.period, organisation, recipient, letter)
                parcel = Parcel(
                    recipient=recipient,
                    letter=letter,
                    folder=self.settings.folder.preflight,
                    files=(),
                    message_id=message_id(key, _NO_VERSION),
                )
                yield Consignment(key=key, version=_NO_VERSION, channel=channels.of(organisation), parcel=parcel)

    def _mailed(self) -> Iterator[Organisation]:
        """The organisations to mail, as if their channel were a notice; one that receives in a folder needs none."""
        for organisation, _ in self._by_organisation():
            if organisation.addresses or organisation.channel != "folder":
                yield organisation.model_copy(update={"channel": _CHANNEL})

    def _by_organisation(self) -> Iterator[tuple[Organisation, list[Standing]]]:
        missing: dict[str, list[Standing]] = defaultdict(list)
        for entry in self.missing:
            missing[entry.organisation_id].append(entry)
        for organisation in self.register.organisations:
            if own := missing.get(organisation.organisation_id):
                yield organisation, own

    def _letter(self, organisation: Organisation, standings: Sequence[Standing]) -> Letter:
        return reminder(
            ReminderContext(
                language=organisation.language,
                organisation=organisation.name,
                period=str(self.period),
                last_day=self.period.last_day,
                programme=self.settings.name,
                contact=self.settings.contact,
                collectives=standings,
            )
        )


def write_texts(folder: ProgrammeFolder, period: Period, texts: Sequence[ReminderText]) -> None:
    """Write each text into `private/preflight`, in place of those of the pre-flight before."""
    shutil.rmtree(folder.preflight, ignore_errors=True)
    target = folder.preflight / str(period)
    target.mkdir(mode=0o700, parents=True)
    folder.preflight.chmod(0o700)
    for text in texts:
        with replaced(target / f"{text.collective_id}.txt") as file:
            file.write(f"{text.subject}\n\n{text.text}")


def mail(reminders: Reminders, progress: ProgressCallback = no_progress) -> tuple[Delivered, ...]:
    """Mail each organisation once in a month what is missing; the caller holds the programme's lock.

    Raises:
        UserError: the ledger cannot be used.
    """
    settings = reminders.settings
    channels = OrganisationChannels(settings=settings, transport=over_smtp(settings), now=settings.now())
    with delivery_ledger.opened(settings.folder.deliveries) as ledger:
        consignments = tuple(reminders.consignments(channels, Deliveries(ledger.entries())))
        delivered = deliver_stage.deliver(consignments, ledger, settings.now, progress)
    return (*reminders.obstacles(channels), *delivered)


def _key(
    deliveries: Deliveries, period: Period, organisation: Organisation, recipient: str, letter: Letter
) -> DeliveryKey:
    """The key of a reminder: that of the one this month which arrived or may have, so that there is no second."""
    fresh = DeliveryKey(
        period=str(period),
        organisation_id=organisation.organisation_id,
        channel=_CHANNEL,
        recipient=recipient,
        sha256=hashlib.sha256(f"{letter.subject}\n\n{letter.text}".encode()).hexdigest(),
        kind="reminder",
    )
    sent = (
        entry.key
        for entry in deliveries.of(fresh.period, fresh.organisation_id)
        if (entry.recipient, entry.kind) == (fresh.recipient, fresh.kind) and entry.state != "failed"
    )
    return next(sent, fresh)
