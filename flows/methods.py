"""`motiefmix methods`: the technical annex of a released period."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from flows.programme import load_programme
from flows.settings import Settings
from flows.steps.mistakes import Mistake
from flows.steps.period import Period
from flows.steps.publish import manifest
from flows.steps.render import Setting


def write_methods(chosen: Settings, period: str, language: str, folder: Path) -> tuple[Path, ...]:
    """Write the annex of the newest release of a period into a folder; returns the paths.

    Raises:
        Mistake: that period has no release.
    """
    found = manifest.newest(chosen.places, str(Period.parse(period)))
    if found is None:
        released = ", ".join(entry.period for entry in manifest.all_newest(chosen.places)) or "none so far"
        raise Mistake(f"{period} has no release, so there is nothing to annex. Released: {released}.")
    from flows.steps.render.methods import read_annex, write_annex

    programme = load_programme(chosen)
    month = Period.parse(found.period)
    instrument = programme.instrument.model
    setting = Setting(
        programme=found.programme,
        contact=programme.contact,
        notes={str(code): text for code, text in instrument.note.items()},
        software=found.software,
        inputs_hash=found.inputs_hash[:12],
        made_on=found.last_day.isoformat(),
        window_start=month.plus(1 - found.window_months).first_day.isoformat(),
        window_end=found.last_day.isoformat(),
        levels_from=found.levels_from,
        full_from=found.full_from,
        distributions_from=found.distributions_from,
    )
    questions = {name: _in(language, item.text) or name for name, item in instrument.items.items()}
    database = found.folder(chosen.places) / found.database_name
    annex = read_annex(database, found.period)
    return write_annex(database, annex, setting, questions, language, folder)


def _in(language: str, texts: Mapping[Any, str]) -> str:
    """A text in a language, or else in any."""
    return texts.get(language) or next(iter(texts.values()), "")
