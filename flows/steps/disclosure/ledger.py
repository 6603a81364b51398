"""What each release stood on: whose answers, as keyed hashes, and the sums of them, in one small file per release.

Disclosure control compares every new month with all of them. The sums are kept so that the figures of a collective can
stand without its answers.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path

from flows.steps import warehouse
from flows.steps.mistakes import Mistake

FOLDER = "ledger"
_TABLES = ("collectives", "members", "sums", "told_sums")
_COUNTED_IN = """
    select count(*) from kept.members
    where member in (select member_hash(respondent) from (select unnest(?) as respondent))
"""
_RENAME = """
    update renamed.members set member = member_hash(pairs.new) from pairs where member = member_hash(pairs.old)
"""
_RELEASES = "select distinct period, version from reference.released_inputs order by period, version"


def load(connection: warehouse.Connection, folder: Path) -> None:
    """Put what every release stood on into the schema `released`, numbered by period and version.

    Raises:
        Mistake: the record of a release is missing: without it nobody can tell what a new figure would give away.
    """
    for table in ("releases", *_TABLES):
        connection.execute("delete from " + warehouse.quoted(f"released.{table}"))
    for number, (period, version) in enumerate(connection.execute(_RELEASES).fetchall(), start=1):
        attach(connection, folder, number, period, version)


def attach(connection: warehouse.Connection, folder: Path, number: int, period: str, version: int) -> None:
    """Add what one release stood on to the schema `released`, under a number.

    Raises:
        Mistake: its record is missing.
    """
    path = folder / _file_name(period, version)
    if not path.exists():
        raise Mistake(
            f"private/{FOLDER}/{path.name} is missing: it says on whose answers release {period} v{version} stands, and"
            " new figures might give away single people beside it. Restore private/ from a backup."
        )
    connection.execute("attach " + warehouse.literal(str(path)) + " as kept (read_only)")
    connection.execute(
        "insert into released.releases select $number, $period, $version, instrument, scales, steps from kept.about",
        {"number": number, "period": period, "version": version},
    )
    for table in _TABLES:
        connection.execute(
            "insert into "
            + warehouse.quoted(f"released.{table}")
            + " by name select $number as release, * from kept."
            + warehouse.quoted(table),
            {"number": number},
        )
    connection.execute("detach kept")


def write(database: Path, folder: Path, period: str, version: int) -> None:
    """Keep what the figures in the warehouse stand on, before they become a release."""
    folder.mkdir(mode=0o700, exist_ok=True)
    target = folder / _file_name(period, version)
    fresh = target.with_name(f".making-{target.name}")
    fresh.unlink(missing_ok=True)
    with warehouse.opened(None) as connection:
        connection.execute("attach " + warehouse.literal(str(fresh)) + " as kept")
        fresh.chmod(0o600)
        connection.execute("attach " + warehouse.literal(str(database)) + " as warehouse (read_only)")
        connection.execute(
            "create table kept.about as select $place as made, instrument || ' ' || instrument_version as instrument,"
            " (select list(scale order by position) from warehouse.reference.scales) as scales,"
            " (select list(items * (maximum - minimum) order by position) from warehouse.reference.scales) as steps"
            " from warehouse.reference.run",
            {"place": 1 + max((made for made, name in _made(folder) if name != target.name), default=0)},
        )
        for table in _TABLES:
            name = warehouse.quoted(table)
            connection.execute("create table kept." + name + " as from warehouse.ledger." + name)
        connection.execute("detach warehouse")
        connection.execute("checkpoint kept")
        connection.execute("detach kept")
    fresh.replace(target)


def in_order(folder: Path) -> list[tuple[str, int]]:
    """Period and version of every record, in the order in which the releases were made."""
    names = [name.removesuffix(".duckdb").rpartition("-v") for _, name in sorted(_made(folder))]
    return [(period, int(version)) for period, _, version in names]


def _made(folder: Path) -> Iterator[tuple[int, str]]:
    with warehouse.opened(None) as connection:
        for path in folder.glob("????-??-v*.duckdb"):
            connection.execute("attach " + warehouse.literal(str(path)) + " as other (read_only)")
            yield int(warehouse.one(connection, "select made from other.about")), path.name
            connection.execute("detach other")


def releases_with(folder: Path, respondents: Sequence[str]) -> tuple[str, ...]:
    """The releases in which some of these people, by their pseudonyms, were counted."""
    found = []
    with warehouse.opened(None) as connection:
        warehouse.load_macros(connection)
        for path in sorted(folder.glob("*.duckdb")):
            connection.execute("attach " + warehouse.literal(str(path)) + " as kept (read_only)")
            if warehouse.one(connection, _COUNTED_IN, [list(respondents)]):
                found.append(path.stem.replace("-v", " v"))
            connection.execute("detach kept")
    return tuple(found)


def rename_members(path: Path, target: Path, pairs: Sequence[tuple[str, str]]) -> None:
    """A copy of a release's record in which people have other pseudonyms: pairs of the old and the new one."""
    with warehouse.opened(None) as connection:
        warehouse.load_macros(connection)
        connection.execute("attach " + warehouse.literal(str(path)) + " as kept (read_only)")
        connection.execute("attach " + warehouse.literal(str(target)) + " as renamed")
        target.chmod(0o600)
        connection.execute("copy from database kept to renamed")
        connection.execute("create temp table pairs (old varchar, new varchar)")
        if pairs:
            connection.executemany("insert into pairs values (?, ?)", [list(pair) for pair in pairs])
        connection.execute(_RENAME)
        connection.execute("detach kept")
    _compact(target)


def _compact(path: Path) -> None:
    """Write a file anew: what DuckDB overwrote stays in it."""
    fresh = path.with_name(f".making-{path.name}")
    with warehouse.opened(None) as connection:
        connection.execute("attach " + warehouse.literal(str(path)) + " as kept (read_only)")
        connection.execute("attach " + warehouse.literal(str(fresh)) + " as fresh")
        fresh.chmod(0o600)
        connection.execute("copy from database kept to fresh")
    fresh.replace(path)


def _file_name(period: str, version: int) -> str:
    return f"{period}-v{version}.duckdb"
