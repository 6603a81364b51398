"""The model runner: runs the SELECTs of `sql/`, each after the tables that it reads."""

import graphlib
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flows.foundation.progress import Progress, ProgressCallback, no_progress
from flows.foundation.resources import resource
from flows.warehouse.connection import Connection, opened, quoted, run_script
from flows.warehouse.dictionary import comment

_PARSE = """
    select json_serialize_sql(query, skip_null := true, skip_empty := true, skip_default := true)
    from (select unnest(?) as query)
"""
# Parsing all models takes DuckDB 0.2 s, so each is parsed once per process.
_TABLES_READ: dict[str, frozenset[str]] = {}


@dataclass(frozen=True)
class Model:
    """One SELECT: its table, description and grain, and the tables it reads."""

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
    """Read several model files, which DuckDB parses together."""
    texts = [path.read_text(encoding="utf-8").rstrip().rstrip(";") for path in paths]
    return [_model(*parts) for parts in zip(paths, texts, tables_read(texts), strict=True)]


def _model(path: Path, sql: str, reads: frozenset[str]) -> Model:
    header = [line.removeprefix("--").strip() for line in _header_lines(sql)]
    grain = next((line.removeprefix("Grain:").strip() for line in header if line.startswith("Grain:")), "")
    description = " ".join(line for line in header if line and not line.startswith("Grain:"))
    if not grain or not description:
        raise ValueError(f"{path}: a model begins with a description and a line '-- Grain: one row per …'")
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
    """For each SELECT the tables that it reads, as schema.table; CTEs, which have no schema, are left out.

    Raises:
        ValueError: one is not a SELECT that DuckDB can parse.
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
    """The tables with a schema in a statement, from its syntax tree by DuckDB."""
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
    """Load the macros that models share: arithmetic, and the small-group rules."""
    for name in ("arithmetic.sql", "disclosure.sql"):
        run_script(connection, resource("sql", "macros", name).read_text(encoding="utf-8"))


def run_models(
    connection: Connection,
    schemas: Iterable[str],
    python_models: Iterable[PythonModel] = (),
    progress: ProgressCallback = no_progress,
) -> None:
    """Build every table of some schemas, each after the tables it reads, with its description as comment.

    Columns are only described in the released databases, which analysts read. The tables are not compressed: they are
    built anew in every run, and compressing them takes a fifth of its time (measured with two million respondents).

    Raises:
        graphlib.CycleError: models that read each other.
    """
    load_macros(connection)
    connection.execute("set force_compression = 'uncompressed'")
    wanted = tuple(schemas)
    models: dict[str, Model | PythonModel] = {**read_models(wanted)}
    models.update({model.table: model for model in python_models if model.table.partition(".")[0] in wanted})
    order = graphlib.TopologicalSorter({table: model.reads & set(models) for table, model in models.items()})
    for done, table in enumerate(order.static_order()):
        model = models[table]
        progress(Progress(done, len(models), table))
        if isinstance(model, PythonModel):
            # Python models append, so rows of an earlier run are removed first.
            connection.execute("truncate " + quoted(table))
            model.fill(connection)
        else:
            run_script(connection, "create or replace table " + quoted(table) + " as\n" + model.sql)
            comment(connection, table, f"{model.description} Grain: {model.grain}")
