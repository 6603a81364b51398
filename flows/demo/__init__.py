"""The simulated programme: a known truth, people who answer, and the survey tools they answer in."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from flows.foundation.errors import UserError
from flows.foundation.messages import pluralise
from flows.programme import settings
from flows.programme.settings import Settings

if TYPE_CHECKING:
    from flows.demo.simulation import Simulation


def prepare(folder: Path, months: int, truth: str = "truth") -> Settings:
    """The settings of a simulated programme in a folder, which is created if it does not exist.

    `truth` names the file with its parameters: `truth` for the demo, `gallery` for every edge case of a report.

    Raises:
        UserError: the folder holds something else, or `months` is not from 1 to 6.
    """
    if not 1 <= months <= 6:
        raise UserError("The demo has 1 to 6 months.")
    if not (folder / settings.SETTINGS_FILE).exists():
        from flows.demo import programme

        programme.write(folder, _simulation(truth))
    return settings.load(folder)


def _simulation(truth: str) -> "Simulation":
    from flows.demo import simulation
    from flows.demo.truth import TRUTH, load_truth
    from flows.programme import instrument

    path = TRUTH.with_name(f"{truth}.yaml")
    return simulation.simulate(instrument.load("motives", Path()).model, load_truth(path))


def is_finished(chosen: Settings, months: int) -> bool:
    """Whether every month has a release already."""
    return len(list(chosen.folder.releases.glob("*/v*/manifest.json"))) >= months


def arrivals(chosen: Settings, months: int, truth: str = "truth") -> Iterator[tuple[str, date]]:
    """Month by month: drop its exports in the inbox, then yield the period to run and the day to run it on."""
    from flows.demo import programme

    simulation = _simulation(truth)
    for period in simulation.truth.periods()[:months]:
        yield str(period), programme.drop_exports(chosen.folder, simulation, period)


def where_things_are(chosen: Settings) -> Iterator[tuple[str, str]]:
    """The paths that a newcomer wants to open, each with a label."""
    newest = max(chosen.folder.releases.glob("*/v*/manifest.json")).parent
    reports = sorted((newest / "reports").glob("*.pdf"))
    yield "reports", f"{newest / 'reports'}  ({pluralise(len(reports), 'PDF')}, such as {reports[-1].name})"
    yield "database", str(chosen.folder.database)
    yield "quality", str(newest / "quality" / "index.html")
    yield "figures", str(newest / "figures.csv")
    yield "page", str(chosen.folder.site / "index.html")
