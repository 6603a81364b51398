"""The audit: attacks every database that was or will be published, as an attacker with background knowledge could.

Figures come from the published files; the disclosure record only provides who was counted where, which members of
small groups may know. The audit shares only the solvers of the differencing check with compute.
"""

from collections.abc import Iterator
from pathlib import Path

from flows import warehouse
from flows.foundation.contracts import Audit, AuditFinding
from flows.foundation.errors import Unsafe
from flows.foundation.messages import pluralise
from flows.programme import manifest
from flows.programme.folder import ProgrammeFolder
from flows.steps.disclosure import cluster_tables, differencing, disclosure_record
from flows.steps.disclosure.differencing import Check

# Tables of disclosure control from which clusters are built; they read `released` and who was counted where.
_MODELS = ("disclosure.cells", "disclosure.atoms", "disclosure.linked_cells")
# Tables that the attack derives from the published databases, in build order.
_READ = ("handed_out.motives_in_mix", "handed_out.finest_classes", "handed_out.bounds")
_SCHEMA = """
    create or replace table disclosure.proposed_bounds as select * exclude (release) from released.bounds where false;
    create or replace table counted.groups as
        select family, unit_type, unit_id, organisation_id, collective_id from released.groups where false;
    create or replace table disclosure.members as from released.members where false;
    create schema handed_out;
    insert into reference.run by name
        select period, date '0001-01-01' as window_start, date '0001-01-01' as window_end, '' as timezone,
            split_part(instrument, ' ', 1) as instrument, split_part(instrument, ' ', 2) as instrument_version
        from released.releases order by release desc limit 1;
"""
# The columns read from each published table.
_HANDED_OUT = {
    "about": "key, value",
    "scales": "scale, orientation, items, minimum, maximum",
    "scale_levels": "unit_type, unit_id, scale, mean, figures_of",
    "motive_mix": "unit_type, unit_id, scale, mean_share, figures_of",
    "diversity": "unit_type, unit_id, entropy_within, figures_of",
    "orientations": "unit_type, unit_id, orientation, count, figures_of",
    "dominant_motives": "unit_type, unit_id, scale, count, figures_of",
    "profiles": "unit_type, unit_id, profile, profiles_version, count, figures_of",
    "rest_groups": "organisation_id, table_name, key, figure, number, figures_of",
}
_STEPS = """
    select scale, arg_min(items * (maximum - minimum), release) from handed_out.scales group by scale
"""
# A carried-forward figure must also be in an earlier release of the month that it names.
_CARRIED = """
    select release, count(*) from handed_out.scale_levels as levels
    where unit_type = 'collective' and figures_of is not null and mean is not null and not exists (
        from handed_out.scale_levels as earlier
        inner join released.releases as releases on earlier.release = releases.release
        where earlier.release < levels.release and releases.period = levels.figures_of
            and earlier.unit_type = 'collective' and earlier.figures_of is null
            and earlier.scale = levels.scale and earlier.mean = levels.mean
    )
    group by release order by release
"""


def refuse_unsafe(folder: ProgrammeFolder, name: str, database: Path) -> Audit:
    """Attack a staged release together with all earlier ones.

    Raises:
        Unsafe: the release narrows the answers of few people too far, or the disclosure record of a release is missing.
    """
    found = audit(folder, (name, database))
    if found.findings:
        raise Unsafe(
            f"Release {name} is not made: together with earlier ones its figures would reveal too much about"
            f" {pluralise(found.findings[0].people, 'member')}. This is a defect; see: motiefmix audit"
        )
    return found


def audit(folder: ProgrammeFolder, staged: tuple[str, Path] | None = None) -> Audit:
    """Attack the releases of a programme in the order in which they were made, each with all earlier ones.

    With a staged release (its name and database), only that one is attacked: the others were attacked when they were
    made. Where its files say exactly what the differencing check has solved, that is not solved again.
    """
    databases = {f"{entry.period} v{entry.version}": entry.database_in(folder) for entry in manifest.every(folder)}
    databases.update([staged] if staged else [])
    order = [f"{period} v{version}" for period, version in disclosure_record.in_order(folder.disclosure_record)]
    names = tuple(sorted(databases, key=order.index))
    if not names:
        return Audit()
    with warehouse.opened(None) as connection:
        wrong = _load(connection, folder, {name: databases[name] for name in names})
        figures = int(warehouse.one(connection, "select count(*) from released.bounds"))
        findings = [*wrong]
        safe = _solved(folder.warehouse) if staged else frozenset()
        for number in [len(names)] if staged else range(1, len(names) + 1):
            findings += _found(connection, names, number, safe)
    return Audit(releases=names, figures=figures, findings=tuple(findings))


def _load(connection: warehouse.Connection, folder: ProgrammeFolder, databases: dict[str, Path]) -> list[AuditFinding]:
    """Load who was counted where, and the bounds of every database; return carried figures without an origin."""
    warehouse.prepare(connection)
    warehouse.load_macros(connection)
    for number, name in enumerate(databases, start=1):
        period, version = _parts_of(name)
        disclosure_record.attach(
            connection, disclosure_record.path_of(folder.disclosure_record, period, version), number, period, version
        )
    connection.execute(_SCHEMA)
    _read_handed_out(connection, list(databases.values()))
    models = warehouse.read_models(["handed_out"])
    for table in _READ:
        connection.execute("create table " + table + " as " + models[table].sql)
    connection.execute("delete from released.bounds")
    connection.execute("insert into released.bounds by name from handed_out.bounds")
    names = list(databases)
    return [
        AuditFinding(
            figure="scale_levels", key="carried forward", people=0, units=(f"{stray} rows",), release=names[number - 1]
        )
        for number, stray in connection.execute(_CARRIED).fetchall()
    ]


def _read_handed_out(connection: warehouse.Connection, paths: list[Path]) -> None:
    """Create one table for each published table, with the rows of all releases by release number."""
    names = [f"release_{number}" for number in range(1, len(paths) + 1)]
    for name, path in zip(names, paths, strict=True):
        connection.execute("attach " + warehouse.literal(str(path)) + " as " + name + " (read_only)")
    for table, columns in _HANDED_OUT.items():
        parts = (
            " ".join(("select", str(number), "as release,", columns, "from", warehouse.quoted(f"{name}.{table}")))
            for number, name in enumerate(names, start=1)
        )
        target = warehouse.quoted(f"handed_out.{table}")
        connection.execute("create table " + target + " as " + " union all ".join(parts))
    for name in names:
        connection.execute("detach " + name)


def _solved(database: Path) -> frozenset[str]:
    """Fingerprints of the clusters that the differencing check has solved."""
    with warehouse.opened(database, read_only=True) as connection:
        return frozenset(name for (name,) in connection.execute("from disclosure.safe_clusters").fetchall())


def _found(
    connection: warehouse.Connection, names: tuple[str, ...], number: int, safe: frozenset[str]
) -> Iterator[AuditFinding]:
    """What a release discloses too much, together with earlier ones."""
    models = warehouse.read_models(["disclosure"])
    connection.execute(
        "create or replace temp table later as select * from released.groups where release > " + str(number)
    )
    connection.execute("delete from released.groups where release > " + str(number))
    for table in _MODELS:
        connection.execute("create or replace table " + table + " as " + models[table].sql)
    steps = dict(connection.execute(_STEPS).fetchall())
    check = Check(steps, number, safe)
    for leak in differencing.leaks_of(cluster_tables.read_clusters(connection, number), check):
        units = sorted({cell.unit_id for cell in leak.cells if cell.release == number})
        yield AuditFinding(
            figure=leak.figure.name,
            key=leak.figure.scale,
            people=leak.people,
            units=tuple(units),
            release=names[number - 1],
        )
    connection.execute("insert into released.groups from later")


def _parts_of(name: str) -> tuple[str, int]:
    period, _, version = name.partition(" v")
    return period, int(version)
