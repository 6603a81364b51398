"""`motiefmix explain`: explains a printed figure and its origin, given its reference, in words and in SQL."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from cyclopts import Parameter

from flows import warehouse
from flows.commands.figure_in_words import Figure, in_words
from flows.commands.options import HERE, JsonOption, ProgrammeOption
from flows.commands.telling import table, tell
from flows.foundation.errors import UserError
from flows.foundation.figure_reference import same_reference
from flows.programme import manifest, settings
from flows.programme.settings import Settings
from flows.steps.compute import SCHEMAS as COMPUTED
from flows.steps.publish import figure_references


@dataclass(frozen=True)
class Explained:
    """The released rows of one table for a reference, and how they were computed.

    `query` selects the rows in the analysts' database, `model` is the SELECT that computed the exact figures, `follows`
    lists the models upstream of it, nearest first.
    """

    table: str
    rows: list[dict[str, Any]]
    query: str
    model: str
    follows: list[str]


@dataclass(frozen=True)
class Explanation:
    """The figures of a reference in the newest release that prints it; `accepted` in `inputs` is in tens."""

    in_words: str
    reference: str
    period: str
    version: int
    unit_type: str
    unit_id: str
    name: str
    scale: str
    tables: list[Explained]
    inputs: list[dict[str, Any]]
    inputs_hash: str


def explain(chosen: Settings, reference: str) -> Explanation:
    """Look up a reference in the releases, newest first.

    Raises:
        UserError: no release prints it.
    """
    wanted = same_reference(reference)
    for released in reversed(manifest.all_newest(chosen.folder)):
        folder = released.folder_in(chosen.folder)
        entries = json.loads((folder / manifest.FILE_NAME).read_text(encoding="utf-8")).get("figures", [])
        if entry := next((entry for entry in entries if entry["reference"] == wanted), None):
            return _explanation(folder / released.database_name, released, entry)
    raise UserError(
        f"No release prints a figure with the reference {wanted}. References are in 'The figures' of a report."
    )


def _explanation(database: Path, released: manifest.Manifest, entry: Mapping[str, str]) -> Explanation:
    with warehouse.opened(database, read_only=True) as connection:
        names = {"collective": "collectives", "organisation": "organisations"}
        name = warehouse.one(
            connection,
            "select name from " + names[entry["unit_type"]] + " where " + entry["unit_type"] + "_id = ?",
            [entry["unit_id"]],
        )
        label = _label(connection, entry["scale"])
        inputs = _rows(connection, "select file_name, sha256, source, accepted from source_versions order by all", [])
        tables = [found for table in _tables_of(entry) if (found := _explained(connection, table, entry)).rows]
    rows = {table.table: table.rows for table in tables}
    figure = Figure(entry["reference"], released.period, entry["unit_type"], str(name), label, _step(tables), rows)
    return Explanation(
        in_words(figure),
        entry["reference"],
        released.period,
        released.version,
        entry["unit_type"],
        entry["unit_id"],
        str(name),
        entry["scale"],
        tables,
        inputs,
        released.inputs_hash,
    )


def _label(connection: warehouse.Connection, scale: str) -> str:
    """The label of a scale; empty for no scale."""
    found = "select coalesce(label_en, label_nl, scale) from scales where scale = ?"
    return str(warehouse.one(connection, found, [scale]) or scale)


def _step(tables: list[Explained]) -> float:
    """The rounding step for means of so many people; numbers below ten are not published and share one step."""
    shown = [row["respondents"] for table in tables for row in table.rows if row.get("respondents")]
    with warehouse.opened(None) as connection:
        warehouse.load_macros(connection)
        return float(warehouse.one(connection, "select level_step(?::bigint)", [max(shown, default=1)]))


def _tables_of(entry: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(figure_references.OF_SCALES) if entry["scale"] else figure_references.OF_UNITS


def _explained(connection: warehouse.Connection, table: str, entry: Mapping[str, str]) -> Explained:
    key = {"unit_type": entry["unit_type"], "unit_id": entry["unit_id"]}
    if table == "benchmarks":
        key = {"collective_id": entry["unit_id"]} if entry["unit_type"] == "collective" else {"collective_id": ""}
    if entry["scale"]:
        key[figure_references.OF_SCALES[table]] = entry["scale"]
    conditions = " and ".join(warehouse.quoted(column) + " = ?" for column in key)
    rows = _rows(connection, "select * from " + warehouse.quoted(table) + " where " + conditions, list(key.values()))
    said = " and ".join(column + " = " + warehouse.literal(value) for column, value in key.items())
    models = warehouse.read_models(["reference", "validated", *COMPUTED])
    exact = models.get(f"statistics.{table}") or models[f"published.{table}"]
    return Explained(
        table, rows, "select * from " + table + " where " + said, exact.sql, _follows(models, f"published.{table}")
    )


def _follows(models: Mapping[str, warehouse.Model], table: str) -> list[str]:
    """Every model upstream of a table, nearest first."""
    found: list[str] = []
    waiting = [table]
    while waiting:
        for name in sorted(models[waiting.pop(0)].reads & set(models)):
            if name not in found:
                found.append(name)
                waiting.append(name)
    return found


def _rows(connection: warehouse.Connection, query: str, values: list[str]) -> list[dict[str, Any]]:
    found = connection.execute(query, values)
    names = [column[0] for column in found.description or ()]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def describe(found: Explanation, with_sql: bool = False) -> str:
    """Format an explanation for a terminal, starting with the words."""
    return "\n".join(_lines(found, with_sql))


def _lines(found: Explanation, with_sql: bool) -> Iterator[str]:
    yield f"{found.in_words}\n"
    about = f", {found.scale}" if found.scale else ""
    yield f"{found.reference}  {found.period} v{found.version}: {found.unit_type} {found.unit_id} ({found.name}){about}"
    for explained in found.tables:
        yield f"\n{explained.table}"
        for row in explained.rows:
            shown = {name: value for name, value in row.items() if value is not None}
            yield "  " + ", ".join(f"{name} {value}" for name, value in shown.items() if name != "period")
        if with_sql:
            made = [("released as", f"{explained.query};"), ("follows from", ", ".join(explained.follows))]
            yield from table([*made, ("computed by", "")], is_indented=True)
            yield from (f"    {line}" for line in explained.model.splitlines())
    yield f"\nexports behind it (inputs {found.inputs_hash}); answers that count, in tens"
    inputs = [(entry["sha256"], entry["accepted"], entry["file_name"]) for entry in found.inputs]
    yield from table(inputs, numbers=[1], is_indented=True)
    if not with_sql:
        yield "\nHow it was computed, as SQL: --sql"


def command(
    reference: str,
    *,
    sql: Annotated[bool, Parameter(negative=(), help="Also the queries that released and computed it.")] = False,
    programme: ProgrammeOption = HERE,
    json: JsonOption = False,
) -> None:
    """Explain one figure."""
    found = explain(settings.load(programme), reference)
    tell(found, lambda explained: describe(explained, sql), json)
