"""What a pre-flight found. Its counts may be below ten: for the steward's terminal and `private/` only."""

from dataclasses import dataclass
from datetime import date

from flows.foundation.contracts import Delivered, ReminderText


@dataclass(frozen=True, kw_only=True)
class ShortCollective:
    """A collective that would not be published in full: its state in words, and what more takes."""

    collective_id: str
    organisation_id: str
    name: str
    state: str
    in_words: str
    answers_short: int | None
    takes: str


@dataclass(frozen=True, kw_only=True)
class HeldFile:
    """A file that would not count, and why in one line."""

    file_name: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class SilentSource:
    """A source without an export since the month began; `newest_on` is the day on which its newest one came."""

    source: str
    newest_on: date | None


@dataclass(frozen=True, kw_only=True)
class EndingRow:
    """A row of the register that ends; `is_followed` when the collective has a later row."""

    collective_id: str
    organisation_id: str
    name: str
    valid_until: date
    is_followed: bool


@dataclass(frozen=True, kw_only=True)
class Preflight:
    """What a run of the month would lack. `stopped_because` says why there would be no release at all."""

    period: str
    last_day: date
    has_ended: bool
    collectives: int
    stopped_because: str
    not_in_full: tuple[ShortCollective, ...]
    held: tuple[HeldFile, ...]
    waiting: int
    silent_sources: tuple[SilentSource, ...]
    ending_rows: tuple[EndingRow, ...]
    without_address: tuple[str, ...]
    public: tuple[str, ...]
    texts: tuple[ReminderText, ...]
    reminders_are_on: bool
    mailed: tuple[Delivered, ...] = ()
