"""The gallery's programme by its plain stages: two months of every edge case, computed and drawn."""

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from flows import demo, warehouse
from flows.foundation.contracts import Report
from flows.programme import manifest
from flows.steps.compute import compute
from flows.steps.render import render
from flows.steps.render.earlier_months import gather
from flows.steps.render.report import fill
from tests import programmes
from tests.steps.render.organisation import read_organisation
from tests.steps.render.settings import SETTING_WITH_RULES

MONTHS = 2


@dataclass(frozen=True)
class Gallery:
    """The programme, and what was drawn of its second month."""

    programme: programmes.TestProgramme
    folder: Path
    reports: dict[str, Report]

    @property
    def earlier(self) -> tuple[Path, ...]:
        """The databases of the months before."""
        folder = self.programme.settings.folder
        return tuple(entry.database_in(folder) for entry in manifest.newest_before(folder, "2026-10"))

    def written(self, case: str, target: Path) -> tuple[str, dict[str, str]]:
        """The report of a case as XHTML, and its charts; `target` is a new file for the figures of earlier months."""
        gather(self.earlier, target)
        with warehouse.opened(self.programme.settings.folder.warehouse, read_only=True) as connection:
            return fill(read_organisation(connection, case, target), SETTING_WITH_RULES)

    def pdf(self, case: str) -> bytes:
        return (self.folder / f"{case}.pdf").read_bytes()


def make(root: Path, cases: Collection[str] = ()) -> Gallery:
    """Simulate and compute all cases, and draw these of them; without a choice all: a quarter of a minute."""
    chosen = demo.prepare(root / "programme", MONTHS, "gallery")
    made = programmes.TestProgramme(chosen.root)
    for period, today in demo.arrivals(chosen, MONTHS, "gallery"):
        made.validate(period, made.ingest(today))
        if period < "2026-10":
            programmes.release(made, period, reports=(), is_public=False)
    compute(chosen.folder.warehouse, chosen.pseudonym_keys().disclosure_record)
    folder = root / "reports"
    names = [name for (name,) in made.query("select organisation_id from published.organisations order by all")]
    wanted = [name for name in names if not cases or name in cases]
    shown = Gallery(made, folder, {})
    drawn = render(chosen.folder.warehouse, wanted, SETTING_WITH_RULES, folder, processes=2, earlier=shown.earlier)
    shown.reports.update({report.organisation_id: report for report in drawn})
    return shown
