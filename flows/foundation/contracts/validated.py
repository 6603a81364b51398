"""The outcome of validate: files, answers that wait, and checks that failed."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from flows.foundation.contracts.ingested import Unread

# Critical checks hold the file or stop the run; warnings are told.
Severity = Literal["critical", "warning"]
FileVerdict = Literal["accepted", "held"]
# Why an answer waits for a decision.
DecisionKind = Literal["late", "spam", "vanished", "unknown"]


@dataclass(frozen=True, kw_only=True)
class FailedCheck:
    """A check that did not hold: critical ones hold the file or stop the run, warnings are told."""

    check: str
    severity: Severity
    owner: str


@dataclass(frozen=True, kw_only=True)
class UnknownAnswers:
    """Answers to one item that the source does not know: how many, and the first rows in which they stand."""

    item: str
    count: int
    rows: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class ChangedQuestion:
    """An item that a form asks in other words than its export before did."""

    item: str
    before: str
    now: str


@dataclass(frozen=True, kw_only=True)
class TwinColumn:
    """A column that no source names and that seems to ask an item anew, with the line that takes it in."""

    item: str
    twin: str
    answers: int
    line: str


@dataclass(frozen=True, kw_only=True)
class FadingItem:
    """An item that nobody answered any more after a day, or nobody before it."""

    item: str
    is_empty_after: bool
    turned_on: date


@dataclass(frozen=True, kw_only=True)
class FileQuality:
    """What became of the responses of one export."""

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
        """Whether newer exports speak for all of it."""
        return self.replaced == self.rows and self.verdict == "accepted"


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """Answers that wait for the owner's decision: late, spam or vanished; of one source and month (empty: no date)."""

    kind: DecisionKind
    source: str
    month: str
    count: int


@dataclass(frozen=True, kw_only=True)
class HeldCollective:
    """A collective whose answers are held, because they seem to be those of another."""

    name: str
    members: int | None
    answers: int
    reason: Literal["more_than_members", "members_of_another"]


@dataclass(frozen=True, kw_only=True)
class Validated:
    """The outcome of validate: every file, and the checks over the accepted whole that failed."""

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
        """Responses that wait for a decision."""
        return sum(file.held for file in self.files)

    @property
    def refused(self) -> int:
        """Responses that do not count."""
        return sum(file.refused for file in self.files)

    @property
    def held_files(self) -> int:
        """Files that were not read, or held as a whole."""
        return len(self.unread) + sum(file.verdict == "held" for file in self.files)

    @property
    def stops_the_run(self) -> bool:
        """Whether a critical check over the accepted whole failed."""
        return any(check.severity == "critical" for check in self.failed_checks)
