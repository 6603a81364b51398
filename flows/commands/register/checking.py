"""Checks the register for the month that is due."""

from collections.abc import Iterable, Iterator

from flows.commands.register.changes import CollectiveOfMonth, OrganisationOfMonth, compare
from flows.commands.register.checked import CheckedFile, CheckedRegister, Compared
from flows.commands.register.likeness import alike_names, same_names
from flows.foundation.messages import printable
from flows.programme.folder import ProgrammeFolder
from flows.programme.period import Period
from flows.programme.register import ReadRegister, ReadTable
from flows.programme.register_rows import Collective, Organisation


def check(found: ReadRegister, period: Period, folder: ProgrammeFolder) -> CheckedRegister:
    """Check a register that was read, for a month, against the newest release in a folder."""
    organisations = [row for _, row in found.organisations.rows]
    states = [row for _, row in found.collectives.rows]
    current = [row for row in states if row.holds_on(period.last_day)]
    served = {row.organisation_id for row in current}
    # A row with a mistake is not among these, so an organisation could seem to be without collectives, or gone.
    is_whole = not found.mistakes
    return CheckedRegister(
        period=str(period),
        files=tuple(_file(table) for table in (found.organisations, found.collectives)),
        organisations=sum(row.organisation_id in served for row in organisations),
        collectives=len(current),
        errors=(*found.mistakes, *_without_recipient(found.organisations)),
        warnings=tuple(_warnings(found, current, period, is_whole)),
        begin=tuple(_dated(states, period, begins=True)),
        end=tuple(_dated(states, period, begins=False)),
        compared=_compared(folder, organisations, current)
        if is_whole
        else Compared(impossible="not compared with a release, because the register has errors."),
    )


def _file(table: ReadTable[Organisation] | ReadTable[Collective]) -> CheckedFile:
    """A file, with a name in it that has other letters than ASCII, by which a wrong encoding is seen."""
    names = (row.name for _, row in table.rows)
    example = next((printable(name) for name in names if not name.isascii()), "")
    if table.table is None:
        return CheckedFile(table.name, 0, 0)
    return CheckedFile(table.name, len(table.table.rows), len(table.rows), table.table.read_as, example)


def _without_recipient(organisations: ReadTable[Organisation]) -> Iterator[str]:
    for number, row in organisations.rows:
        if row.channel.startswith("mail") and not row.addresses:
            yield (
                f"{organisations.where(number)}, field recipients: '{row.organisation_id}' has the channel"
                f" {row.channel}, but no mail address."
            )


def _warnings(found: ReadRegister, current: list[Collective], period: Period, is_whole: bool) -> Iterator[str]:
    for table in (found.organisations.table, found.collectives.table):
        if table and table.other_sheets:
            others = ", ".join(f"'{printable(sheet)}'" for sheet in table.other_sheets)
            yield f"{table.name}: other sheets have the same headings and are not read: {others}."
    if is_whole:
        served = {row.organisation_id for row in current}
        for number, row in found.organisations.rows:
            if row.organisation_id not in served:
                yield (
                    f"{found.organisations.where(number)}: '{row.organisation_id}' has no collective on"
                    f" {period.last_day}, so it gets no report."
                )
    names = {row.organisation_id: row.name for _, row in found.organisations.rows}
    yield from same_names("organisations", names)
    yield from alike_names("organisations", names)
    yield from _doubtful_collectives(current)


def _doubtful_collectives(current: list[Collective]) -> Iterator[str]:
    """Two organisations often have collectives with names that are alike; the same name is doubtful anywhere."""
    yield from same_names("collectives", {row.collective_id: row.name for row in current})
    by_organisation: dict[str, dict[str, str]] = {}
    for row in current:
        by_organisation.setdefault(row.organisation_id, {})[row.collective_id] = row.name
    for organisation, names in by_organisation.items():
        yield from alike_names("collectives", names, f" of '{organisation}'")


def _dated(states: Iterable[Collective], period: Period, begins: bool) -> Iterator[str]:
    for row in states:
        day = row.valid_from if begins else row.valid_until
        if day and Period.of(day) == period:
            yield f"{day}  collective '{row.collective_id}', {printable(row.name)}, of '{row.organisation_id}'"


def _compared(folder: ProgrammeFolder, organisations: list[Organisation], current: list[Collective]) -> Compared:
    return compare(
        folder,
        [OrganisationOfMonth(row.organisation_id, row.name, row.language) for row in organisations],
        [CollectiveOfMonth(row.collective_id, row.organisation_id, row.name, row.type, row.members) for row in current],
    )
