"""Rows on their way into a table: many of them in parts, while the next ones are made."""

import duckdb
import pytest

from flows import warehouse
from flows.warehouse import connection as module

ROWS = [{"number": number, "word": f"w{number}"} for number in range(7)]


@pytest.fixture
def connection(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "_ROWS_AT_ONCE", 3)
    with warehouse.opened(tmp_path / "some.duckdb") as opened:
        opened.execute("create table kept (word varchar not null, number integer)")
        yield opened


def _kept(connection):
    return connection.execute("select number, word from kept order by rowid").fetchall()


@pytest.mark.parametrize("count", [0, 1, 3, 6, 7])
def test_every_row_is_added_once_and_in_order(connection, count):
    assert warehouse.append(connection, "kept", iter(ROWS[:count])) == count
    assert _kept(connection) == [(number, f"w{number}") for number in range(count)]


def test_whoever_makes_the_rows_may_ask_a_cursor_meanwhile(connection):
    rows = ({**row, "word": warehouse.parts_of(connection, [row["word"]], "w(.)")[0]} for row in ROWS)
    warehouse.append(connection, "kept", rows)
    assert _kept(connection) == [(number, str(number)) for number in range(7)]


def test_nothing_is_kept_where_a_row_cannot_be_made(connection, tmp_path):
    def rows():
        yield from ROWS[:5]
        raise ValueError("row 6")

    with pytest.raises(ValueError, match="row 6"), warehouse.transaction(connection):
        warehouse.append(connection, "kept", rows())
    assert _kept(connection) == []
    assert sorted(path.name for path in tmp_path.iterdir() if path.is_dir()) == []


@pytest.mark.parametrize("bad", [1, 4, 6])
def test_nothing_is_kept_where_a_row_does_not_fit(connection, bad):
    rows = [{**row, "word": None if row["number"] == bad else row["word"]} for row in ROWS]
    with pytest.raises(duckdb.ConstraintException), warehouse.transaction(connection):
        warehouse.append(connection, "kept", rows)
    assert _kept(connection) == []
