"""Render: one PDF per organisation in its language, from `published` only, with figures and leaflets beside it.

A report that fails does not stop the others. One that would be the same as in the release before is taken over.
"""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from tempfile import TemporaryDirectory

from flows import warehouse
from flows.foundation.atomic_files import created
from flows.foundation.contracts import FailedReport, MadeReport, Report
from flows.foundation.progress import Progress, ProgressCallback, no_progress
from flows.programme.former_reports import FormerReport
from flows.steps.render import dask_cluster, drawing, earlier_months, workers
from flows.steps.render.report_context import ReportContext
from flows.steps.render.report_inputs import drawn_with

__all__ = ["ReportContext", "render"]


@dataclass(frozen=True)
class _Order:
    """Where the inputs of one report lie, and where it belongs: small enough to send to another process."""

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
    dask_scheduler: str = "",
) -> tuple[Report, ...]:
    """Write `<organisation_id>.pdf`, `.xlsx` and `.csv`, and leaflets, for each organisation into a new folder.

    `earlier` are the databases of earlier releases that stand, one for each month, for the charts over time; `former`
    are the reports of the newest release of the month: the files of one that has the same inputs are taken over.
    They are drawn in so many `processes` of this machine or, with a `dask_scheduler`, by the workers of a Dask cluster.
    A report that cannot be made within the limits of `workers`, or whose process dies, is listed as failed.

    Raises:
        UserError: the Dask cluster cannot be used.
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
        outcomes = (
            _on_cluster(database, orders, dask_scheduler) if dask_scheduler else workers.each(_make, orders, processes)
        )
        for order, made in zip(orders, outcomes, strict=True):
            report = made if isinstance(made, MadeReport) else _failed(order, made.reason)
            reports.append(report)
            progress(Progress(len(reports), len(orders), report.organisation_id))
    return tuple(reports)


def _failed(order: _Order, reason: str) -> FailedReport:
    return FailedReport(organisation_id=order.organisation_id, failed_because=reason)


def _on_cluster(database: Path, orders: Sequence[_Order], scheduler: str) -> Iterator[MadeReport | workers.Failure]:
    """Read here, draw there, and write here: its machines share no disk with this one."""
    with warehouse.opened(database, read_only=True) as connection:
        outcomes = dask_cluster.each(drawing.draw, partial(_read, connection), orders, scheduler)
        for order, drawn in zip(orders, outcomes, strict=True):
            yield drawn if isinstance(drawn, workers.Failure) else _keep(order, drawn)


def _make(order: _Order) -> MadeReport:
    return _keep(order, drawing.draw(_read(_kept_open(order.database), order)))


_until_the_process_ends = ExitStack()


@cache
def _kept_open(database: Path) -> warehouse.Connection:
    """A connection until the process that draws ends: to open one takes as long as to read an organisation."""
    return _until_the_process_ends.enter_context(warehouse.opened(database, read_only=True))


def _read(connection: warehouse.Connection, order: _Order) -> drawing.Material:
    from flows.steps.render.published import read_organisation

    figures = read_organisation(connection, order.organisation_id, order.earlier)
    former = order.former.report.inputs if order.former and order.former.is_intact else ""
    setting = order.setting.of_organisation(order.organisation_id, {unit.unit_id for unit in figures.collectives})
    return drawing.Material(figures, setting, order.drawn_with, former)


def _keep(order: _Order, drawn: drawing.Drawn | None) -> MadeReport:
    """Write the files of a report without following links, or take over those of the release before."""
    if drawn is None:
        # Only a former report that is intact is compared with.
        assert order.former is not None
        return order.former.put_into(order.folder)
    for name, content in drawn.files.items():
        path = order.folder / name
        path.parent.mkdir(exist_ok=True)
        with created(path, 0o640) as file:
            file.write(content)
    return drawn.report
