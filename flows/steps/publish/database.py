"""The analysts' database: released tables only, in a new file that DuckDB 1.4 and later can open."""

import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

from flows import warehouse
from flows.foundation.contracts import MadeReport
from flows.foundation.resources import resource
from flows.programme.manifest import Manifest
from flows.warehouse import Connection, quoted

CLIENTS = "DuckDB 1.4 and later"
# These tables are kept for the newest period only; the others have rows for every period.
_CURRENT_ONLY = ("organisations", "collectives", "scales")
_KEYS = ("scale", "orientation", "profile")
# The second file reads views of the first.
_VIEWS = ("views.sql", "views_nl.sql")


def build_period(source: Path, target: Path, manifest: Manifest) -> None:
    """Copy the published tables of one period from the warehouse to a new file."""
    models = warehouse.read_models(["published"])
    with _new(target) as connection:
        connection.execute("attach " + _literal(source) + " as warehouse (read_only)")
        for table in models:
            name = table.partition(".")[2]
            connection.execute("create table " + _made(name) + " as from warehouse." + quoted(table))
        connection.execute("detach warehouse")
        _finish(connection, [manifest])


def build_current(target: Path, periods: Sequence[tuple[Manifest, Path]]) -> None:
    """Combine the newest release of every period, oldest first, in a new file."""
    with _new(target) as connection:
        made: set[str] = set()
        for _, path in periods:
            connection.execute("attach " + _literal(path) + " as period (read_only)")
            for name in _tables(connection, "period"):
                if name in ("about", "data_dictionary"):
                    continue
                # A release of an older version may lack a table that was added later.
                if name not in made or name in _CURRENT_ONLY:
                    made.add(name)
                    connection.execute("create or replace table " + _made(name) + " as from period." + quoted(name))
                else:
                    connection.execute("insert into " + _made(name) + " by name from period." + quoted(name))
            connection.execute("detach period")
        _add_deliveries(connection, [manifest for manifest, _ in periods])
        _finish(connection, [manifest for manifest, _ in periods])


def build_with_deliveries(current: Path, target: Path, manifests: Sequence[Manifest]) -> None:
    """Copy the database of all periods with the deliveries as they are now, and write these as Parquet beside it."""
    shutil.copyfile(current, target)
    with warehouse.opened(None) as connection:
        connection.execute("attach " + _literal(target) + " as made")
        connection.execute("delete from made.main.deliveries")
        _insert_deliveries(connection, manifests)
        connection.execute("checkpoint made")
        parquet = _literal(target.with_name("deliveries.parquet"))
        connection.execute("copy made.main.deliveries to " + parquet + " (format parquet)")
        connection.execute("detach made")


def deliveries(released: Manifest) -> list[tuple[str, str, str, str]]:
    """Organisation, channel, status and day of every delivery of a release; none before the first approval."""
    return [
        (report.organisation_id, report.channel, report.status, report.delivered_on)
        for report in released.reports
        if isinstance(report, MadeReport) and report.status != "ready"
    ]


def _add_deliveries(connection: Connection, manifests: Sequence[Manifest]) -> None:
    connection.execute(
        "create table made.main.deliveries (period varchar, organisation_id varchar, channel varchar, status varchar,"
        " delivered_at date, report_version integer)"
    )
    _insert_deliveries(connection, manifests)


def _insert_deliveries(connection: Connection, manifests: Sequence[Manifest]) -> None:
    rows = [
        [released.period, organisation, channel or None, status, day or None, released.version]
        for released in manifests
        for organisation, channel, status, day in deliveries(released)
    ]
    if rows:
        connection.executemany("insert into made.main.deliveries values (?, ?, ?, ?, ?, ?)", rows)


class _new:  # noqa: N801 used as a with-statement only
    """A connection with a new database file, written in the storage version that older clients read."""

    def __init__(self, target: Path) -> None:
        self._target = target
        self._opened = warehouse.opened(None)

    def __enter__(self) -> Connection:
        connection = self._opened.__enter__()
        connection.execute(
            "attach " + _literal(self._target) + " as made (storage_version '" + warehouse.PUBLISHED_STORAGE + "')"
        )
        return connection

    def __exit__(self, *failure: object) -> None:
        self._opened.__exit__(None, None, None)


def _made(name: str) -> str:
    return "made.main." + quoted(name)


def _literal(path: Path) -> str:
    return warehouse.literal(str(path))


def _tables(connection: Connection, database: str | None = None) -> list[str]:
    """The tables of an attached database, or of the current one."""
    found = connection.execute(
        "select table_name from duckdb_tables()"
        " where database_name = coalesce(?, current_database()) order by table_name",
        [database],
    ).fetchall()
    return [row[0] for row in found]


def _views(connection: Connection) -> list[str]:
    found = connection.execute(
        "select view_name from duckdb_views()"
        " where database_name = current_database() and not internal order by view_name"
    ).fetchall()
    return [row[0] for row in found]


def _finish(connection: Connection, manifests: Sequence[Manifest]) -> None:
    connection.execute("use made")
    # One transaction, because each of hundreds of small statements would wait for the disk.
    with warehouse.transaction(connection):
        connection.execute("create table about (key varchar, value varchar)")
        connection.executemany("insert into about values (?, ?)", [list(pair) for pair in _about(manifests)])
        for name in _VIEWS:
            warehouse.run_script(connection, resource("sql", name).read_text(encoding="utf-8"))
        _describe(connection)
    connection.execute("checkpoint made")
    connection.execute("use memory")
    connection.execute("detach made")


def _about(manifests: Sequence[Manifest]) -> Iterator[tuple[str, str]]:
    newest = manifests[-1]
    yield "period", newest.period
    yield "release_version", str(newest.version)
    yield "releases", ", ".join(f"{entry.period} v{entry.version}" for entry in manifests)
    yield "programme", newest.programme
    yield "software_version", newest.software
    yield "instrument", f"{newest.instrument} {newest.instrument_version}"
    yield "window_months", str(newest.window_months)
    yield "levels_from", str(newest.levels_from)
    yield "full_from", str(newest.full_from)
    yield "distributions_from", str(newest.distributions_from)
    yield "made_at", newest.made_at
    yield "inputs_hash", newest.inputs_hash
    yield "opens_in", CLIENTS
    if newest.unfinished_on:
        yield "unfinished_on", newest.unfinished_on


def _describe(connection: Connection) -> None:
    """Write comments on tables and columns, and the same texts as a table."""
    models = warehouse.read_models(["published"])
    texts = warehouse.column_texts()
    descriptions = {
        table.partition(".")[2]: f"{model.description} Grain: {model.grain}" for table, model in models.items()
    }
    descriptions["deliveries"] = (
        "Whether each organisation's report was approved and delivered. Grain: one row per period, organisation_id,"
        " channel."
    )
    descriptions["about"] = "What this database is. Grain: one row per key."
    descriptions["data_dictionary"] = "What every column means. Grain: one row per table_name, column_name."
    connection.execute(
        "create table data_dictionary"
        ' (table_name varchar, column_name varchar, description varchar, unit varchar, "values" varchar)'
    )
    rows = []
    for name in (*_tables(connection), *_views(connection)):
        if name in descriptions:
            warehouse.comment(connection, name, descriptions[name])
        for column in warehouse.comment_columns(connection, name, texts):
            text = texts[column]
            rows.append([name, column, text.description, text.unit, text.values])
    columns = [list(column) for column in zip(*rows, strict=True)]
    connection.execute(
        "insert into data_dictionary select unnest(?), unnest(?), unnest(?), unnest(?), unnest(?)", columns
    )


def export_figures(path: Path, target: Path) -> None:
    """All figures of a database in one long table, as `<target>.csv` and `<target>.parquet`.

    Texts that a spreadsheet would interpret as a formula get an apostrophe; values are numbers only.
    """
    with warehouse.opened(path, read_only=True) as connection:
        parts = [part for name in _tables(connection) if (part := _long(connection, name))]
        query = " union all by name ".join(parts) + " order by all"
        warehouse.write_csv(connection, query, target.with_suffix(".csv"))
        connection.execute("copy (" + query + ") to " + _literal(target.with_suffix(".parquet")) + " (format parquet)")


def _long(connection: Connection, name: str) -> str:
    """A query that unpivots a table with units into rows of one number each; empty for tables without units."""
    columns = dict(
        connection.execute("select column_name, column_type from (describe " + quoted(name) + ")").fetchall()
    )
    if "unit_id" not in columns:
        return ""
    numbers = [column for column, kind in columns.items() if kind in ("DOUBLE", "BIGINT", "INTEGER")]
    key = next((quoted(column) for column in _KEYS if column in columns), "''")
    casts = ", ".join("cast(" + quoted(column) + " as double) as " + quoted(column) for column in numbers)
    wide = (
        "select period, '"
        + name
        + "' as table_name, unit_type, unit_id, "
        + key
        + " as key, withheld_because, "
        + casts
        + " from "
        + quoted(name)
    )
    listed = ", ".join(map(quoted, numbers))
    return "(from (" + wide + ") unpivot include nulls (number for column_name in (" + listed + ")))"


def export_tables(path: Path, folder: Path) -> None:
    """Every table as Parquet, and the data dictionary as CSV, in a folder."""
    with warehouse.opened(path, read_only=True) as connection:
        for name in _tables(connection):
            target = folder / f"{name}.parquet"
            connection.execute("copy " + quoted(name) + " to " + _literal(target) + " (format parquet)")
        connection.execute("copy data_dictionary to " + _literal(folder / "data_dictionary.csv") + " (header)")
