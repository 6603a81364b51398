"""Respondents become pseudonyms before they reach any table: HMAC-SHA-256 with the programme's key."""

import hashlib
import hmac
import unicodedata
from dataclasses import dataclass


@dataclass(frozen=True)
class PseudonymKeys:
    """The key behind all pseudonyms, and retired ones, by which only those who were erased are still recognised."""

    current: bytes
    retired: tuple[bytes, ...] = ()

    @property
    def every(self) -> tuple[bytes, ...]:
        """The current one first."""
        return (self.current, *self.retired)

    @property
    def ledger(self) -> bytes:
        """The key of the contents that releases stand on: the programme's first, so that they outlive a rotation."""
        return self.every[-1]


def pseudonym(key: bytes, *parts: str) -> str:
    """The same text for the same person, which nobody can compute without the key: 32 hexadecimal digits.

    Case, spaces round it and Unicode form make no difference: people type their address in many ways.
    """
    normal = "\x1f".join(unicodedata.normalize("NFKC", part).strip().casefold() for part in parts)
    return hmac.new(key, normal.encode(), hashlib.sha256).hexdigest()[:32]
