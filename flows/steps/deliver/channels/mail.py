"""The mail channels: a notice without figures, the report attached, or the report attached and encrypted."""

import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from pathlib import Path
from typing import Literal

from flows.steps.deliver.channels.channel import DeliveryFailed, Parcel

MailKind = Literal["mail-notice", "mail-attachment", "mail-encrypted"]
# Any server takes seven-bit mails.
_POLICY = SMTP.clone(cte_type="7bit")
_TYPES = {
    ".pdf": ("application", "pdf"),
    ".xlsx": ("application", "vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ".csv": ("text", "csv"),
}


@dataclass(frozen=True, kw_only=True)
class MailChannel:
    """Composes a mail and gives it to `transport`, which sends it, or writes it to a file in a dry run.

    `password` opens encrypted PDFs; it is agreed with the organisation elsewhere and is in no mail.
    """

    kind: MailKind
    sender: str
    now: datetime
    transport: Callable[[EmailMessage], str]
    password: str = ""

    def send(self, parcel: Parcel) -> str:
        """Send one mail to one recipient; return the server's answer.

        Raises:
            DeliveryFailed: the mail could not be made, or the server refused it.
            DeliveryUnknown: the server may have taken it.
        """
        try:
            message = self.compose(parcel)
        # Whatever is wrong with one report's files may not stop the other deliveries.
        except Exception as problem:  # noqa: BLE001
            raise DeliveryFailed(f"the mail could not be made ({type(problem).__name__})") from None
        return self.transport(message)

    def compose(self, parcel: Parcel) -> EmailMessage:
        """The mail: text and HTML, and the attachments of its kind."""
        letter = parcel.letter
        message = plain_mail(self.sender, parcel.recipient, letter.subject, letter.text, self.now, parcel.message_id)
        message.add_alternative(letter.html, subtype="html")
        if self.kind != "mail-notice":
            for name in parcel.files:
                self._attach(message, parcel.folder / name)
        return message

    def _attach(self, message: EmailMessage, path: Path) -> None:
        content = path.read_bytes()
        if self.kind == "mail-encrypted":
            # Workbooks and tables cannot be encrypted in the same way, so they are not sent.
            if path.suffix != ".pdf":
                return
            content = encrypted(content, self.password)
        main, sub = _TYPES[path.suffix]
        message.add_attachment(content, maintype=main, subtype=sub, filename=path.name)


def plain_mail(sender: str, recipient: str, subject: str, text: str, now: datetime, message_id: str) -> EmailMessage:
    """A mail of text alone, as every mail of ours begins."""
    message = EmailMessage(policy=_POLICY)
    message["From"] = sender
    message["To"] = recipient
    message["Subject"] = subject
    message["Date"] = format_datetime(now)
    message["Message-ID"] = message_id
    # Absence notices are not sent in reply (RFC 3834).
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(text)
    return message


def encrypted(pdf: bytes, password: str) -> bytes:
    """A PDF that only a password opens (AES-256); its tags stay, so that screen readers can read it."""
    import pikepdf

    target = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as document:
        allowed = pikepdf.Permissions(accessibility=True)
        document.save(target, encryption=pikepdf.Encryption(owner=password, user=password, R=6, allow=allowed))
    return target.getvalue()
