"""The outcome of deliver, the letter that goes with a delivery, and the text of a reminder."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from flows.foundation.exit_codes import ExitCode

DeliveryOutcome = Literal["delivered", "failed", "unknown", "already", "obstacle"]


@dataclass(frozen=True, kw_only=True)
class Letter:
    """The message for an organisation: a subject, and the same text as plain text and as HTML."""

    subject: str
    text: str
    html: str


@dataclass(frozen=True, kw_only=True)
class Delivered:
    """The outcome of one delivery; `obstacle`: it was not begun, and `answer` says why and what to do.

    `recipient` is shown to the steward only. `answer` is the receiver's answer, or where the files are.
    """

    organisation_id: str
    channel: str
    recipient: str
    outcome: DeliveryOutcome
    answer: str = ""
    period: str = ""


@dataclass(frozen=True, kw_only=True)
class ReminderText:
    """The reminder for one collective, in the language of its organisation."""

    collective_id: str
    organisation_id: str
    language: str
    subject: str
    text: str


def exit_code_of(delivered: Sequence[Delivered]) -> ExitCode:
    """5 unless everything was delivered, now or before."""
    is_complete = all(entry.outcome in ("delivered", "already") for entry in delivered)
    return ExitCode.OK if is_complete else ExitCode.DELIVERY_INCOMPLETE
