"""`motiefmix review`: shows a release before approval."""

import webbrowser
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated

from cyclopts import Parameter

from flows.commands.options import HERE, JsonOption, ProgrammeOption
from flows.commands.telling import table, tell
from flows.foundation.contracts import Audit
from flows.foundation.exit_codes import ExitCode
from flows.foundation.messages import pluralise
from flows.programme import settings
from flows.programme.settings import Settings


@dataclass(frozen=True)
class ReviewedReport:
    """One report: its status, its channel with the number of recipients, and the PDF to read."""

    organisation_id: str
    status: str
    channel: str
    recipients: int
    collectives_not_in_full: int
    pdf: str


@dataclass(frozen=True)
class Review:
    """A release before approval. `shifts` are collectives that are published in more or less detail than before."""

    release: str
    unfinished_on: str
    reports: tuple[ReviewedReport, ...]
    shifts: tuple[str, ...]
    audit: Audit
    page: str


def review(chosen: Settings, period: str | None = None) -> Review:
    """Read a release, and attack it together with all others.

    Raises:
        UserError: there is no such release, or a run is in progress.
    """
    from flows.privacy.rotation import changing
    from flows.programme import register
    from flows.releases import choosing, steward_site
    from flows.steps.publish.audit import audit

    with changing(chosen.folder):
        released = choosing.standing(chosen, period)
        page = steward_site.gathered(chosen, released)
        written = steward_site.write_site(chosen)
        found = audit(chosen.folder)
    organisations = {row.organisation_id: row for row in register.load(chosen.folder.register).organisations}
    reports = []
    for entry in page.organisations:
        row = organisations.get(entry.organisation_id)
        reports.append(
            ReviewedReport(
                organisation_id=entry.organisation_id,
                status=entry.status,
                channel=row.channel if row else "not on the register",
                recipients=(len(row.folders) or 1 if row.channel == "folder" else len(row.addresses)) if row else 0,
                collectives_not_in_full=len(entry.not_in_full),
                pdf=str((written.parent / entry.pdf).resolve()) if entry.pdf else "",
            )
        )
    return Review(
        release=released.name,
        unfinished_on=released.unfinished_on,
        reports=tuple(reports),
        shifts=tuple(f"{shift.name}: {shift.before or 'new'} -> {shift.now or 'gone'}" for shift in page.shifts),
        audit=found,
        page=str(written),
    )


def describe(found: Review) -> str:
    """The review as text."""
    return "\n".join(_lines(found))


def _lines(found: Review) -> Iterator[str]:
    yield f"Release {found.release}"
    if found.unfinished_on:
        yield f"Made on {found.unfinished_on}, before the month ended."
    headings = ("organisation", "status", "channel", "recipients", "not in full", "report")
    rows = [
        (
            report.organisation_id,
            report.status,
            report.channel,
            report.recipients,
            report.collectives_not_in_full,
            report.pdf or "not made",
        )
        for report in found.reports
    ]
    yield from table(rows, headings=headings, numbers=(3, 4))
    yield ""
    yield "Changed since the month before:" if found.shifts else "No collective is shown in more or less detail."
    yield from (f"  {shift}" for shift in found.shifts)
    attacked = pluralise(len(found.audit.releases), "release")
    outcome = f"{len(found.audit.findings)} FOUND, see: motiefmix audit" if found.audit.findings else "nothing found"
    yield f"Audit of {attacked}: {outcome}"
    yield f"Page: {found.page}"
    if any(report.status == "ready" for report in found.reports):
        yield f"Next: motiefmix approve {found.release}"


def command(
    period: Annotated[str | None, Parameter(help="A month such as 2026-10; the newest release by default.")] = None,
    *,
    open_page: Annotated[bool, Parameter(name="--open", negative=(), help="Open the page in a browser.")] = False,
    programme: ProgrammeOption = HERE,
    json: JsonOption = False,
) -> int:
    """Review a release."""
    found = review(settings.load(programme), period)
    tell(found, describe, json)
    if open_page:
        webbrowser.open(f"file://{found.page}")
    return ExitCode.UNEXPECTED if found.audit.findings else ExitCode.OK
