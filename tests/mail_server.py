"""A real SMTP server on the loopback interface that behaves as a test says."""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


@dataclass
class MailServer:
    """The mails that the server took, and what it answers next: ok when the list is used up.

    An answer is a reply such as "451 later"; `drop` closes the connection without one; `drop-inside` closes it while
    the mail is still coming; `stall` never answers; `taken` keeps the mail and closes the connection without a reply.
    """

    host: str = "127.0.0.1"
    port: int = 0
    mails: list[EmailMessage] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)
    refused_recipients: Sequence[str] = ()

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in self.refused_recipients:
            return "550 5.1.1 no such mailbox"
        if self.answers and self.answers[0] == "drop-inside":
            self.answers.pop(0)
            asyncio.get_running_loop().call_later(0.05, server.transport.abort)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        answer = self.answers.pop(0) if self.answers else "250 taken"
        if answer.startswith("250") or answer == "taken":
            self.mails.append(message_from_bytes(envelope.content, policy=policy.default))
            self.recipients += envelope.rcpt_tos
        if answer in ("drop", "taken"):
            server.transport.abort()
            await asyncio.sleep(0)
            return "250 never sent"
        if answer == "stall":
            await asyncio.sleep(3600)
        return answer


class _OnFreePort(Controller):
    """aiosmtpd tries the port that it was given, which is 0 for any free one."""

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@contextmanager
def running(**behaviour) -> Iterator[MailServer]:
    """A server on a free port."""
    server = MailServer(**behaviour)
    controller = _OnFreePort(server, hostname=server.host, port=0, ready_timeout=600)
    controller.start()
    server.port = controller.port
    try:
        yield server
    finally:
        controller.stop(no_assert=True)
