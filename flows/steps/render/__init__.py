"""Render: one PDF per organisation, in its language, from `published` only, with its figures and leaflets beside it.

One that fails stops none of the others.
"""

import hashlib
import multiprocessing
import os
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from flows.steps.contracts import Attachment, Report
from flows.steps.progress import Progress, Watcher, unwatched
from flows.steps.render.report import Setting

if TYPE_CHECKING:
    from flows.steps.render.figures import OrganisationFigures

__all__ = ["Setting", "render"]

SECONDS_PER_REPORT = 120
# Starting a process costs as much as a report; below this many, one is enough.
_REPORTS_PER_PROCESS = 3


@dataclass(frozen=True)
class _Order:
    """What one report needs, small enough to send to another process."""

    database: Path
    organisation_id: str
    setting: Setting
    folder: Path


def render(
    database: Path,
    organisations: Sequence[str],
    setting: Setting,
    folder: Path,
    processes: int,
    watcher: Watcher = unwatched,
) -> tuple[Report, ...]:
    """Write `<organisation_id>.pdf`, `.xlsx` and `.csv`, and leaflets, for each organisation into a new folder.

    A report that takes longer than two minutes, or whose process dies, is listed as failed.
    """
    from pebble import ProcessPool

    folder.mkdir(parents=True)
    orders = [_Order(database, organisation, setting, folder) for organisation in organisations]
    workers = max(1, min(processes, -(-len(orders) // _REPORTS_PER_PROCESS)))
    reports = []
    spawn = multiprocessing.get_context("spawn")
    with (
        tempfile.TemporaryDirectory(prefix="motiefmix-fonts-") as scratch,
        ProcessPool(max_workers=workers, context=spawn, initializer=_keep_scratch_in, initargs=[scratch]) as pool,
    ):
        jobs = [pool.schedule(_make, args=[order], timeout=SECONDS_PER_REPORT) for order in orders]
        for order, job in zip(orders, jobs, strict=True):
            report = _outcome(order, job)
            reports.append(report)
            watcher(Progress(len(reports), len(orders), report.organisation_id))
    return tuple(reports)


def _keep_scratch_in(folder: str) -> None:
    """WeasyPrint copies fonts into a temporary folder per process, which a process that is ended cannot remove."""
    tempfile.tempdir = folder


def _outcome(order: _Order, job) -> Report:  # type: ignore[no-untyped-def]
    from pebble import ProcessExpired

    try:
        report: Report = job.result()
    except TimeoutError:
        return _failed(order, f"making it took longer than {SECONDS_PER_REPORT} seconds")
    except ProcessExpired:
        return _failed(order, "the process that made it died")
    except Exception as error:  # noqa: BLE001 whatever is wrong with one report stays with that report
        return _failed(order, f"it could not be drawn ({type(error).__name__})")
    return report


def _failed(order: _Order, reason: str) -> Report:
    return Report(order.organisation_id, "", failed_because=reason)


def _make(order: _Order) -> Report:
    from flows.steps import warehouse
    from flows.steps.render.documents import write_pdf
    from flows.steps.render.published import read_organisation
    from flows.steps.render.report import fill

    with warehouse.opened(order.database, read_only=True) as connection:
        figures = read_organisation(connection, order.organisation_id)
    pdf, pages = write_pdf(*fill(figures, order.setting), order.setting.look)
    name = f"{order.organisation_id}.pdf"
    attachments = tuple(_attach(order, figures))
    return Report(
        order.organisation_id, figures.language, name, _write(order.folder / name, pdf), pages, "", attachments
    )


def _attach(order: _Order, figures: "OrganisationFigures") -> Iterator[Attachment]:
    """What lies beside a report: its figures, and a leaflet for the members of each collective."""
    from flows.steps.render import takeaway
    from flows.steps.render.documents import write_pdf
    from flows.steps.render.report import fill_leaflet

    name = f"{order.organisation_id}.xlsx"
    yield Attachment("workbook", name, _write(order.folder / name, takeaway.workbook(figures, order.setting)))
    name = f"{order.organisation_id}.csv"
    takeaway.write_table(figures, order.folder / name)
    yield Attachment("table", name, hashlib.sha256((order.folder / name).read_bytes()).hexdigest())
    # An id holds no underscore, so the folder is nobody else's.
    leaflets = f"{order.organisation_id}_leaflets"
    (order.folder / leaflets).mkdir()
    for unit in figures.collectives:
        pdf, _ = write_pdf(*fill_leaflet(figures, unit, order.setting), order.setting.look)
        name = f"{leaflets}/{unit.unit_id}.pdf"
        yield Attachment("leaflet", name, _write(order.folder / name, pdf))


def _write(path: Path, content: bytes) -> str:
    """Write a new file, following no link; returns the hash of its content."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o640)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
    return hashlib.sha256(content).hexdigest()
