"""Figures follow from the SQL alone: however DuckDB plans a query, and with however many threads, they are the same."""

from flows import warehouse
from flows.steps.compute import compute
from tests import programmes, small_data


def _tables(made):
    with made.connection() as connection:
        names = connection.execute(
            "select schema_name, table_name from duckdb_tables() where schema_name <> 'raw' order by all"
        ).fetchall()
        return {
            f"{schema}.{name}": connection.execute(f'from "{schema}"."{name}" order by all').fetchall()
            for schema, name in names
        }


def _whole(made):
    made.validate()
    compute(made.settings.folder.warehouse, made.settings.pseudonym_keys().disclosure_record)
    return _tables(made)


def _rounded(value):
    """A value without the last digits of its numbers, which the order of a sum changes."""
    if isinstance(value, list | tuple):
        return [_rounded(part) for part in value]
    return round(value, 9) + 0.0 if isinstance(value, float) else value


def _plan():
    with warehouse.opened(None) as connection:
        return connection.execute("explain select range from range(3) where range > 1 and false").fetchall()


def test_a_real_run_has_another_plan_than_tests_have():
    in_a_test = _plan()
    with small_data.as_in_a_run():
        assert _plan() != in_a_test
    assert _plan() == in_a_test


def test_a_real_run_finds_the_same_figures_as_the_tests_do(programme):
    made = programmes.with_two_organisations(programme)
    found = _whole(made)
    with small_data.as_in_a_run():
        in_a_run = _whole(made)
    assert found["published.scale_levels"]
    assert found.keys() == in_a_run.keys()
    for table, rows in found.items():
        assert sorted(map(repr, _rounded(in_a_run[table]))) == sorted(map(repr, _rounded(rows))), table
