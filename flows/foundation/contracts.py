"""What passes between stages: paths, ids and counts, frozen; never answers, never data frames."""

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Literal


@dataclass(frozen=True)
class Unread:
    """A file that was not read: what is wrong with it and what the steward can do; `is_kept` when an earlier run
    landed it and the inbox holds it no more.
    """

    file_name: str
    reason: str
    advice: str
    values: dict[str, object] = field(default_factory=dict)
    is_kept: bool = False

    @property
    def sentence(self) -> str:
        """Both in English, for the command line."""
        return f"{self.reason % self.values} {self.advice % self.values}"


@dataclass(frozen=True)
class Export:
    """An export whose rows lie in `raw`: its landed file and how many responses it holds."""

    sha256: str
    file_name: str
    source: str
    rows: int
    is_new: bool
    other_sheets: tuple[str, ...] = ()


@dataclass(frozen=True)
class Ingested:
    """The outcome of ingest; `skipped` names what lies in the inbox and is no export, or not finished."""

    exports: tuple[Export, ...] = ()
    unread: tuple[Unread, ...] = ()
    skipped: tuple[str, ...] = ()


@dataclass(frozen=True)
class FailedCheck:
    """A check that did not hold: critical ones hold the file or stop the run, warnings are told."""

    check: str
    severity: str
    mender: str


@dataclass(frozen=True)
class Troubled:
    """Answers to one item that the source does not know: how many, and the first rows in which they stand."""

    item: str
    count: int
    rows: tuple[int, ...]


@dataclass(frozen=True)
class ChangedQuestion:
    """An item that a form asks in other words than its export before did."""

    item: str
    before: str
    now: str


@dataclass(frozen=True)
class TwinColumn:
    """A column that no source names and that seems to ask an item anew, with the line that takes it in."""

    item: str
    twin: str
    answers: int
    line: str


@dataclass(frozen=True)
class FadingItem:
    """An item that nobody answered any more after a day, or nobody before it."""

    item: str
    is_empty_after: bool
    turned_on: date


@dataclass(frozen=True)
class FileQuality:
    """What became of the responses of one export."""

    file_name: str
    source: str
    verdict: str
    received_on: date
    is_new: bool
    accepted: int
    held: int
    refused: int
    replaced: int
    reasons: dict[str, int]
    failed_checks: tuple[FailedCheck, ...]
    unknown_answers: tuple[Troubled, ...]
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


@dataclass(frozen=True)
class Waiting:
    """Answers that wait for the owner's decision: late, spam or vanished; of one source and month (empty: no date)."""

    kind: str
    source: str
    month: str
    count: int


@dataclass(frozen=True)
class HeldCollective:
    """A collective whose answers are held, because they seem to be those of another."""

    name: str
    members: int | None
    answers: int
    reason: str


@dataclass(frozen=True)
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


@dataclass(frozen=True)
class WeakScale:
    """A scale whose questions hang together less well than they should; withheld when it is below the threshold."""

    label: str
    alpha: float
    withheld: bool


@dataclass(frozen=True)
class Typology:
    """The frozen profiles: found in which month and in how many respondents, and how much they owe to chance.

    `silhouette` from -1 to 1, `stability` the adjusted Rand index over bootstraps, at most 1. Not `in_use` when they
    are of other motives or another instrument than this month's.
    """

    version: int
    profiles: int
    fitted_on: str
    respondents: int
    silhouette: float
    stability: float
    is_stable: bool
    in_use: bool


@dataclass(frozen=True, kw_only=True)
class Standing:
    """What is told of a collective and what it would take to tell more, as disclosure.standings has it."""

    name: str
    organisation_id: str
    state: str
    figures_of: str | None
    answers_short: int | None
    counted_as: str | None


@dataclass(frozen=True)
class Computed:
    """The outcome of compute: rows in each published table, how many levels are withheld, what measures badly."""

    rows: dict[str, int]
    withheld: int
    organisations: tuple[str, ...]
    weak_scales: tuple[WeakScale, ...]
    typology: Typology | None = None
    standings: tuple[Standing, ...] = ()


@dataclass(frozen=True)
class Attachment:
    """A file beside a report: its figures as a workbook or table, or the leaflet of a collective."""

    kind: Literal["workbook", "table", "leaflet"]
    file: str
    sha256: str


@dataclass(frozen=True)
class Report:
    """One organisation's report with the files beside it: rendered, or failed with a reason."""

    organisation_id: str
    language: str
    file: str = ""
    sha256: str = ""
    pages: int = 0
    failed_because: str = ""
    attachments: tuple[Attachment, ...] = ()

    @property
    def status(self) -> str:
        """What the manifest says of it."""
        return "failed" if self.failed_because else "ready"


@dataclass(frozen=True)
class Finding:
    """A set of few people of which too much follows since a release: of which figure, how many, and in which groups."""

    figure: str
    key: str
    people: int
    units: tuple[str, ...]
    release: str


@dataclass(frozen=True)
class Audit:
    """The attack on releases: which, with how many figures of groups in which few can be named, and what it found."""

    releases: tuple[str, ...] = ()
    figures: int = 0
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True)
class Release:
    """What one run published for one period."""

    period: str
    version: int
    folder: Path
    reports: tuple[Report, ...]
    is_new: bool = True


@dataclass(frozen=True)
class RunOutcome:
    """What a run came to, for the command line and the run record."""

    run_id: str
    period: str
    exit_code: int
    message: str
    ingested: Ingested = Ingested()
    validated: Validated = Validated()
    release: Release | None = None
    quality_page: Path | None = None

    @property
    def counts(self) -> dict[str, int]:
        """What the record of a run keeps of it."""
        return {
            "accepted": self.validated.accepted,
            "held": self.validated.held,
            "refused": self.validated.refused,
            "held_files": self.validated.held_files,
            "reports": len(self.release.reports) if self.release else 0,
        }
