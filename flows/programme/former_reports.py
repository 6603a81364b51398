"""The reports of a month's newest release, whose files its next version can take over."""

import os
import shutil
from dataclasses import dataclass, replace
from pathlib import Path

from flows.foundation.contracts import MadeReport
from flows.programme import approvals, manifest
from flows.programme.folder import ProgrammeFolder


@dataclass(frozen=True)
class FormerReport:
    """A report of the release before, and the folder of its files."""

    report: MadeReport
    folder: Path

    @property
    def is_intact(self) -> bool:
        """Whether its files are those that were released."""
        return approvals.are_unchanged(self.folder, self.report)

    def put_into(self, target: Path) -> MadeReport:
        """Put its files into the folder of the next version, where the report has to be approved anew.

        Without a second copy, where the disk allows that.
        """
        for name, _ in self.report.files:
            source, copy = self.folder / name, target / name
            copy.parent.mkdir(parents=True, exist_ok=True)
            try:
                os.link(source, copy)
            except OSError:
                shutil.copyfile(source, copy)
        return replace(self.report, status="ready", channel="", delivered_on="")


def former_reports(folder: ProgrammeFolder, period: str) -> tuple[FormerReport, ...]:
    """The reports of the newest release of a period that was not withdrawn; none where there is none."""
    newest = manifest.newest(folder, period)
    if newest is None:
        return ()
    reports = newest.folder_in(folder) / "reports"
    return tuple(FormerReport(report, reports) for report in newest.made_reports())
