"""Opens DuckDB files, as the only module that does so, and provides shared statements."""

import hashlib
import itertools
import os
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import duckdb
import orjson

from flows.foundation.resources import resource
from flows.foundation.spreadsheet_texts import FORMULA

Connection = duckdb.DuckDBPyConnection
Error = duckdb.Error
T = TypeVar("T")
# In the order in which data flows: a model reads from its own schema and those before it.
SCHEMAS = (
    "raw",
    "reference",
    "released",
    "validated",
    "counted",
    "scored",
    "measurement",
    "mixes",
    "statistics",
    "disclosure",
    "published",
)
# DuckDB 1.4 and later can open this storage version; clients before 2.0 cannot open the default of 2.0.
PUBLISHED_STORAGE = "v1.4.0"
# Every offline attempt to fetch an extension costs seconds, and none is needed.
_NO_EXTENSIONS = {"autoinstall_known_extensions": "false", "autoload_known_extensions": "false"}
# Moments as DuckDB writes them, with a space; a line for each row.
_AS_JSON = orjson.OPT_PASSTHROUGH_DATETIME | orjson.OPT_NON_STR_KEYS | orjson.OPT_APPEND_NEWLINE
# Enough for both processors: adding so many rows takes about as long as making them.
_ROWS_AT_ONCE = 60_000
# Parsing takes a quarter of the time that DuckDB needs for the models of a small programme (measured).
_PARSED: dict[str, list[duckdb.Statement]] = {}
# DuckDB writes three headers first. A shorter file was never a database: the disk was full, or the process killed.
_HEADER_BYTES = 3 * 4096


def remove_unfinished(path: Path) -> None:
    """Remove what a creation that was cut off left of a database that can be made again."""
    if path.exists() and path.stat().st_size < _HEADER_BYTES:
        path.unlink()


@contextmanager
def opened(path: Path | None, read_only: bool = False, memory: int | None = None) -> Iterator[Connection]:
    """A connection to a DuckDB file (in memory when there is no path), closed at the end.

    Beyond `memory` megabytes, or four fifths of the machine's memory where that is less, data is spilled to disk beside
    the database.
    """
    limit = {"memory_limit": f"{min(memory, _machine_megabytes() * 4 // 5)}MB"} if memory else {}
    connection = duckdb.connect(str(path or ":memory:"), read_only=read_only, config={**_NO_EXTENSIONS, **limit})
    # The progress bar would be written to stdout, where --json output goes.
    connection.execute("set enable_progress_bar = false")
    try:
        yield connection
    finally:
        connection.close()


def _machine_megabytes() -> int:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20


@contextmanager
def transaction(connection: Connection) -> Iterator[None]:
    """Commit everything, or nothing on an exception."""
    connection.begin()
    try:
        yield
    except BaseException:
        connection.rollback()
        raise
    connection.commit()


def run_script(connection: Connection, script: str, values: Any = None) -> Connection:
    """Run statements that belong to the software, the last one with values; return the connection with its result.

    Each text is parsed once per process, so texts made of data, such as names of files, are not for this function.
    """
    if script not in _PARSED:
        _PARSED[script] = connection.extract_statements(script)
    *before, last = _PARSED[script]
    for statement in before:
        connection.execute(statement)
    return connection.execute(last, values)


def prepare(connection: Connection, schemas: Iterable[str] = SCHEMAS) -> None:
    """Create schemas and the tables that Python fills in them; `raw` keeps its rows, the others start empty."""
    for schema in schemas:
        run_script(connection, "create schema if not exists " + quoted(schema))
        tables = resource("sql", "tables", f"{schema}.sql")
        if tables.exists():
            run_script(connection, tables.read_text(encoding="utf-8"))


def set_key(connection: Connection, key: bytes) -> None:
    """Give a connection the key of the macro `keyed_hash`, as the pads of HMAC (RFC 2104); no file stores it."""
    block = hashlib.sha256().block_size
    padded = (key if len(key) <= block else hashlib.sha256(key).digest()).ljust(block, b"\0")
    for variable, byte in (("inner_pad", 0x36), ("outer_pad", 0x5C)):
        connection.execute("set variable " + variable + " = ?", [bytes(part ^ byte for part in padded)])


def quoted(name: str) -> str:
    """An identifier in SQL's double quotes; schema.table is quoted part by part."""
    return ".".join('"' + part.replace('"', '""') + '"' for part in name.split("."))


def append(connection: Connection, table: str, rows: Iterable[Mapping[str, Any]]) -> int:
    """Add rows to a table by column name and return how many there were.

    The rows go through temporary files with the column types of the table, so a million rows need little memory. While
    DuckDB adds some, the next ones are made: whoever makes them must not use the connection, only a cursor of it.
    """
    remaining = iter(rows)
    first = next(remaining, None)
    # Half of the tables of a small programme get no rows.
    if first is None:
        return 0
    remaining = itertools.chain((first,), remaining)
    described = run_script(connection, "select column_name, column_type from (describe " + quoted(table) + ")")
    columns = dict(described.fetchall())
    count = 0
    with tempfile.TemporaryDirectory(dir=_folder_of(connection)) as folder, ThreadPoolExecutor(1) as beside:
        added: Future[None] | None = None
        for turn in itertools.count():
            path = Path(folder) / f"rows-{turn % 2}.json"
            written = _write_rows(path, itertools.islice(remaining, _ROWS_AT_ONCE))
            count += written
            if added:
                added.result()
            if written < _ROWS_AT_ONCE:
                break
            added = beside.submit(_add_rows, connection, table, columns, path)
        if written:
            _add_rows(connection, table, columns, path)
    return count


def _write_rows(path: Path, rows: Iterable[Mapping[str, Any]]) -> int:
    """Write rows as lines of JSON; return how many there were."""
    count = 0
    with path.open("wb") as file:
        for row in rows:
            file.write(orjson.dumps(row, default=str, option=_AS_JSON))
            count += 1
    return count


def _add_rows(connection: Connection, table: str, columns: Mapping[str, str], path: Path) -> None:
    """Add the rows of a file to a table; `columns` has the types of the table."""
    run_script(
        connection,
        " ".join(
            (
                "insert into",
                quoted(table),
                "by name select * from read_json($path, columns = $columns, format = 'nd',",
                "maximum_object_size = 16777216)",
            )
        ),
        {"path": str(path), "columns": columns},
    )


def _folder_of(connection: Connection) -> str | None:
    """The folder of the database, so that answers are never in a shared temporary folder."""
    row = run_script(connection, "select path from duckdb_databases() where not internal limit 1").fetchone()
    return str(Path(row[0]).parent) if row and row[0] else None


def pattern_problem(pattern: str) -> str:
    """Why a text is not a regular expression of RE2, which DuckDB uses; empty when it is one."""
    with opened(None) as connection:
        try:
            connection.execute("select regexp_matches('', ?)", [pattern])
        except duckdb.Error as error:
            return str(error).rpartition(": ")[2]
    return ""


def parts_of(connection: Connection, texts: Sequence[str], pattern: str) -> list[str]:
    """The first group of a pattern in each text; empty where the pattern does not match.

    The connection may add rows meanwhile.
    """
    with connection.cursor() as beside:
        parts: list[str] = one(
            beside, "select list_transform(?, lambda text: regexp_extract(text, ?, 1))", [list(texts), pattern]
        )
    return parts


def literal(text: str) -> str:
    """A text in SQL's single quotes, for statements that take no parameters."""
    return "'" + text.replace("'", "''") + "'"


def has_table(connection: Connection, table: str) -> bool:
    """Whether a table, named as schema.table, exists."""
    return bool(
        one(
            connection,
            "select count(*) from duckdb_tables() where schema_name || '.' || table_name = ?",
            [table],
        )
    )


def write_csv(connection: Connection, query: str, target: Path) -> None:
    """Write the rows of a trusted query as CSV with a heading, its texts as `spreadsheet_texts.as_cell` gives them."""
    described = connection.execute("select column_name, column_type from (describe " + query + ")").fetchall()
    columns = ", ".join(_as_cell(quoted(name)) if kind == "VARCHAR" else quoted(name) for name, kind in described)
    connection.execute("copy (select " + columns + " from (" + query + ")) to " + literal(str(target)) + " (header)")


def _as_cell(column: str) -> str:
    is_formula = "regexp_matches(" + column + ", " + literal(FORMULA) + ")"
    return "case when " + is_formula + " then '''' || " + column + " else " + column + " end as " + column


def rows_as(make: Callable[..., T], connection: Connection, query: str, values: Iterable[Any] = ()) -> tuple[T, ...]:
    """The rows of a query as objects, created with columns as keyword arguments; lists become tuples."""
    result = connection.execute(query, list(values))
    names = [column[0] for column in result.description]
    return tuple(
        make(
            **{name: tuple(value) if isinstance(value, list) else value for name, value in zip(names, row, strict=True)}
        )
        for row in result.fetchall()
    )


def one(connection: Connection, sql: str, values: Iterable[Any] = ()) -> Any:
    """The single value of a query that has one row and one column."""
    row = connection.execute(sql, list(values)).fetchone()
    return row[0] if row else None
