"""The steward's page of the whole programme: months, organisations, and what to do next. One HTML file, no script."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from flows.foundation.atomic_files import replaced
from flows.foundation.contracts import ReportStatus
from flows.programme.months import Month
from flows.steps.render.templates import environment

Action = Literal["run", "fix_held", "decide", "approve", "deliver", "ask", "retry", "make_again", "public"]


@dataclass(frozen=True, kw_only=True)
class MonthRow:
    """A row in the table of months.

    `response` is the response rate of the programme, a fraction from 0 to 1; `share` the number of answers in relation
    to the month with the most, from 0 to 1; `quality` the path of the quality page, seen from the page.
    """

    month: Month
    response: float | None
    share: float
    quality: str


@dataclass(frozen=True, kw_only=True)
class CollectiveState:
    """A collective that is not published in full: a row of `response_rates` with its name."""

    name: str
    state: str
    figures_of: str | None
    answers_short: int | None
    counted_as: str | None


@dataclass(frozen=True, kw_only=True)
class OrganisationState:
    """An organisation's report in the newest release; paths are relative to the page, empty when there is no file."""

    organisation_id: str
    name: str
    status: ReportStatus | Literal["failed"]
    pdf: str
    thumbnail: str
    channel: str
    delivered_on: str
    failed_because: str
    not_in_full: tuple[CollectiveState, ...]


@dataclass(frozen=True, kw_only=True)
class NextStep:
    """Something to do: the command, the command that undoes it, and how many it is about."""

    action: Action
    count: int
    command: str
    opposite: str = ""
    period: str = ""
    detail: str = ""


@dataclass(frozen=True, kw_only=True)
class Shift:
    """A collective whose publication status differs from that of the month before."""

    name: str
    before: str
    now: str


@dataclass(frozen=True, kw_only=True)
class LastRun:
    """The newest run: its id, outcome, and the seconds of each stage."""

    run_id: str
    period: str
    message: str
    is_failed: bool
    stages: tuple[tuple[str, float], ...]


@dataclass(frozen=True, kw_only=True)
class SitePage:
    """Everything on the page. `newest` is the release that organisations and shifts are about, as 2026-10 v1."""

    programme: str
    software: str
    made_at: str
    next_run: str
    newest: str
    months: tuple[MonthRow, ...]
    organisations: tuple[OrganisationState, ...]
    shifts: tuple[Shift, ...]
    steps: tuple[NextStep, ...]
    audited: int
    last_run: LastRun | None
    full_from: int


def write_site_page(path: Path, page: SitePage, language: str) -> Path:
    """Write the page for its owner alone; it loads nothing but the thumbnails beside it."""
    with replaced(path) as file:
        file.write(environment(language).get_template("site.html").render(page=page))
    return path


def write_thumbnail(pdf: Path, target: Path, width: int = 160) -> None:
    """Draw the first page of a PDF as PNG, `width` pixels wide."""
    import io

    import pypdfium2

    document = pypdfium2.PdfDocument(pdf)
    try:
        page = document[0]
        image = page.render(scale=width / page.get_width()).to_pil()
    finally:
        document.close()
    drawn = io.BytesIO()
    # The fastest level also makes the smallest file of such a small picture; `optimize` takes seven times as long.
    image.save(drawn, format="PNG", compress_level=1)
    fresh = target.with_name(f".making-{target.name}")
    fresh.write_bytes(drawn.getvalue())
    fresh.replace(target)
