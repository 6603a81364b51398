"""The data dictionary: the meaning of tables and columns, and writing it into a database."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from flows.foundation import strict_yaml
from flows.foundation.resources import resource
from flows.warehouse.connection import Connection, literal, quoted, run_script


def comment(connection: Connection, table: str, description: str) -> None:
    """Write the description of a table into the database."""
    run_script(connection, "comment on table " + quoted(table) + " is " + literal(description))


def comment_columns(connection: Connection, table: str, texts: Mapping[str, "ColumnText"]) -> list[str]:
    """Write the texts of the columns of a table or view into the database; return the columns in order."""
    columns = [
        name
        for (name,) in run_script(connection, "select column_name from (describe " + quoted(table) + ")").fetchall()
    ]
    statements = [
        "comment on column " + quoted(table) + "." + quoted(column) + " is " + literal(texts[column].sentence)
        for column in columns
        if column in texts
    ]
    if statements:
        run_script(connection, "; ".join(statements))
    return columns


@dataclass(frozen=True)
class ColumnText:
    """The meaning, unit and values of a column; the same name means the same everywhere."""

    description: str
    unit: str = ""
    values: str = ""

    @property
    def sentence(self) -> str:
        """Description, unit and values on one line."""
        parts = (
            self.description,
            self.unit and f"Unit: {self.unit}.",
            self.values and f"Values: {self.values}.",
        )
        return " ".join(part for part in parts if part)


@cache
def column_texts() -> dict[str, ColumnText]:
    """The data dictionary, by column name: of tables, and of what only views have."""
    documents = [strict_yaml.read(resource("sql", name)) for name in ("data_dictionary.yaml", "view_dictionary.yaml")]
    return {column: ColumnText(**text) for document in documents for column, text in document.data.items()}
