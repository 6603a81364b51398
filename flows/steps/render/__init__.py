"""Render: one PDF per organisation in its language, from `published` only, with figures and leaflets beside it.

A report that fails does not stop the others. One that would be the same as in the release before is taken over.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from flows.foundation.atomic_files import created
from flows.foundation.contracts import Attachment, FailedReport, MadeReport, Report
from flows.foundation.progress import Progress, ProgressCallback, no_progress
from flows.programme.former_reports import FormerReport
from flows.steps.render import earlier_months, workers
from flows.steps.render.report import ReportContext
from flows.steps.render.report_inputs import drawn_with, fingerprint

if TYPE_CHECKING:
    from flows.steps.render.figures import OrganisationFigures

__all__ = ["ReportContext", "render"]


@dataclass(frozen=True)
class _Order:
    """The inputs of one report, small enough to send to another process."""

    database: Path
    organisation_id: str
    setting: ReportContext
    folder: Path
    earlier: Path
    drawn_with: str
    former: FormerReport | None


def render(
    database: Path,
    organisations: Sequence[str],
    setting: ReportContext,
    folder: Path,
    processes: int,
    progress: ProgressCallback = no_progress,
    earlier: Sequence[Path] = (),
    former: Sequence[FormerReport] = (),
) -> tuple[Report, ...]:
    """Write `<organisation_id>.pdf`, `.xlsx` and `.csv`, and leaflets, for each organisation into a new folder.

    `earlier` are the databases of earlier releases that stand, one for each month, for the charts over time; `former`
    are the reports of the newest release of the month: the files of one that has the same inputs are taken over.
    A report that cannot be made within the limits of `workers`, or whose process dies, is listed as failed.
    """
    folder.mkdir(parents=True)
    reports: list[Report] = []
    with TemporaryDirectory() as temporary:
        past = Path(temporary) / "earlier.duckdb"
        earlier_months.gather(earlier, past)
        made_by, before = drawn_with(), {entry.report.organisation_id: entry for entry in former}
        orders = [
            _Order(database, organisation, setting, folder, past, made_by, before.get(organisation))
            for organisation in organisations
        ]
        for order, made in zip(orders, workers.each(_make, orders, processes), strict=True):
            report = made if isinstance(made, MadeReport) else _failed(order, made.reason)
            reports.append(report)
            progress(Progress(len(reports), len(orders), report.organisation_id))
    return tuple(reports)


def _failed(order: _Order, reason: str) -> FailedReport:
    return FailedReport(organisation_id=order.organisation_id, failed_because=reason)


def _make(order: _Order) -> MadeReport:
    from flows import warehouse
    from flows.steps.render.published import read_organisation

    with warehouse.opened(order.database, read_only=True) as connection:
        figures = read_organisation(connection, order.organisation_id, order.earlier)
    inputs = fingerprint(figures, order.setting, order.drawn_with)
    former = order.former
    if former and former.report.inputs == inputs and former.is_intact:
        return former.put_into(order.folder)
    return _draw(order, figures, inputs)


def _draw(order: _Order, figures: "OrganisationFigures", inputs: str) -> MadeReport:
    from flows.steps.render.documents import write_pdf
    from flows.steps.render.report import fill, suggestions

    setting = replace(order.setting, inputs_hash=inputs[:12])
    pdf, pages = write_pdf(*fill(figures, setting), setting.branding)
    name = f"{order.organisation_id}.pdf"
    return MadeReport(
        organisation_id=order.organisation_id,
        language=figures.language,
        file=name,
        sha256=_write(order.folder / name, pdf),
        pages=pages,
        attachments=tuple(_attach(order.folder, figures, setting)),
        suggestions=tuple(given.rule.name for given in suggestions(figures, setting)),
        inputs=inputs,
    )


def _attach(folder: Path, figures: "OrganisationFigures", setting: ReportContext) -> Iterator[Attachment]:
    """Write the files beside a report: its figures, and a leaflet for the members of each collective."""
    from flows.steps.render import figures_workbook
    from flows.steps.render.documents import write_pdf
    from flows.steps.render.report import fill_leaflet

    name = f"{figures.organisation_id}.xlsx"
    yield Attachment(
        kind="workbook",
        file=name,
        sha256=_write(folder / name, figures_workbook.workbook(figures, setting)),
    )
    name = f"{figures.organisation_id}.csv"
    figures_workbook.write_table(figures, folder / name)
    yield Attachment(kind="table", file=name, sha256=hashlib.sha256((folder / name).read_bytes()).hexdigest())
    # An id has no underscore, so this name cannot belong to another organisation.
    leaflets = f"{figures.organisation_id}_leaflets"
    (folder / leaflets).mkdir()
    for unit in figures.collectives:
        pdf, _ = write_pdf(*fill_leaflet(figures, unit, setting), setting.branding)
        name = f"{leaflets}/{unit.unit_id}.pdf"
        yield Attachment(kind="leaflet", file=name, sha256=_write(folder / name, pdf))


def _write(path: Path, content: bytes) -> str:
    """Write a new file without following links, and return the hash of its content."""
    with created(path, 0o640) as file:
        file.write(content)
    return hashlib.sha256(content).hexdigest()
