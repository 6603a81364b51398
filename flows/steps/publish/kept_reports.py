"""The reports that a release takes over from the one before, where a run makes those of some organisations only."""

import os
import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from flows.foundation.contracts import MadeReport
from flows.foundation.errors import UserError
from flows.programme import manifest
from flows.programme.folder import ProgrammeFolder


def reports_to_keep(
    folder: ProgrammeFolder, period: str, inputs_hash: str, has_ended: bool, only: Sequence[str]
) -> tuple[MadeReport, ...]:
    """The reports of the newest release of a period that are not made again; none where all are made, or none exist.

    Raises:
        UserError: that release has other inputs, so its reports would not agree with the database of the new one.
    """
    newest = manifest.newest(folder, period)
    if newest is None or not only:
        return ()
    kept = [report for report in newest.made_reports() if report.organisation_id not in only]
    if kept and (newest.inputs_hash != inputs_hash or bool(newest.unfinished_on) == has_ended):
        raise UserError(
            f"Exports, register, settings or software changed since {newest.name}: with new reports for some"
            " organisations only, those of the others would no longer agree with the database. Run without --only."
        )
    return tuple(replace(report, status="ready", channel="", delivered_on="") for report in kept)


def keep(folder: ProgrammeFolder, period: str, reports: Sequence[MadeReport], target: Path) -> None:
    """Put the files of these reports beside the new ones, without a second copy where the disk allows that."""
    newest = manifest.newest(folder, period)
    if newest is None:
        return
    for name, _ in (file for report in reports for file in report.files):
        source, copy = newest.folder_in(folder) / "reports" / name, target / name
        copy.parent.mkdir(parents=True, exist_ok=True)
        try:
            os.link(source, copy)
        except OSError:
            shutil.copyfile(source, copy)
