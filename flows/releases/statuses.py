"""The status of each report of a release: from approvals and the delivery ledger into its manifest and `public/`."""

from collections.abc import Container
from dataclasses import replace

from flows.foundation.contracts import MadeReport, Report
from flows.foundation.errors import UserError
from flows.programme import approvals, manifest
from flows.programme.approvals import ApprovedFiles, files_hash
from flows.programme.folder import ProgrammeFolder
from flows.programme.manifest import Manifest
from flows.steps import publish
from flows.steps.deliver import delivery_ledger
from flows.steps.deliver.delivery_ledger import Deliveries, Entry, has_others_since

_SENT = ("delivered", "undelivered", "unknown")


def refresh(folder: ProgrammeFolder) -> None:
    """Write the present statuses into the manifests of all releases, and update `public/`.

    The approvals and the ledger decide; manifests and `public/` follow from them.
    """
    approved, deliveries = (
        approvals.approved_files(folder.approvals),
        Deliveries(delivery_ledger.read(folder.deliveries)),
    )
    refuse_lost(folder, deliveries)
    for released in manifest.every(folder):
        current = with_statuses(released, approved, deliveries)
        if current != released:
            manifest.rewrite(folder, current)
    publish.refresh_public(folder)


def refuse_lost(folder: ProgrammeFolder, deliveries: Deliveries) -> None:
    """Refuse a ledger that lacks what the manifests say was sent: with it, everything would be sent again.

    Raises:
        UserError: the ledger was removed, or is an old copy.
    """
    for released in manifest.every(folder):
        for report in released.reports:
            if not isinstance(report, MadeReport) or report.status not in _SENT:
                continue
            if not any(entry.kind == "report" for entry in of_report(deliveries, released, report)):
                raise UserError(
                    f"{folder.deliveries} lacks the delivery of {report.organisation_id} in {released.name}, which its"
                    " manifest knows: put the file back from a backup, or everything would be sent again."
                )


def with_statuses(released: Manifest, approved: Container[ApprovedFiles], deliveries: Deliveries) -> Manifest:
    """The manifest with the present status of each report."""
    return replace(
        released, reports=tuple(_with_status(released, report, approved, deliveries) for report in released.reports)
    )


def _with_status(
    released: Manifest, report: Report, approved: Container[ApprovedFiles], deliveries: Deliveries
) -> Report:
    if not isinstance(report, MadeReport):
        return report
    wanted = [
        entry
        for entry in of_report(deliveries, released, report)
        if entry.kind == "report" and not has_others_since(deliveries, entry.key, entry.version, released.version)
    ]
    sent = [entry for entry in wanted if entry.state not in ("planned", "dropped")]
    delivered = [entry for entry in sent if entry.state == "delivered"]
    told = replace(
        report,
        channel=sent[-1].channel if sent else "",
        delivered_on=max(str(entry.settled_at)[:10] for entry in delivered) if delivered else "",
    )
    states = {entry.state for entry in sent}
    if released.withdrawn_on:
        return replace(told, status="withdrawn")
    if states & {"unknown", "sending"}:
        return replace(told, status="unknown")
    is_unfinished = sent and any(entry.state == "planned" for entry in wanted)
    if "failed" in states or is_unfinished:
        return replace(told, status="undelivered")
    if delivered:
        return replace(told, status="delivered")
    is_approved = approvals.is_approved(approved, released.period, released.version, report)
    return replace(told, status="approved" if is_approved else "ready")


def of_report(deliveries: Deliveries, released: Manifest, report: MadeReport) -> list[Entry]:
    """The deliveries of exactly the files of a report."""
    sha256 = files_hash(report)
    return [entry for entry in deliveries.of(released.period, report.organisation_id) if entry.sha256 == sha256]
