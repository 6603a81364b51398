"""The interface of a channel."""

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from flows.foundation.contracts import Letter


class DeliveryFailed(Exception):
    """Nothing was delivered: the receiver refused, or could not be reached; `str()` holds the reason."""


class DeliveryUnknown(Exception):
    """The connection broke after everything was sent and before the receiver answered."""


@dataclass(frozen=True, kw_only=True)
class Parcel:
    """What one recipient receives: a letter, and files of a release, named relative to `folder`."""

    recipient: str
    letter: Letter
    folder: Path
    files: tuple[str, ...]
    message_id: str


class Channel(Protocol):
    """A way to an organisation."""

    def send(self, parcel: Parcel) -> str:
        """Deliver everything; return the receiver's answer, or where the files are.

        Raises:
            DeliveryFailed: nothing was delivered.
            DeliveryUnknown: it cannot be known whether it was delivered.
        """
        ...
