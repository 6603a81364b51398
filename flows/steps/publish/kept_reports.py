"""The reports that a release takes over from the one before, where a run makes those of some organisations only."""

import os
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from flows.foundation.contracts import MadeReport
from flows.foundation.errors import UserError
from flows.programme import manifest
from flows.programme.folder import ProgrammeFolder


@dataclass(frozen=True)
class KeptReports:
    """Reports of the release before that are not made again, and the folder of their files."""

    reports: tuple[MadeReport, ...] = ()
    folder: Path = Path()

    def put_into(self, target: Path) -> None:
        """Put their files beside the new ones, without a second copy where the disk allows that."""
        for name, _ in (file for report in self.reports for file in report.files):
            source, copy = self.folder / name, target / name
            copy.parent.mkdir(parents=True, exist_ok=True)
            try:
                os.link(source, copy)
            except OSError:
                shutil.copyfile(source, copy)


def kept_reports(
    folder: ProgrammeFolder, period: str, inputs_hash: str, has_ended: bool, only: Sequence[str]
) -> KeptReports:
    """The reports of the newest release of a period that are not made again; none where all are made, or none exist.

    Raises:
        UserError: that release has other inputs, so its reports would not agree with the database of the new one.
    """
    newest = manifest.newest(folder, period)
    if newest is None or not only:
        return KeptReports()
    kept = [report for report in newest.made_reports() if report.organisation_id not in only]
    if kept and (newest.inputs_hash != inputs_hash or bool(newest.unfinished_on) == has_ended):
        raise UserError(
            f"Exports, register, settings or software changed since {newest.name}: with new reports for some"
            " organisations only, those of the others would no longer agree with the database. Run without --only."
        )
    drafts = tuple(replace(report, status="ready", channel="", delivered_on="") for report in kept)
    return KeptReports(drafts, newest.folder_in(folder) / "reports")
