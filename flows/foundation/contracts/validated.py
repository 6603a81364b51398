"""The outcome of validate: files, answers that wait, and checks that failed."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from flows.foundation.contracts.ingested import Unread

# Critical checks hold the file or stop the run; warnings are only reported.
Severity = Literal["critical", "warning"]
FileVerdict = Literal["accepted", "held"]
# Why an answer waits for a decision.
DecisionKind = Literal["late", "spam", "vanished", "unknown"]


@dataclass(frozen=True, kw_only=True)
class FailedCheck:
    """A failed check: critical ones hold the file or stop the run, warnings are only reported."""

    check: str
    severity: Severity
    owner: str


@dataclass(frozen=True, kw_only=True)
class UnknownAnswers:
    """Answers to one item that are unknown to the source: their number, and the first rows with them."""

    item: str
    count: int
    rows: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class ChangedQuestion:
    """An item with another wording than in the previous export of its form."""

    item: str
    before: str
    now: str


@dataclass(frozen=True, kw_only=True)
class TwinColumn:
    """A column that no source names and that seems to repeat an item, with the source line that would include it."""

    item: str
    twin: str
    answers: int
    line: str


@dataclass(frozen=True, kw_only=True)
class FadingItem:
    """An item without answers after a certain day, or before it."""

    item: str
    is_empty_after: bool
    turned_on: date


@dataclass(frozen=True, kw_only=True)
class FileQuality:
    """The outcome for the responses of one export."""

    file_name: str
    source: str
    verdict: FileVerdict
    received_on: date
    is_new: bool
    accepted: int
    held: int
    refused: int
    replaced: int
    reasons: dict[str, int]
    failed_checks: tuple[FailedCheck, ...]
    unknown_answers: tuple[UnknownAnswers, ...]
    changed_questions: tuple[ChangedQuestion, ...] = ()
    twin_columns: tuple[TwinColumn, ...] = ()
    fading_items: tuple[FadingItem, ...] = ()

    @property
    def rows(self) -> int:
        """Responses in the file."""
        return self.accepted + self.held + self.refused + self.replaced

    @property
    def is_superseded(self) -> bool:
        """Whether newer exports replace all of its responses."""
        return self.replaced == self.rows and self.verdict == "accepted"


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """Answers that wait for the owner's decision, by kind, source and month (empty: no date)."""

    kind: DecisionKind
    source: str
    month: str
    count: int


@dataclass(frozen=True, kw_only=True)
class HeldCollective:
    """A collective whose answers are held, because they seem to belong to another."""

    name: str
    members: int | None
    answers: int
    reason: Literal["more_than_members", "members_of_another"]


@dataclass(frozen=True, kw_only=True)
class Validated:
    """The outcome of validate: every file, and the failed checks over all accepted responses."""

    files: tuple[FileQuality, ...] = ()
    unread: tuple[Unread, ...] = ()
    failed_checks: tuple[FailedCheck, ...] = ()
    waiting: tuple[Waiting, ...] = ()
    held_collectives: tuple[HeldCollective, ...] = ()

    @property
    def accepted(self) -> int:
        """Responses that count this period."""
        return sum(file.accepted for file in self.files)

    @property
    def held(self) -> int:
        """Responses that do not count yet: their file, their collective or they themselves are held."""
        return sum(file.held for file in self.files)

    @property
    def refused(self) -> int:
        """Responses that do not count."""
        return sum(file.refused for file in self.files)

    @property
    def outside_window(self) -> int:
        """Refused responses of other months: nothing is wrong with them."""
        return sum(file.reasons.get("outside_window", 0) for file in self.files)

    @property
    def held_files(self) -> int:
        """Files that were not read, or held as a whole."""
        return len(self.unread) + sum(file.verdict == "held" for file in self.files)

    @property
    def stops_the_run(self) -> bool:
        """Whether a critical check over all accepted responses failed."""
        return any(check.severity == "critical" for check in self.failed_checks)
