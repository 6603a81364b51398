"""The disclosure record: for each release one small file, with who contributed (keyed hashes) and what was published.

Disclosure control compares every new month with all earlier ones. Published figures are kept, so that they can be
carried forward without the answers.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from flows import warehouse
from flows.foundation.atomic_files import replaced_by_library
from flows.foundation.errors import UserError

FOLDER = "disclosure-record"
# Stored in `about`; a record without it predates the computation of totals from published figures.
FORMAT = 2
# For each table of a record, the warehouse table that it copies.
_KEPT = {
    "groups": "disclosure.groups",
    "members": "disclosure.members",
    "bounds": "disclosure.bounds",
    "levels": "disclosure.levels",
    "level_totals": "disclosure.level_totals",
    "mixes": "disclosure.mixes",
    "diversity": "disclosure.diversity",
    "classes": "disclosure.classes",
    "decisions": "measurement.decisions",
    "reliability": "published.reliability",
    "item_statistics": "published.item_statistics",
    "one_factor": "published.one_factor",
    "agreement": "published.agreement",
}
_OF_EVERY_RELEASE = ("groups", "members", "bounds")
_OF_BASE = (
    "levels",
    "mixes",
    "diversity",
    "classes",
    "decisions",
    "reliability",
    "item_statistics",
    "one_factor",
    "agreement",
)
# Former names of columns, in the records of earlier versions.
_FORMER_NAMES = {"coarsening_level": "rung", "is_published": "is_told"}
_OF_FORMER = {"levels": "former_levels", "level_totals": "former_totals"}
_COUNTED_IN = """
    select count(*) from kept.members
    where member in (select member_hash(respondent) from (select unnest(?) as respondent))
"""
_RELEASES = "select distinct period, version from reference.released_inputs order by period, version"
_BASE = """
    insert into released.base
    select release, period from released.releases
    where release = (
        select coalesce(max(releases.release) filter (where releases.period <= run.period), min(releases.release))
        from released.releases as releases cross join reference.run as run
    )
"""
_FORMER = """
    select max(releases.release) from released.releases as releases
    inner join reference.windows as windows
        on releases.period = windows.period and windows."window" = 'former'
    where (releases.period, releases.version) in (
        select (period, version) from reference.released_inputs where not is_withdrawn
    )
"""


def load(connection: warehouse.Connection, folder: Path) -> None:
    """Load the disclosure record of every release into the schema `released`, numbered by period and version.

    Raises:
        UserError: the record of a release is missing or of an older version, so that new figures cannot be checked
            against that release.
    """
    for table in ("releases", "base", *_OF_EVERY_RELEASE, *_OF_BASE, *_OF_FORMER.values()):
        connection.execute("delete from " + warehouse.quoted(f"released.{table}"))
    made = connection.execute(_RELEASES).fetchall()
    paths = {number: folder / _file_name(*release) for number, release in enumerate(made, start=1)}
    for number, (period, version) in enumerate(made, start=1):
        attach(connection, paths[number], number, period, version)
    connection.execute(_BASE)
    base = warehouse.one(connection, "select release from released.base")
    former = warehouse.one(connection, _FORMER)
    if base:
        _copy(connection, paths[base], base, {table: table for table in _OF_BASE})
    if former:
        _copy(connection, paths[former], former, _OF_FORMER)


def attach(connection: warehouse.Connection, path: Path, number: int, period: str, version: int) -> None:
    """Add one release's disclosure record to the schema `released` under a number.

    Raises:
        UserError: its record is missing or of an older version.
    """
    if not path.exists():
        raise UserError(
            f"private/{FOLDER}/{path.name} is missing: it records whose answers release {period} v{version} contains,"
            " and without it new figures might disclose single people. Restore private/ from a backup."
        )
    connection.execute("attach " + warehouse.literal(str(path)) + " as kept (read_only)")
    try:
        _refuse_older(connection, period, version)
        connection.execute(
            "insert into released.releases select $number, $period, $version, instrument, scales, is_measured"
            " from kept.about",
            {"number": number, "period": period, "version": version},
        )
        _insert(connection, number, {table: table for table in _OF_EVERY_RELEASE})
    finally:
        connection.execute("detach kept")


def _refuse_older(connection: warehouse.Connection, period: str, version: int) -> None:
    if "format" not in _columns(connection, "kept.about"):
        raise UserError(
            f"Release {period} v{version} was made by a version of Motiefmix whose totals were computed over answers;"
            " figures of this version might disclose single people together with it. Make the next months of this"
            " programme with that version, and begin a new programme folder with this one once a whole window"
            " (window_months) has passed without a release."
        )


def _copy(connection: warehouse.Connection, path: Path, number: int, tables: Mapping[str, str]) -> None:
    connection.execute("attach " + warehouse.literal(str(path)) + " as kept (read_only)")
    _insert(connection, number, tables)
    connection.execute("detach kept")


def _insert(connection: warehouse.Connection, number: int, tables: Mapping[str, str]) -> None:
    """Copy tables of the attached record; columns that the schema `released` lacks are left out."""
    for kept, target in tables.items():
        in_record = set(_columns(connection, f"kept.{kept}"))
        columns = ", ".join(
            warehouse.quoted(name if name in in_record else _FORMER_NAMES.get(name, name))
            + " as "
            + warehouse.quoted(name)
            for name in _columns(connection, f"released.{target}")
            if name != "release"
        )
        connection.execute(
            "insert into "
            + warehouse.quoted(f"released.{target}")
            + " by name select $number as release, "
            + columns
            + " from kept."
            + warehouse.quoted(kept),
            {"number": number},
        )


def _columns(connection: warehouse.Connection, table: str) -> list[str]:
    described = connection.execute("select column_name from (describe " + warehouse.quoted(table) + ")")
    return [name for (name,) in described.fetchall()]


def write(database: Path, folder: Path, period: str, version: int) -> None:
    """Write the disclosure record of a release before it is published."""
    folder.mkdir(mode=0o700, exist_ok=True)
    target = folder / _file_name(period, version)
    with replaced_by_library(target) as fresh, warehouse.opened(None) as connection:
        connection.execute("attach " + warehouse.literal(str(fresh)) + " as kept")
        connection.execute("attach " + warehouse.literal(str(database)) + " as warehouse (read_only)")
        connection.execute(
            "create table kept.about as select $format as format, $place as made,"
            " instrument || ' ' || instrument_version as instrument,"
            " (select list(scale order by position) from warehouse.reference.scales) as scales,"
            " (select not is_carried from warehouse.measurement.carried_forward) as is_measured"
            " from warehouse.reference.run",
            {
                "format": FORMAT,
                "place": 1 + max((made for made, name in _made(folder) if name != target.name), default=0),
            },
        )
        for kept, table in _KEPT.items():
            connection.execute(
                "create table kept." + warehouse.quoted(kept) + " as from warehouse." + warehouse.quoted(table)
            )
        connection.execute("detach warehouse")
        connection.execute("checkpoint kept")
        connection.execute("detach kept")


def path_of(folder: Path, period: str, version: int) -> Path:
    """The path of the record of a release."""
    return folder / _file_name(period, version)


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
    """The releases that counted any of these people, given by pseudonym."""
    found = []
    with warehouse.opened(None) as connection:
        warehouse.load_macros(connection)
        for path in sorted(folder.glob("*.duckdb")):
            connection.execute("attach " + warehouse.literal(str(path)) + " as kept (read_only)")
            if warehouse.one(connection, _COUNTED_IN, [list(respondents)]):
                found.append(path.stem.replace("-v", " v"))
            connection.execute("detach kept")
    return tuple(found)


_RENAMED = """
    create temp table renamed as select member_hash(old) as old, member_hash(new) as new
    from (select unnest($old) as old, unnest($new) as new)
"""
_RENAME = "update changed.members set member = renamed.new from renamed where member = renamed.old"
# One random value per person, the same in every file of the disclosure record, that identifies nobody.
_DRAWN = """
    create temp table drawn as
    select member_hash(respondent) as old, replace(cast(uuid() as varchar), '-', '') as new
    from (select unnest($people) as respondent)
"""
_BLANK = """
    update changed.members
    set
        member = drawn.new,
        answers_hash = left(sha256(drawn.new || answers_hash || $salt), 32),
        given_hash = left(sha256(drawn.new || given_hash || $salt), 32)
    from drawn
    where member = drawn.old
"""


def rename_members(path: Path, target: Path, pairs: Sequence[tuple[str, str]]) -> None:
    """Copy a file of the disclosure record with new pseudonyms, given as pairs of the old and the new one."""
    with warehouse.opened(None) as connection:
        warehouse.load_macros(connection)
        named = {"old": [old for old, _ in pairs], "new": [new for _, new in pairs]}
        connection.execute(_RENAMED, named)
        _rewrite(connection, path, target, _RENAME, {})


def blank(folder: Path, people: Sequence[str]) -> None:
    """Replace everything that identifies these people with random values.

    Which releases counted the same answers is preserved, because the differencing check needs it for new figures.
    """
    import secrets

    salt = secrets.token_hex(32)
    with warehouse.opened(None) as connection:
        warehouse.load_macros(connection)
        connection.execute(_DRAWN, {"people": list(people)})
        for path in sorted(folder.glob("????-??-v*.duckdb")):
            _rewrite(connection, path, path, _BLANK, {"salt": salt})


def _rewrite(
    connection: warehouse.Connection, path: Path, target: Path, change: str, values: Mapping[str, str]
) -> None:
    """Apply a change to a file by rewriting it, because bytes that DuckDB overwrites remain in the old file."""
    connection.execute("attach " + warehouse.literal(str(path)) + " as kept (read_only)")
    connection.execute("attach ':memory:' as changed")
    connection.execute("copy from database kept to changed")
    connection.execute("detach kept")
    connection.execute(change, dict(values) or None)
    with replaced_by_library(target) as fresh:
        connection.execute("attach " + warehouse.literal(str(fresh)) + " as fresh")
        connection.execute("copy from database changed to fresh")
        connection.execute("detach fresh")
    connection.execute("detach changed")


def _file_name(period: str, version: int) -> str:
    return f"{period}-v{version}.duckdb"
