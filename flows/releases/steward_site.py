"""Gathers the steward's page from manifests, run records, the analysts' database and the register, and writes it."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from flows import __version__, warehouse
from flows.foundation.contracts import FailedReport, MadeReport, Report
from flows.programme import manifest, public_folder, run_record
from flows.programme.catching_up import due_period
from flows.programme.folder import ProgrammeFolder
from flows.programme.manifest import Manifest
from flows.programme.months import last_months
from flows.programme.settings import Settings
from flows.releases.next_steps import next_steps
from flows.steps.render.site_page import (
    CollectiveState,
    LastRun,
    MonthRow,
    OrganisationState,
    Shift,
    SitePage,
    write_site_page,
    write_thumbnail,
)

_RESPONSE = "select period, response_rate from response_rates where unit_type = 'programme'"
_STATES = """
    select rates.period, rates.unit_id, coalesce(collectives.name, rates.unit_id) as name, collectives.organisation_id,
        rates.state, rates.answers_short, rates.counted_as, levels.figures_of
    from response_rates as rates
    left join collectives on rates.unit_id = collectives.collective_id
    left join (
        select period, unit_id, max(figures_of) as figures_of from scale_levels
        where unit_type = 'collective' group by period, unit_id
    ) as levels on rates.period = levels.period and rates.unit_id = levels.unit_id
    where rates.unit_type = 'collective' and rates.period in (select unnest(?))
    order by name
"""
_NAMES = "select organisation_id, name from organisations"


def write_site(settings: Settings) -> Path:
    """Write `site/index.html` from what the programme folder holds now; the caller holds the programme's lock."""
    settings.folder.site.mkdir(mode=0o700, exist_ok=True)
    page = gathered(settings)
    shown = {Path(entry.thumbnail).name for entry in page.organisations}
    for picture in _pictures(settings.folder).glob("*"):
        if picture.name not in shown:
            picture.unlink()
    return write_site_page(settings.folder.site / "index.html", page, settings.language)


def gathered(settings: Settings, shown: Manifest | None = None) -> SitePage:
    """Everything on the page. Organisations and shifts are those of the newest release, or of the one to be shown."""
    folder = settings.folder
    releases = manifest.all_newest(folder)
    runs = run_record.read_all(folder)
    newest = shown or (releases[-1] if releases else None)
    periods = [entry.period for entry in releases if newest and entry.period <= newest.period][-2:]
    response, states, names = _published(folder.database, periods)
    now = settings.now()
    due = due_period(settings, now)
    return SitePage(
        programme=settings.name,
        software=__version__,
        made_at=f"{now:%Y-%m-%d %H:%M}",
        next_run=f"{settings.schedule.next_run(now):%Y-%m-%d %H:%M}",
        newest=newest.name if newest else "",
        months=tuple(_months(folder, runs, due, response)),
        organisations=tuple(_organisations(folder, newest, names, states)) if newest else (),
        shifts=tuple(_shifts(periods, states)),
        steps=tuple(next_steps(newest, runs, due, public_folder.troubles(folder, due))),
        audited=len(manifest.every(folder)),
        last_run=_last_run(runs),
        full_from=settings.disclosure.full_from,
    )


def _published(
    database: Path, periods: Sequence[str]
) -> tuple[dict[str, float | None], list[dict[str, Any]], dict[str, str]]:
    """The programme's response by period, the publication status of collectives, and the organisations' names."""
    if not database.exists():
        return {}, [], {}
    with warehouse.opened(database, read_only=True) as connection:
        response = dict(connection.execute(_RESPONSE).fetchall())
        states: list[dict[str, Any]] = list(warehouse.rows_as(dict, connection, _STATES, [list(periods)]))
        names = dict(connection.execute(_NAMES).fetchall())
    return response, states, names


def _months(
    folder: ProgrammeFolder, runs: Sequence[Mapping[str, Any]], due: str, response: Mapping[str, float | None]
) -> Iterator[MonthRow]:
    """The last months with the programme's response and the quality page of each."""
    found = last_months(folder, runs, due)
    most = max((month.answers or 0 for month in found), default=0)
    for month in found:
        quality = folder.releases / month.period / f"v{month.version}" / "quality" / "index.html"
        yield MonthRow(
            month=month,
            response=response.get(month.period),
            share=(month.answers or 0) / most if most else 0.0,
            quality=_relative(folder, quality) if quality.is_file() else "",
        )


def _last_run(runs: Sequence[Mapping[str, Any]]) -> LastRun | None:
    if not runs:
        return None
    return LastRun(
        run_id=runs[0]["run_id"],
        period=runs[0]["period"],
        message=str(runs[0].get("message", "")),
        is_failed=bool(runs[0].get("exit_code")),
        stages=tuple((runs[0].get("stages") or {}).items()),
    )


def _organisations(
    folder: ProgrammeFolder, newest: Manifest, names: Mapping[str, str], states: Sequence[Mapping[str, Any]]
) -> Iterator[OrganisationState]:
    short: dict[str, list[CollectiveState]] = {}
    for row in states:
        if row["period"] == newest.period and row["state"] != "full":
            short.setdefault(row["organisation_id"], []).append(
                CollectiveState(
                    name=row["name"],
                    state=row["state"],
                    figures_of=row["figures_of"],
                    answers_short=row["answers_short"],
                    counted_as=row["counted_as"],
                )
            )
    for report in newest.reports:
        pdf, thumbnail = _files(folder, newest, report)
        yield OrganisationState(
            organisation_id=report.organisation_id,
            name=names.get(report.organisation_id, report.organisation_id),
            status=report.status,
            pdf=pdf,
            thumbnail=thumbnail,
            channel=report.channel if isinstance(report, MadeReport) else "",
            delivered_on=report.delivered_on if isinstance(report, MadeReport) else "",
            failed_because=report.failed_because if isinstance(report, FailedReport) else "",
            not_in_full=tuple(short.get(report.organisation_id, ())),
        )


def _files(folder: ProgrammeFolder, newest: Manifest, report: Report) -> tuple[str, str]:
    """The paths of a report and of the picture of its first page, seen from the page."""
    if not isinstance(report, MadeReport):
        return "", ""
    pdf = newest.folder_in(folder) / "reports" / report.file
    if not pdf.exists():
        return "", ""
    _pictures(folder).mkdir(mode=0o700, parents=True, exist_ok=True)
    # Named after the content, so that a picture is drawn once.
    picture = _pictures(folder) / f"{report.sha256[:32]}.png"
    if not picture.exists():
        write_thumbnail(pdf, picture)
    return _relative(folder, pdf), _relative(folder, picture)


def _pictures(folder: ProgrammeFolder) -> Path:
    return folder.site / "thumbnails"


def _relative(folder: ProgrammeFolder, path: Path) -> str:
    if path.is_relative_to(folder.site):
        return path.relative_to(folder.site).as_posix()
    return f"../{path.relative_to(folder.root).as_posix()}"


def _shifts(periods: Sequence[str], states: Sequence[Mapping[str, Any]]) -> Iterator[Shift]:
    """Collectives with another publication status than in the release before."""
    if len(periods) < 2:
        return
    before, now = ({row["unit_id"]: row for row in states if row["period"] == period} for period in periods)
    for unit in sorted({*before, *now}, key=lambda unit: str((now.get(unit) or before[unit])["name"])):
        former = before[unit]["state"] if unit in before else ""
        current = now[unit]["state"] if unit in now else ""
        if former != current:
            yield Shift(name=(now.get(unit) or before[unit])["name"], before=former, now=current)
