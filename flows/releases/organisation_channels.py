"""Opens the channel of an organisation as the settings describe it, and says what is missing for it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from pathlib import Path

from flows.programme import environment
from flows.programme.register_rows import Organisation
from flows.programme.settings import SETTINGS_FILE, Settings
from flows.steps.deliver import smtp
from flows.steps.deliver.channels import Channel
from flows.steps.deliver.channels.folder import FolderChannel
from flows.steps.deliver.channels.mail import MailChannel

Transport = Callable[[EmailMessage], str]


@dataclass(frozen=True, kw_only=True)
class OrganisationChannels:
    """The channels of organisations; `transport` gives mails to a mail server, or writes them to files in a dry run."""

    settings: Settings
    transport: Transport
    now: datetime
    is_dry_run: bool = False

    def of(self, organisation: Organisation) -> Channel:
        """The channel of an organisation."""
        if organisation.channel == "folder":
            return FolderChannel()
        return MailChannel(
            kind=organisation.channel,
            sender=self.settings.delivery.sender or "nobody@example.invalid",
            now=self.now,
            transport=self.transport,
            password=environment.pdf_password(organisation.organisation_id),
        )

    def recipients(self, organisation: Organisation, period: str) -> tuple[str, ...]:
        """The recipients of an organisation in its channel: mail addresses, or folders with one folder per month."""
        if organisation.channel != "folder":
            return organisation.addresses
        default = f"{self.settings.delivery.folder}/{organisation.organisation_id}"
        return tuple(self._target(folder, period) for folder in organisation.folders or (default,))

    def obstacle(self, organisation: Organisation) -> str:
        """What is missing to deliver to an organisation, and what to do; empty if nothing is."""
        name = organisation.organisation_id
        if organisation.channel == "folder":
            return ""
        if not organisation.addresses:
            return f"The register has no recipient for {name}: add one to register/organisations.csv."
        if refused := [address for address in organisation.addresses if not self.settings.delivery.allows(address)]:
            domains = ", ".join(sorted({address.rpartition("@")[2] for address in refused}))
            return (
                f"Mail may not go to {domains}: correct the register, or add it to allowed_domains in {SETTINGS_FILE}."
            )
        if not self.settings.delivery.mail_server and not self.is_dry_run:
            return f"{SETTINGS_FILE} has no mail_server in its section [delivery]."
        if organisation.channel == "mail-encrypted" and not environment.pdf_password(name):
            return f"There is no password for {name}: set {environment.pdf_password_variable(name)}."
        return ""

    def _target(self, folder: str, period: str) -> str:
        """The folder of a month; a path without a scheme is seen from the programme folder."""
        place = folder if "://" in folder else str(self.settings.root / folder)
        return f"{place.rstrip('/')}/{period}"


def over_smtp(settings: Settings) -> Transport:
    """A transport to the mail server of the settings."""
    chosen = settings.delivery
    server = smtp.MailServer(
        host=chosen.mail_server,
        port=chosen.port,
        security=chosen.security,
        user=chosen.user,
        password=environment.smtp_password(),
    )
    return smtp.Sender(server).send


def into_files(folder: Path) -> Transport:
    """A transport that writes each mail as an .eml file, which a mail program opens."""

    def write(message: EmailMessage) -> str:
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{len(list(folder.glob('*.eml'))) + 1:04d}.eml"
        path.write_bytes(message.as_bytes())
        path.chmod(0o600)
        return str(path)

    return write
