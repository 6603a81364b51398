"""Rewrites the warehouse without erased rows: after a DELETE their bytes remain in a DuckDB file."""

from pathlib import Path

from flows import warehouse
from flows.foundation.atomic_files import replaced_by_library

_WITH_ROWS = ("raw.responses", "raw.marks", "raw.fields", "raw.missing_codes", "raw.exports")


def rewrite(database: Path, gone: str) -> None:
    """Replace the database with a new file that has the remaining rows of `raw`; the next run rebuilds the rest.

    `gone` is a trusted query that returns sha256 and row_number of responses, or sha256 and NULL for whole exports; the
    old tables are in the database `old`.
    """
    with replaced_by_library(database) as fresh, warehouse.opened(None) as connection:
        connection.execute("attach " + warehouse.literal(str(database)) + " as old (read_only)")
        connection.execute("attach " + warehouse.literal(str(fresh)) + " as fresh")
        connection.execute("use fresh")
        warehouse.prepare(connection)
        connection.execute("create temp table gone as " + gone)
        for table in _WITH_ROWS:
            kept = (
                "insert into "
                + warehouse.quoted(table)
                + " by name select * from old."
                + warehouse.quoted(table)
                + " as kept where sha256 not in (select sha256 from gone where row_number is null)"
            )
            if table == "raw.responses":
                kept += (
                    " and not exists (select 1 from gone"
                    " where gone.sha256 = kept.sha256 and gone.row_number = kept.row_number)"
                )
            connection.execute(kept)
        connection.execute(
            "update raw.exports set response_count ="
            " (select count(*) from raw.responses where responses.sha256 = exports.sha256)"
        )
        connection.execute("checkpoint fresh")
        connection.execute("use memory")
        connection.execute("detach fresh")
        connection.execute("detach old")
