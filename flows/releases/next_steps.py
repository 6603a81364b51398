"""What a steward should do next, in the order in which it matters; a rule per step."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from flows.foundation.contracts import FailedReport, MadeReport
from flows.programme.manifest import Manifest
from flows.steps.render.site_page import NextStep


def next_steps(
    newest: Manifest | None, runs: Sequence[Mapping[str, Any]], due: str, troubles: Sequence[str]
) -> Iterator[NextStep]:
    """The next steps after the newest release; `due` is the month that should have one."""
    for trouble in troubles:
        yield NextStep(action="public", count=1, command="", detail=trouble)
    if newest is None or newest.period < due:
        yield NextStep(action="run", count=1, command=f"motiefmix run --period {due}", period=due)
    counts: Mapping[str, int] = next((run["counts"] for run in runs if run.get("counts")), {})
    if held := counts.get("held_files", 0):
        yield NextStep(action="fix_held", count=held, command="motiefmix status")
    if waiting := counts.get("waiting", 0):
        organisations = len(newest.reports) if newest else 0
        yield NextStep(
            action="decide",
            count=waiting,
            command="motiefmix accept",
            opposite="motiefmix accept … --refuse",
            period=newest.period if newest else due,
            detail=str(organisations),
        )
    if newest:
        yield from _of_reports(newest)


def _of_reports(newest: Manifest) -> Iterator[NextStep]:
    made = [report for report in newest.reports if isinstance(report, MadeReport)]
    by_status = {
        status: [report.organisation_id for report in made if report.status == status]
        for status in ("ready", "approved", "undelivered", "unknown")
    }
    withdraw = f"motiefmix withdraw {newest.period} v{newest.version} --reason TEXT"
    if failed := [report for report in newest.reports if isinstance(report, FailedReport)]:
        yield NextStep(action="make_again", count=len(failed), command=f"motiefmix run --period {newest.period}")
    if ready := by_status["ready"]:
        yield NextStep(
            action="approve", count=len(ready), command=f"motiefmix approve {newest.name}", opposite=withdraw
        )
    if approved := by_status["approved"]:
        yield NextStep(
            action="deliver", count=len(approved), command=f"motiefmix deliver {newest.period}", opposite=withdraw
        )
    for name in by_status["unknown"]:
        yield NextStep(
            action="ask",
            count=1,
            command=f"motiefmix deliver {newest.period} --arrived {name}",
            opposite=f"motiefmix resend {name} --reason TEXT",
            detail=name,
        )
    for name in by_status["undelivered"]:
        yield NextStep(action="retry", count=1, command=f"motiefmix deliver {newest.period} --only {name}", detail=name)
