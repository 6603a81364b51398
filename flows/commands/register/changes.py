"""What the register would change compared with the newest release."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from flows.commands.register.checked import Change, Compared
from flows.foundation.messages import printable
from flows.programme import manifest
from flows.programme.folder import ProgrammeFolder


@dataclass(frozen=True)
class OrganisationOfMonth:
    """An organisation of a month."""

    organisation_id: str
    name: str
    language: str


@dataclass(frozen=True)
class CollectiveOfMonth:
    """A collective as it is on the last day of a month."""

    collective_id: str
    organisation_id: str
    name: str
    type: str
    members: int | None


def compare(
    folder: ProgrammeFolder, organisations: Iterable[OrganisationOfMonth], collectives: Iterable[CollectiveOfMonth]
) -> Compared:
    """Compare the organisations and collectives of a month with those of the newest release, by its database."""
    from flows import warehouse

    releases = manifest.all_newest(folder)
    if not releases:
        return Compared(impossible="there is no release yet, so everything is new.")
    newest = releases[-1]
    named = f"{newest.period} v{newest.version}"
    database = newest.database_in(folder)
    if not database.exists():
        return Compared(named, impossible=f"the database of release {named} is gone.")
    with warehouse.opened(database, read_only=True) as connection:
        organisations_then = warehouse.rows_as(
            OrganisationOfMonth, connection, "select organisation_id, name, language from organisations order by all"
        )
        collectives_then = warehouse.rows_as(
            CollectiveOfMonth,
            connection,
            "select collective_id, organisation_id, name, type, members from collectives order by all",
        )
    changes = [
        *_of_organisations({row.organisation_id: row for row in organisations_then}, organisations),
        *_of_collectives({row.collective_id: row for row in collectives_then}, collectives),
    ]
    return Compared(named, tuple(changes))


def _of_organisations(then: Mapping[str, OrganisationOfMonth], rows: Iterable[OrganisationOfMonth]) -> Iterator[Change]:
    now = {row.organisation_id: row for row in rows}
    for row in now.values():
        before, what = then.get(row.organisation_id), f"organisation '{row.organisation_id}'"
        if before is None:
            yield Change("comes", f"{what}, {printable(row.name)}")
            continue
        if before.name != row.name:
            yield Change("renamed", f"{what}: {printable(before.name)} → {printable(row.name)}")
        if before.language != row.language:
            yield Change("language", f"{what}: {before.language} → {row.language}")
    for gone in sorted(then.keys() - now.keys()):
        yield Change("goes", f"organisation '{gone}', {printable(then[gone].name)}")


def _of_collectives(then: Mapping[str, CollectiveOfMonth], rows: Iterable[CollectiveOfMonth]) -> Iterator[Change]:
    now = {row.collective_id: row for row in rows}
    for row in now.values():
        before, what = then.get(row.collective_id), f"collective '{row.collective_id}'"
        if before is None:
            yield Change("comes", f"{what}, {printable(row.name)}, of '{row.organisation_id}'")
            continue
        if before.name != row.name:
            yield Change("renamed", f"{what}: {printable(before.name)} → {printable(row.name)}")
        if before.organisation_id != row.organisation_id:
            yield Change("moves", f"{what}: from '{before.organisation_id}' to '{row.organisation_id}'")
        if before.type != row.type:
            yield Change("type", f"{what}: {printable(before.type)} → {printable(row.type)}")
        if before.members != row.members:
            yield Change("members", f"{what}: {_number(before.members)} → {_number(row.members)}")
    for gone in sorted(then.keys() - now.keys()):
        yield Change("goes", f"collective '{gone}', {printable(then[gone].name)}, of '{then[gone].organisation_id}'")


def _number(members: int | None) -> str:
    return "unknown" if members is None else str(members)
