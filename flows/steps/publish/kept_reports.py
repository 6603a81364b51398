"""The reports that a release takes over from the one before, where a run makes those of some organisations only."""

from collections.abc import Sequence

from flows.foundation.errors import UserError
from flows.programme import manifest
from flows.programme.folder import ProgrammeFolder
from flows.programme.former_reports import FormerReport, former_reports


def kept_reports(
    folder: ProgrammeFolder, period: str, inputs_hash: str, has_ended: bool, only: Sequence[str]
) -> tuple[FormerReport, ...]:
    """The reports of the newest release of a period that are not asked for; none where all are, or none exist.

    Raises:
        UserError: that release has other inputs, so its reports would not agree with the database of the new one.
    """
    newest = manifest.newest(folder, period)
    if newest is None or not only:
        return ()
    kept = tuple(entry for entry in former_reports(folder, period) if entry.report.organisation_id not in only)
    if kept and (newest.inputs_hash != inputs_hash or bool(newest.unfinished_on) == has_ended):
        raise UserError(
            f"Exports, register, settings or software changed since {newest.name}: with new reports for some"
            " organisations only, those of the others would no longer agree with the database. Run without --only."
        )
    return kept
