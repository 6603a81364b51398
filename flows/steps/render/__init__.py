"""Render: one PDF per organisation in its language, from `published` only, with figures and leaflets beside it.

A report that fails does not stop the others. One that would be the same as in the release before is taken over.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from flows import warehouse
from flows.foundation.atomic_files import created
from flows.foundation.contracts import FailedReport, MadeReport, Report
from flows.foundation.progress import Progress, ProgressCallback, no_progress
from flows.programme.former_reports import FormerReport
from flows.steps.render import dask_cluster, drawing, earlier_months, workers
from flows.steps.render.materials import Materials
from flows.steps.render.report_context import ReportContext

__all__ = ["ReportContext", "render"]


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
    with TemporaryDirectory() as temporary, warehouse.opened(database, read_only=True) as connection:
        past = Path(temporary) / "earlier.duckdb"
        earlier_months.gather(earlier, past)
        materials = Materials(connection, past, setting)
        reports: dict[str, Report] = {}
        for report in _reports(materials, organisations, former, folder, processes, dask_scheduler):
            reports[report.organisation_id] = report
            progress(Progress(len(reports), len(organisations), report.organisation_id))
    return tuple(reports[organisation] for organisation in organisations)


def _reports(
    materials: Materials,
    organisations: Sequence[str],
    former: Sequence[FormerReport],
    folder: Path,
    processes: int,
    dask_scheduler: str,
) -> Iterator[Report]:
    """Those that are taken over first, and then those that are drawn."""
    asked = dict.fromkeys(organisations)
    for same in materials.unchanged([entry for entry in former if entry.report.organisation_id in asked]):
        del asked[same.report.organisation_id]
        yield _taken_over(same, folder)
    drawn = tuple(asked)
    if not drawn:
        return
    if dask_scheduler:
        outcomes = _on_cluster(materials.of(drawn), folder, dask_scheduler)
    else:
        enough = workers.enough(len(drawn), processes)
        outcomes = workers.each(partial(_draw_into, folder), materials.of(drawn), enough)
    for organisation, made in zip(drawn, outcomes, strict=True):
        yield made if isinstance(made, MadeReport) else _failed(organisation, made)


def _taken_over(same: FormerReport, folder: Path) -> Report:
    try:
        return same.put_into(folder)
    except OSError as error:
        return _failed(same.report.organisation_id, workers.undrawn(error))


def _failed(organisation: str, failure: workers.Failure) -> FailedReport:
    return FailedReport(organisation_id=organisation, failed_because=failure.reason)


def _on_cluster(
    orders: Iterable[drawing.Material | workers.Failure], folder: Path, scheduler: str
) -> Iterator[MadeReport | workers.Failure]:
    """Drawn there and written here: its machines share no disk with this one."""
    for drawn in dask_cluster.each(drawing.draw, orders, scheduler):
        yield drawn if isinstance(drawn, workers.Failure) else _written(drawn, folder)


def _draw_into(folder: Path, material: drawing.Material) -> MadeReport:
    return _written(drawing.draw(material), folder)


def _written(drawn: drawing.Drawn, folder: Path) -> MadeReport:
    """Write the files of a report without following links."""
    for name, content in drawn.files.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        with created(path, 0o640) as file:
            file.write(content)
    return drawn.report
