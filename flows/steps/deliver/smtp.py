"""Hands a mail to an SMTP server, and separates refusals, temporary failures, and unknown outcomes."""

import re
import smtplib
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import EmailMessage
from typing import Literal

from flows.steps.deliver.channels.channel import DeliveryFailed, DeliveryUnknown

Security = Literal["starttls", "tls", "none"]
# A server that is busy, or that delays unknown senders, accepts the mail within minutes.
_PAUSES_SECONDS = (5.0, 30.0, 120.0)
_TIMEOUT_SECONDS = 60.0
_OK = (250, 251)
_SEND_DATA = 354
_TAKEN = range(200, 300)
_REFUSED = range(400, 600)
_TEMPORARY = range(400, 500)
# smtplib's code for a connection that broke.
_BROKEN = -1


@dataclass(frozen=True, kw_only=True)
class MailServer:
    """The server that takes mails, and the login; the password comes from the environment. `timeout` is in seconds."""

    host: str
    port: int
    security: Security = "starttls"
    user: str = ""
    password: str = ""
    timeout: float = _TIMEOUT_SECONDS


class _TryAgain(Exception):
    """A temporary refusal (4xx), or a connection that broke before the whole mail was sent."""


class _NoConnection(_TryAgain):
    """The server could not be reached, or broke the connection before the whole mail was sent."""


class Sender:
    """Sends mails to one server, each to its one recipient.

    After a temporary refusal or a broken connection a mail is tried again, after 5, 30 and 120 seconds. Where that gave
    no connection to the end, later mails are tried once, so that a server that is down does not hold up a programme for
    minutes per recipient.
    """

    def __init__(self, server: MailServer, wait: Callable[[float], None] = time.sleep) -> None:
        self._server, self._wait = server, wait
        self._pauses: tuple[float, ...] = _PAUSES_SECONDS

    def send(self, message: EmailMessage) -> str:
        """Send a mail and return the server's answer.

        Raises:
            DeliveryFailed: the server refused for good (5xx), or each time for now.
            DeliveryUnknown: the connection broke after the whole mail was sent and before the answer.
        """
        for pause in self._pauses:
            try:
                return _send_once(self._server, message)
            except _TryAgain:
                self._wait(pause)
        try:
            answer = _send_once(self._server, message)
        except _TryAgain as problem:
            self._pauses = () if isinstance(problem, _NoConnection) else _PAUSES_SECONDS
            raise DeliveryFailed(str(problem)) from None
        self._pauses = _PAUSES_SECONDS
        return answer


def _send_once(server: MailServer, message: EmailMessage) -> str:
    with _reasons(server), _session(server) as session:
        _expect(session.mail(message["From"].addresses[0].addr_spec), _OK)
        _expect(session.rcpt(message["To"].addresses[0].addr_spec), _OK)
        _expect(session.docmd("DATA"), (_SEND_DATA,))
        session.send(_dotted(message.as_bytes(policy=message.policy.clone(linesep="\r\n"))) + b"\r\n.\r\n")
        try:
            answer = session.getreply()
        except (OSError, smtplib.SMTPException):
            raise DeliveryUnknown(f"{server.host} did not answer after the whole mail was sent") from None
        return _after_the_mail(server, *answer)


def _after_the_mail(server: MailServer, code: int, text: bytes) -> str:
    """The text of a server's last answer; one that says neither yes nor no leaves open whether it took the mail."""
    if code in _TAKEN:
        return f"{code} {text.decode('utf-8', 'replace')}"
    if code in _REFUSED:
        raise _of_reply(code, text)
    raise DeliveryUnknown(f"{server.host} gave an answer after the whole mail that says neither yes nor no")


def _dotted(content: bytes) -> bytes:
    """A mail as DATA takes it: a dot at the start of a line is doubled (RFC 5321, section 4.5.2)."""
    return re.sub(rb"(?m)^\.", b"..", content.rstrip(b"\r\n"))


@contextmanager
def _session(server: MailServer) -> Iterator[smtplib.SMTP]:
    """A connection with TLS and login as the settings require."""
    if server.security == "tls":
        context = ssl.create_default_context()
        session: smtplib.SMTP = smtplib.SMTP_SSL(server.host, server.port, timeout=server.timeout, context=context)
    else:
        session = smtplib.SMTP(server.host, server.port, timeout=server.timeout)
    try:
        if server.security == "starttls":
            session.starttls(context=ssl.create_default_context())
        session.ehlo_or_helo_if_needed()
        if server.user:
            session.login(server.user, server.password)
        yield session
    finally:
        # Without QUIT: its answer would be waited for, and says nothing about the mail.
        session.close()


@contextmanager
def _reasons(server: MailServer) -> Iterator[None]:
    """Turn every failure of a session into a refusal for good or for now, with a reason that a steward can read."""
    try:
        yield
    except ssl.SSLCertVerificationError:
        raise DeliveryFailed(f"the certificate of {server.host} is not valid for it") from None
    except smtplib.SMTPAuthenticationError as problem:
        raise DeliveryFailed(f"{server.host} refuses the login ({problem.smtp_code})") from None
    except smtplib.SMTPNotSupportedError:
        raise DeliveryFailed(f"{server.host} does not offer STARTTLS or the login that the settings require") from None
    except smtplib.SMTPResponseException as problem:
        raise _of_reply(problem.smtp_code, problem.smtp_error) from None
    except UnicodeError:
        raise DeliveryFailed(
            f"{server.host} cannot be told this address, user or password: it has letters that are not plain"
        ) from None
    except (OSError, smtplib.SMTPException) as problem:
        raise _NoConnection(
            f"{server.host} cannot be reached, or broke the connection ({type(problem).__name__})"
        ) from None


def _expect(reply: tuple[int, bytes], wanted: tuple[int, ...]) -> str:
    """The text of a reply that has one of the wanted codes."""
    code, text = reply
    if code not in wanted:
        raise _of_reply(code, text)
    return f"{code} {text.decode('utf-8', 'replace')}"


def _of_reply(code: int, text: bytes | str) -> Exception:
    words = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    reply = f"{code} {words}"
    return _TryAgain(reply) if code in _TEMPORARY or code == _BROKEN else DeliveryFailed(reply)
