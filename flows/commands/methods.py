"""`motiefmix methods`: the technical annex of a released period."""

from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter

from flows.commands.options import HERE, JsonOption, ProgrammeOption
from flows.commands.telling import print_json
from flows.foundation.errors import UserError
from flows.programme import manifest, settings
from flows.programme.languages import available
from flows.programme.loading import load_programme
from flows.programme.period import Period
from flows.programme.settings import Settings
from flows.steps.render.report_context import ReportContext


def write_methods(chosen: Settings, period: str, language: str, folder: Path) -> tuple[Path, ...]:
    """Write the annex of the newest release of a period into a folder, and return the paths.

    Raises:
        UserError: the period has no release.
    """
    found = manifest.newest(chosen.folder, str(Period.parse(period)))
    if found is None:
        released = ", ".join(entry.period for entry in manifest.all_newest(chosen.folder)) or "none so far"
        raise UserError(f"{period} has no release, so there is no annex. Released: {released}.")
    from flows.steps.render.methods import read_annex, write_annex

    programme = load_programme(chosen)
    questions = {
        name: available(item.text, language).text or name for name, item in programme.instrument.model.items.items()
    }
    database = found.database_in(chosen.folder)
    annex = read_annex(database, found.period)
    return write_annex(database, annex, ReportContext.of_release(programme, found), questions, language, folder)


def command(
    *,
    period: Annotated[str, Parameter(help="A released month such as 2026-10.")],
    language: Literal["nl", "en"] | None = None,
    out: Annotated[
        Path | None, Parameter(help="Output folder; by default the folder methods of the programme.")
    ] = None,
    programme: ProgrammeOption = HERE,
    json: JsonOption = False,
) -> None:
    """Write the annex."""
    chosen = settings.load(programme)
    paths = write_methods(chosen, period, language or chosen.language, out or chosen.root / "methods")
    if json:
        print_json([str(path) for path in paths])
    else:
        print("\n".join(map(str, paths)))
