"""`motiefmix microdata`: a coarsened file of single respondents for researchers, where the programme allows it."""

import secrets
from dataclasses import dataclass
from pathlib import Path

from flows.settings import SETTINGS_FILE, Settings
from flows.steps import lock, warehouse
from flows.steps.mistakes import Mistake
from flows.steps.resources import resource


@dataclass(frozen=True)
class Microdata:
    """The file, the month it is of, and how many respondents are in it and were left out."""

    path: str
    period: str
    respondents: int
    left_out: int


def write_microdata(settings: Settings) -> Microdata:
    """Write the answers behind the last run, one row per respondent and scale, as Parquet in `private/microdata`.

    Raises:
        Mistake: the programme does not allow it, nothing was computed yet, or nobody is left after coarsening.
    """
    if not settings.microdata:
        raise Mistake(
            f"This programme hands out no answers of single members; {SETTINGS_FILE} would say: microdata = true"
        )
    places = settings.places
    places.make_private()
    with lock.held(places):
        if not places.warehouse.exists():
            raise Mistake("There are no answers yet. Run first: motiefmix run")
        folder = places.microdata
        folder.mkdir(mode=0o700, exist_ok=True)
        with warehouse.opened(places.warehouse) as connection:
            if not warehouse.has_table(connection, "disclosure.decisions"):
                raise Mistake("The answers have changed since the last run. Run first: motiefmix run")
            return _write(connection, folder)


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
        raise Mistake("No ten respondents are in collectives of the same type and size: there is nothing to hand out.")
    target = folder / f"microdata-{period}.parquet"
    fresh = target.with_name(f".making-{target.name}")
    connection.execute("copy microdata to " + warehouse.literal(str(fresh)) + " (format parquet)")
    fresh.chmod(0o600)
    fresh.replace(target)
    return Microdata(str(target), period, respondents, everybody - respondents)


def describe(made: Microdata) -> str:
    """What the file holds, and what to mind."""
    return (
        f"{made.path}\n{made.respondents} respondents of {made.period}; {made.left_out} left out, of groups that are"
        " too small or held back.\nHand it out under an agreement only, and once: it lies outside disclosure control."
    )
