"""Approves the reports of a release, for exactly the files that it holds."""

from flows.foundation.contracts import MadeReport
from flows.foundation.errors import Unsafe, UserError
from flows.programme import approvals
from flows.programme.approvals import Approval, By, files_hash
from flows.programme.manifest import Manifest
from flows.programme.settings import Settings
from flows.releases import statuses
from flows.steps.publish import audit


def approve(settings: Settings, released: Manifest, only: tuple[str, ...] = (), by: By = "steward") -> tuple[str, ...]:
    """Approve all reports of a release, or some; return the organisations whose approval is new.

    The caller holds the programme's lock.

    Raises:
        UserError: an organisation has no report in the release, or its files were changed after the release was made.
        Unsafe: the audit of all releases found something.
    """
    chosen = released.made_reports(only)
    folder = released.folder_in(settings.folder) / "reports"
    if changed := [report.organisation_id for report in chosen if not approvals.are_unchanged(folder, report)]:
        raise UserError(
            f"The files of {', '.join(changed)} are not what was released: somebody changed or removed them."
            " Run the month again."
        )
    known = approvals.approved_files(settings.folder.approvals)
    new = [report for report in chosen if not approvals.is_approved(known, released.period, released.version, report)]
    if new and audit.audit(settings.folder).findings:
        raise Unsafe("Nothing is approved: together the releases reveal too much. See: motiefmix audit")
    if new:
        today = settings.now().date().isoformat()
        approvals.add(settings.folder.approvals, [_approval(released, report, today, by) for report in new])
    # Also after an approval that was interrupted.
    statuses.refresh(settings.folder)
    return tuple(report.organisation_id for report in new)


def _approval(released: Manifest, report: MadeReport, today: str, by: By) -> Approval:
    return Approval(
        period=released.period,
        version=released.version,
        organisation_id=report.organisation_id,
        files_hash=files_hash(report),
        approved_on=today,
        by=by,
    )
