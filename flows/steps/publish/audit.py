"""The attack on finished artefacts: what follows for few people from every database that was or is to be published.

It takes the figures from the files that are handed out, and from the ledger only who was counted where, which members
of small groups may well know of each other. It uses the solver of the gate, but nothing else of compute.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

from flows.steps import warehouse
from flows.steps.contracts import Audit, Finding
from flows.steps.disclosure import evidence, ledger
from flows.steps.disclosure.gate import Domain, Told, leaks
from flows.steps.mistakes import Unsafe
from flows.steps.places import Places
from flows.steps.plain_text import counted
from flows.steps.policy import SET_FROM
from flows.steps.publish import manifest

Key = tuple[str, str]
_MEANS = "select unit_type, unit_id, scale, mean from scale_levels where mean is not null and computed_over is null"
_CLASSES = {
    "orientations": "orientation",
    "dominant_motives": "scale",
    "profiles": "profile",
}


def refuse_unsafe(places: Places, name: str, database: Path) -> Audit:
    """Attack all releases together with one that is about to be made.

    Raises:
        Unsafe: more follows with it than without it, or the record of a release is missing.
    """
    found = audit(places, (name, database))
    if by_this := [finding for finding in found.findings if finding.release == name]:
        raise Unsafe(
            f"Release {name} is not made: beside the earlier ones its figures would tell too much of"
            f" {counted(by_this[0].people, 'member')}. This is a defect; see: motiefmix audit"
        )
    return found


def audit(places: Places, staged: tuple[str, Path] | None = None) -> Audit:
    """Attack every release, with the database of one that is about to be made (its name and file) among them."""
    databases = {
        f"{entry.period} v{entry.version}": entry.folder(places) / entry.database_name
        for entry in manifest.every(places)
    }
    databases.update([staged] if staged else [])
    order = [f"{period} v{version}" for period, version in ledger.in_order(places.ledger)]
    names = tuple(sorted(databases, key=order.index))
    if not names:
        return Audit()
    with warehouse.opened(None) as connection:
        warehouse.prepare(connection)
        warehouse.load_macros(connection)
        for number, name in enumerate(names, start=1):
            ledger.attach(connection, places.ledger, number, *_parts_of(name))
        found = evidence.of_releases(connection)
        told = _told(connection, {number: databases[name] for number, name in enumerate(names, start=1)}, found)
    findings = []
    for (figure, key), entries in told.items():
        most = found.steps(figure, key)
        for parts in found.counted(figure, key):
            for leak in leaks(parts, entries, most, SET_FROM, evidence.set_range(figure)):
                units = {domain.unit[1] for domain in leak.domains if domain.release == leak.release}
                findings.append(Finding(figure, key, leak.people, tuple(sorted(units)), names[leak.release - 1]))
    return Audit(names, sum(map(len, told.values())), tuple(findings))


def _told(
    connection: warehouse.Connection, databases: Mapping[int, Path], found: evidence.Evidence
) -> dict[Key, list[Told]]:
    told: dict[Key, list[Told]] = defaultdict(list)
    for number, path in databases.items():
        connection.execute("attach " + warehouse.literal(str(path)) + " as handed_out (read_only)")
        connection.execute("use handed_out")
        for unit_type, unit_id, scale, mean in connection.execute(_MEANS).fetchall():
            domain = Domain(number, (unit_type, unit_id))
            people = found.people(domain, "score", scale) if scale in found.scales else 0
            step = warehouse.one(connection, "select level_step(cast(? as bigint))", [people]) if people else None
            if step:
                steps = people * evidence.in_steps("score", found.scales[scale])
                told["score", scale].append(Told(domain, steps * (mean - step / 2), steps * (mean + step / 2)))
        for table, column in _CLASSES.items():
            told_classes = _classes(connection, table, column)
            for unit_type, unit_id, name, count in told_classes:
                told[table, name].append(Told(Domain(number, (unit_type, unit_id)), count, count))
        connection.execute("use memory")
        connection.execute("detach handed_out")
    return told


def _classes(connection: warehouse.Connection, table: str, column: str) -> Iterator[tuple[str, str, str, int]]:
    """Counts of classes that mean the same everywhere."""
    query = (
        "select unit_type, unit_id, "
        + warehouse.quoted(column)
        + ', "count" from '
        + warehouse.quoted(table)
        + ' where "count" is not null and '
        + warehouse.quoted(column)
        + " <> 'other'"
    )
    yield from connection.execute(query).fetchall()


def _parts_of(name: str) -> tuple[str, int]:
    period, _, version = name.partition(" v")
    return period, int(version)
