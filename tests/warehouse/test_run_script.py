"""Statements of our own are parsed once in a process, and run on every connection as if they were read anew."""

import duckdb
import pytest

from flows import warehouse

SCRIPT = """
    -- A table for each connection.
    create or replace table doubled as select number * 2 as number from given;
    insert into doubled values (7);
    select list(number order by number) from doubled where number > $least
"""


@pytest.mark.parametrize("numbers", [[1, 2], [10, 20]])
def test_each_connection_finds_its_own(numbers):
    with warehouse.opened(None) as connection:
        connection.execute("create table given as select unnest(?) as number", [numbers])
        (found,) = warehouse.run_script(connection, SCRIPT, {"least": 3}).fetchone()
    assert found == sorted(number for number in (*(2 * given for given in numbers), 7) if number > 3)


def test_a_table_that_was_made_anew_with_other_columns_is_read_as_it_is_now():
    with warehouse.opened(None) as connection:
        for columns in ("1 as first", "1 as first, 'b' as second"):
            connection.execute("create or replace table changing as select " + columns)
            found = warehouse.run_script(connection, "select * from changing").fetchall()
            assert found == connection.execute("select * from changing").fetchall()


def test_an_error_names_the_place_also_the_second_time():
    with warehouse.opened(None) as connection:
        for _ in range(2):
            with pytest.raises(duckdb.CatalogException, match="nowhere"):
                warehouse.run_script(connection, "select 1; select * from nowhere")
        with pytest.raises(duckdb.ParserException):
            warehouse.run_script(connection, "selekt 1")
