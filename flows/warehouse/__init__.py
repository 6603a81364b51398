"""The only place that connects to DuckDB; fills tables, and runs the models of `sql/` in dependency order."""

import graphlib
import hashlib
import json
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import duckdb

from flows.foundation import strict_yaml
from flows.foundation.progress import Progress, ProgressCallback, no_progress
from flows.foundation.resources import resource

Connection = duckdb.DuckDBPyConnection
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
# Any client from 1.4 on opens a file of this storage version; a default 2.0 file opens in none of them.
PUBLISHED_STORAGE = "v1.4.0"
_PARSE = """
    select json_serialize_sql(query, skip_null := true, skip_empty := true, skip_default := true)
    from (select unnest(?) as query)
"""
# To parse all models takes DuckDB 0.2 s: each is parsed once in a process.
_TABLES_READ: dict[str, frozenset[str]] = {}
# Every offline attempt to fetch an extension costs seconds, and none is needed.
_NO_EXTENSIONS = {"autoinstall_known_extensions": "false", "autoload_known_extensions": "false"}


@contextmanager
def opened(path: Path | None, read_only: bool = False, memory: str | None = None) -> Iterator[Connection]:
    """A connection to a DuckDB file (in memory when there is no path), closed at the end.

    With `memory`, such as ``256MB``, what does not fit goes to disk beside the database.
    """
    limit = {"memory_limit": memory} if memory else {}
    connection = duckdb.connect(str(path or ":memory:"), read_only=read_only, config={**_NO_EXTENSIONS, **limit})
    # It would go to stdout, where --json goes.
    connection.execute("set enable_progress_bar = false")
    try:
        yield connection
    finally:
        connection.close()


@contextmanager
def transaction(connection: Connection) -> Iterator[None]:
    """All of it or nothing."""
    connection.begin()
    try:
        yield
    except BaseException:
        connection.rollback()
        raise
    connection.commit()


def prepare(connection: Connection) -> None:
    """Create the schemas and the tables that Python fills; `raw` keeps what it holds, the others start empty."""
    for schema in SCHEMAS:
        connection.execute("create schema if not exists " + quoted(schema))
        tables = resource("sql", "tables", f"{schema}.sql")
        if tables.exists():
            connection.execute(tables.read_text(encoding="utf-8"))


def set_key(connection: Connection, key: bytes) -> None:
    """Give a connection the key of the macro `keyed_hash`, as the pads of HMAC (RFC 2104); it stands in no file."""
    block = hashlib.sha256().block_size
    padded = (key if len(key) <= block else hashlib.sha256(key).digest()).ljust(block, b"\0")
    for variable, byte in (("inner_pad", 0x36), ("outer_pad", 0x5C)):
        connection.execute("set variable " + variable + " = ?", [bytes(part ^ byte for part in padded)])


def quoted(name: str) -> str:
    """An identifier in SQL's double quotes; the parts of schema.table one by one."""
    return ".".join('"' + part.replace('"', '""') + '"' for part in name.split("."))


def append(connection: Connection, table: str, rows: Iterable[Mapping[str, Any]]) -> int:
    """Add rows to a table by column name and return how many there were.

    The rows go through a temporary file that is typed by the table itself, so a million need no memory.
    """
    described = connection.execute("select column_name, column_type from (describe " + quoted(table) + ")")
    columns = dict(described.fetchall())
    count = 0
    with tempfile.TemporaryDirectory(dir=_folder_of(connection)) as folder:
        path = Path(folder) / "rows.json"
        with path.open("w", encoding="utf-8") as file:
            for row in rows:
                file.write(json.dumps(row, ensure_ascii=False, default=str) + "\n")
                count += 1
        if count:
            connection.execute(
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
    return count


def _folder_of(connection: Connection) -> str | None:
    """Beside the database, so that answers never lie in a shared temporary folder."""
    row = connection.execute("select path from duckdb_databases() where not internal limit 1").fetchone()
    return str(Path(row[0]).parent) if row and row[0] else None


@dataclass(frozen=True)
class Model:
    """One SELECT: its table, what it is, its grain, and the tables it reads."""

    table: str
    sql: str
    description: str
    grain: str
    reads: frozenset[str]


@dataclass(frozen=True)
class PythonModel:
    """A table that SQL cannot compute: a function that appends to it, and the tables it reads."""

    table: str
    fill: Callable[[Connection], None]
    reads: frozenset[str]


def read_model(path: Path) -> Model:
    """Read one model file; its folder is the schema, its name the table.

    Raises:
        ValueError: the header lacks a description or a line `-- Grain: one row per …`.
    """
    return _read_files([path])[0]


def _read_files(paths: Sequence[Path]) -> list[Model]:
    """Several model files; DuckDB parses them together."""
    texts = [path.read_text(encoding="utf-8").rstrip().rstrip(";") for path in paths]
    return [_model(*parts) for parts in zip(paths, texts, tables_read(texts), strict=True)]


def _model(path: Path, sql: str, reads: frozenset[str]) -> Model:
    header = [line.removeprefix("--").strip() for line in _header_lines(sql)]
    grain = next((line.removeprefix("Grain:").strip() for line in header if line.startswith("Grain:")), "")
    description = " ".join(line for line in header if line and not line.startswith("Grain:"))
    if not grain or not description:
        raise ValueError(f"{path}: a model begins with what it is and a line '-- Grain: one row per …'")
    return Model(
        f"{path.parent.name}.{path.stem}",
        sql,
        description,
        grain,
        reads,
    )


def _header_lines(sql: str) -> Iterator[str]:
    for line in sql.splitlines():
        if not line.startswith("--"):
            return
        yield line


def tables_read(queries: Sequence[str]) -> list[frozenset[str]]:
    """For each SELECT the tables that it reads, as schema.table; its CTEs, which have no schema, are not among them.

    Raises:
        ValueError: one is no SELECT that DuckDB can parse.
    """
    if unknown := [query for query in queries if query not in _TABLES_READ]:
        with opened(None) as connection:
            rows = connection.execute(_PARSE, [unknown]).fetchall()
        _TABLES_READ.update(zip(unknown, (_tables_in(json.loads(text)) for (text,) in rows), strict=True))
    return [_TABLES_READ[query] for query in queries]


def _tables_in(parsed: dict[str, Any]) -> frozenset[str]:
    if parsed["error"]:
        raise ValueError(parsed["error_message"])
    return frozenset(_tables_named(parsed["statements"]))


def _tables_named(tree: Any) -> Iterator[str]:
    """The tables with a schema in a statement, as DuckDB's parser gives it."""
    if isinstance(tree, dict):
        if tree.get("type") == "BASE_TABLE" and "schema_name" in tree:
            yield f"{tree['schema_name']}.{tree['table_name']}".lower()
        tree = list(tree.values())
    if isinstance(tree, list):
        for branch in tree:
            yield from _tables_named(branch)


def read_models(schemas: Iterable[str]) -> dict[str, Model]:
    """All models of some schemas, by table."""
    paths = [path for schema in schemas for path in sorted(resource("sql", schema).glob("*.sql"))]
    return {model.table: model for model in _read_files(paths)}


def load_macros(connection: Connection) -> None:
    """What models share: arithmetic, and the small-group rules."""
    for name in ("arithmetic.sql", "disclosure.sql"):
        connection.execute(resource("sql", "macros", name).read_text(encoding="utf-8"))


def run_models(
    connection: Connection,
    schemas: Iterable[str],
    python_models: Iterable[PythonModel] = (),
    progress: ProgressCallback = no_progress,
) -> None:
    """Build every table of some schemas, each after the tables it reads, with what it is as its comment.

    What the columns mean is told where analysts read it, in the released databases.

    Raises:
        graphlib.CycleError: models that read each other.
    """
    load_macros(connection)
    wanted = tuple(schemas)
    models: dict[str, Model | PythonModel] = {**read_models(wanted)}
    models.update({model.table: model for model in python_models if model.table.partition(".")[0] in wanted})
    order = graphlib.TopologicalSorter({table: model.reads & set(models) for table, model in models.items()})
    for done, table in enumerate(order.static_order()):
        model = models[table]
        progress(Progress(done, len(models), table))
        if isinstance(model, PythonModel):
            # It appends, and may have done so before.
            connection.execute("truncate " + quoted(table))
            model.fill(connection)
        else:
            connection.execute("create or replace table " + quoted(table) + " as\n" + model.sql)
            comment(connection, table, f"{model.description} Grain: {model.grain}")


def comment(connection: Connection, table: str, description: str) -> None:
    """Put a table's description into the database."""
    connection.execute("comment on table " + quoted(table) + " is " + literal(description))


def comment_columns(connection: Connection, table: str, texts: Mapping[str, "ColumnText"]) -> list[str]:
    """Put the texts of a table's or view's columns into the database; returns the columns in their order."""
    columns = [
        row[0] for row in connection.execute("select column_name from (describe " + quoted(table) + ")").fetchall()
    ]
    statements = [
        "comment on column " + quoted(table) + "." + quoted(column) + " is " + literal(texts[column].sentence)
        for column in columns
        if column in texts
    ]
    if statements:
        connection.execute("; ".join(statements))
    return columns


def pattern_problem(pattern: str) -> str:
    """Why a text is no regular expression of RE2, the kind that DuckDB has; empty when it is one."""
    with opened(None) as connection:
        try:
            connection.execute("select regexp_matches('', ?)", [pattern])
        except duckdb.Error as error:
            return str(error).rpartition(": ")[2]
    return ""


def parts_of(connection: Connection, texts: Sequence[str], pattern: str) -> list[str]:
    """The first group of a pattern in each of some texts; empty where it does not fit."""
    parts: list[str] = one(
        connection, "select list_transform(?, lambda text: regexp_extract(text, ?, 1))", [list(texts), pattern]
    )
    return parts


def literal(text: str) -> str:
    """A text in SQL's single quotes, for statements that take no parameters."""
    return "'" + text.replace("'", "''") + "'"


@dataclass(frozen=True)
class ColumnText:
    """What a column means, in which unit, and which values it can have; the same name means the same everywhere."""

    description: str
    unit: str = ""
    values: str = ""

    @property
    def sentence(self) -> str:
        """All of it in one line."""
        parts = (
            self.description,
            self.unit and f"Unit: {self.unit}.",
            self.values and f"Values: {self.values}.",
        )
        return " ".join(part for part in parts if part)


@cache
def column_texts() -> dict[str, ColumnText]:
    """The data dictionary, by column name."""
    document = strict_yaml.read(resource("sql", "data_dictionary.yaml"))
    return {column: ColumnText(**text) for column, text in document.data.items()}


def has_table(connection: Connection, table: str) -> bool:
    """Whether a table, named as schema.table, is there."""
    return bool(
        one(
            connection,
            "select count(*) from duckdb_tables() where schema_name || '.' || table_name = ?",
            [table],
        )
    )


def write_csv(connection: Connection, query: str, target: Path) -> None:
    """Write the rows of a query of ours as CSV with a heading; texts go through its macro `as_cell`."""
    connection.execute(resource("sql", "spreadsheet.sql").read_text(encoding="utf-8"))
    connection.execute("copy (" + query + ") to " + literal(str(target)) + " (header)")


def rows_as(make: Callable[..., T], connection: Connection, query: str, values: Iterable[Any] = ()) -> tuple[T, ...]:
    """The rows of a query as objects, made with the columns as named arguments; lists become tuples."""
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
