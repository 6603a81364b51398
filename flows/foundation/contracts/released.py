"""The outcome of publish, of the audit, and of a run as a whole."""

from dataclasses import dataclass, field
from pathlib import Path

from flows.foundation.contracts.delivered import Delivered
from flows.foundation.contracts.ingested import Ingested
from flows.foundation.contracts.rendered import FailedReport, Report
from flows.foundation.contracts.validated import Validated


@dataclass(frozen=True, kw_only=True)
class AuditFinding:
    """A set of few people whose values a release narrows too far: the figure, their number, and their groups."""

    figure: str
    key: str
    people: int
    units: tuple[str, ...]
    release: str


@dataclass(frozen=True, kw_only=True)
class Audit:
    """The outcome of an attack: the releases, the number of figures of groups with small sets, and the findings."""

    releases: tuple[str, ...] = ()
    figures: int = 0
    findings: tuple[AuditFinding, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Release:
    """What one run published for one period."""

    period: str
    version: int
    folder: Path
    reports: tuple[Report, ...]
    is_new: bool = True

    @property
    def failed(self) -> tuple[FailedReport, ...]:
        """The reports that could not be made."""
        return tuple(report for report in self.reports if isinstance(report, FailedReport))


@dataclass(frozen=True, kw_only=True)
class RunOutcome:
    """The outcome of a run, for the command line and the run record."""

    run_id: str
    period: str
    exit_code: int
    message: str
    ingested: Ingested = field(default_factory=Ingested)
    validated: Validated = field(default_factory=Validated)
    release: Release | None = None
    quality_page: Path | None = None
    delivered: tuple[Delivered, ...] = ()

    @property
    def counts(self) -> dict[str, int]:
        """The counts in the record of a run."""
        return {
            "accepted": self.validated.accepted,
            "held": self.validated.held,
            "refused": self.validated.refused - self.validated.outside_window,
            "outside_window": self.validated.outside_window,
            "held_files": self.validated.held_files,
            "waiting": sum(entry.count for entry in self.validated.waiting),
            "reports": len(self.release.reports) if self.release else 0,
        }
