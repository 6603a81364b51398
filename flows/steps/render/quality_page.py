"""The steward's page: what was accepted, held and refused, why, and what to do. Counts and row numbers only."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from flows.foundation.atomic_files import replaced
from flows.foundation.contracts import (
    Audit,
    Computed,
    FailedCheck,
    FailedReport,
    FileQuality,
    Report,
    Standing,
    Typology,
    Validated,
    WeakScale,
)
from flows.programme.policy import FILE_COUNTS_IN, FULL_FROM
from flows.steps.render.templates import environment
from flows.steps.render.undrawn_names import UndrawnName


@dataclass(frozen=True)
class QualityPage:
    """Everything on the page of one run."""

    period: str
    software: str
    validated: Validated
    computed: Computed | None = None
    reports: tuple[Report, ...] = ()
    audit: Audit | None = None
    undrawn_names: tuple[UndrawnName, ...] = ()
    # Outside private/ counts are rounded to tens (disclosure rule 9).
    is_private: bool = True
    # A programme may raise it (disclosure rule 1).
    full_from: int = FULL_FROM

    def count(self, number: int) -> int:
        """A number of answers, rounded where the page is not private."""
        return number if self.is_private else round(number / FILE_COUNTS_IN) * FILE_COUNTS_IN

    @property
    def not_in_full(self) -> tuple[Standing, ...]:
        """The collectives that are not published in full."""
        standings = self.computed.standings if self.computed else ()
        return tuple(entry for entry in standings if entry.state != "full")

    @property
    def weak_scales(self) -> tuple[WeakScale, ...]:
        """Scales with a low internal consistency."""
        return self.computed.weak_scales if self.computed else ()

    @property
    def typology(self) -> Typology | None:
        """The frozen profiles, where there are some."""
        return self.computed.typology if self.computed else None

    @property
    def held(self) -> tuple[FileQuality, ...]:
        """Files that were read but are held by a check."""
        return tuple(file for file in self.validated.files if file.verdict == "held")

    @property
    def warned(self) -> tuple[FileQuality, ...]:
        """Files with something to report, unless newer exports wholly replace them."""
        return tuple(file for file in self.validated.files if file.failed_checks and not file.is_superseded)

    @property
    def current(self) -> tuple[FileQuality, ...]:
        """Files that are not wholly replaced by newer exports."""
        return tuple(file for file in self.validated.files if not file.is_superseded)

    @property
    def changed(self) -> tuple[FileQuality, ...]:
        """Files in which a question has other words than in the previous export."""
        return tuple(file for file in self.current if file.changed_questions)

    @property
    def in_two_columns(self) -> tuple[FileQuality, ...]:
        """Files in which a question may be in two columns."""
        return tuple(file for file in self.current if file.twin_columns or file.fading_items)

    @property
    def superseded(self) -> int:
        """The number of files that newer exports wholly replace."""
        return len(self.validated.files) - len(self.current)

    @property
    def failed_reports(self) -> tuple[Report, ...]:
        """Reports that could not be made."""
        return tuple(report for report in self.reports if isinstance(report, FailedReport))

    @property
    def verdict(self) -> str:
        """The page in one word: stopped, unread (nothing could be read at all), attention or fine."""
        if self.validated.stops_the_run:
            return "stopped"
        if self.validated.unread and not self.validated.files:
            return "unread"
        troubled = self.validated.unread or self.held or self.validated.failed_checks or self.failed_reports
        warned = any(check.severity == "warning" for file in self.warned for check in file.failed_checks)
        return "attention" if troubled or warned or self.weak_scales or self.undrawn_names else "fine"


def problems(checks: Sequence[FailedCheck], language: str) -> str:
    """The meaning of failed checks, in the words of the page."""
    words = environment(language).get_template("explanations.html").module
    return " ".join(str(words.problem(check.check)).strip() for check in checks)  # type: ignore[attr-defined]


def standing_in_words(standing: Standing, full_from: int, language: str) -> str:
    """What is published of a collective, and why not more, in the words of the page."""
    words = environment(language).get_template("explanations.html").module
    return str(words.standing_words(standing, full_from)).strip()  # type: ignore[attr-defined]


def write_quality_page(path: Path, page: QualityPage, language: str) -> Path:
    """Write the page as one HTML file that loads nothing from elsewhere."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with replaced(path, mode=None) as file:
        file.write(environment(language).get_template("quality.html").render(page=page))
    return path
