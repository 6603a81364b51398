"""Pseudonyms of respondents: HMAC-SHA-256 with the programme's key, applied before anything reaches a table."""

import hmac
import unicodedata
from dataclasses import dataclass


@dataclass(frozen=True)
class PseudonymKeys:
    """The current pseudonym key, and retired keys, which are used only to recognise erased people."""

    current: bytes
    retired: tuple[bytes, ...] = ()

    @property
    def every(self) -> tuple[bytes, ...]:
        """All keys, the current one first."""
        return (self.current, *self.retired)

    @property
    def disclosure_record(self) -> bytes:
        """The key for hashes in the disclosure record: the programme's first one, so that they survive a rotation."""
        return self.every[-1]


def pseudonym(key: bytes, *parts: str) -> str:
    """The pseudonym of a person: 32 hexadecimal digits that cannot be computed without the key.

    Case, surrounding spaces and Unicode form are ignored, because people type their address in different ways.
    """
    normal = "\x1f".join(unicodedata.normalize("NFKC", part).strip().casefold() for part in parts)
    return hmac.digest(key, normal.encode(), "sha256").hex()[:32]
