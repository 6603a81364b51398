"""`motiefmix microdata`: a coarsened file of individual respondents for researchers, if the programme allows it."""

import secrets
from dataclasses import dataclass
from pathlib import Path

from flows import warehouse
from flows.commands.options import HERE, JsonOption, ProgrammeOption
from flows.commands.telling import tell
from flows.foundation.atomic_files import replaced_by_library
from flows.foundation.errors import UserError
from flows.foundation.resources import resource
from flows.privacy.rotation import changing
from flows.programme import settings as settings_module
from flows.programme.settings import SETTINGS_FILE, Settings


@dataclass(frozen=True)
class Microdata:
    """The file, its month, and how many respondents it includes and leaves out."""

    path: str
    period: str
    respondents: int
    left_out: int


def write_microdata(settings: Settings) -> Microdata:
    """Write the answers behind the last run, one row per respondent and scale, as Parquet in `private/microdata`.

    Raises:
        UserError: the programme does not allow it, nothing has been computed yet, or nobody is left after coarsening.
    """
    if not settings.microdata:
        raise UserError(
            f"This programme hands out no answers of single members; {SETTINGS_FILE} would need: microdata = true"
        )
    folder = settings.folder
    folder.make_private()
    with changing(folder):
        if not folder.warehouse.exists():
            raise UserError("There are no answers yet. Run first: motiefmix run")
        folder.microdata.mkdir(mode=0o700, exist_ok=True)
        with warehouse.opened(folder.warehouse) as connection:
            if not warehouse.has_table(connection, "disclosure.decisions"):
                raise UserError("The answers have changed since the last run. Run first: motiefmix run")
            return _write(connection, folder.microdata)


def _write(connection: warehouse.Connection, folder: Path) -> Microdata:
    warehouse.load_macros(connection)
    query = resource("sql", "microdata.sql").read_text(encoding="utf-8")
    connection.execute("set variable salt = " + warehouse.literal(secrets.token_hex(32)))
    connection.execute("create or replace temp table microdata as " + query)
    period = str(warehouse.one(connection, "select period from reference.run"))
    respondents = int(warehouse.one(connection, "select count(distinct member) from microdata"))
    everybody = int(
        warehouse.one(
            connection, "select count(distinct respondent) from counted.responses where \"window\" = 'current'"
        )
    )
    if not respondents:
        raise UserError(
            "No group of collectives of the same type and size has ten respondents: there is nothing to hand out."
        )
    target = folder / f"microdata-{period}.parquet"
    with replaced_by_library(target) as fresh:
        connection.execute("copy microdata to " + warehouse.literal(str(fresh)) + " (format parquet)")
    return Microdata(str(target), period, respondents, everybody - respondents)


def describe(made: Microdata) -> str:
    """Describe the file and its conditions of use."""
    return (
        f"{made.path}\n{made.respondents} respondents of {made.period}; {made.left_out} left out, in groups that are"
        " too small or held back.\nHand it out only once and under an agreement: it is outside disclosure control."
    )


def command(*, programme: ProgrammeOption = HERE, json: JsonOption = False) -> None:
    """Write the file."""
    tell(write_microdata(settings_module.load(programme)), describe, json)
