"""Whatever is handed out says the same: Parquet, figures.csv and manifest hold no number that the database lacks."""

import json
import math

import duckdb
import pytest

from tests import programmes


@pytest.fixture(scope="module")
def released(tmp_path_factory):
    made = programmes.make(tmp_path_factory.mktemp("handed-out") / "programme")
    made.register(
        collectives=[
            {**programmes.COLLECTIVES[0], "collective_id": name, "name": name.title(), "members": "90"}
            for name in ("watch", "energy", "small")
        ]
    )
    programmes.plain_source(made, programmes.ITEMS)
    made.export(
        "answers.csv",
        [
            *(programmes.answers(n, group="watch") for n in range(1, 41)),
            *(programmes.answers(n, group="energy") for n in range(50, 65)),
            *(programmes.answers(n, group="small") for n in range(70, 77)),
        ],
    )
    programmes.release(made)
    return made


@pytest.fixture(scope="module")
def database(released):
    with duckdb.connect(str(released.settings.folder.database), read_only=True) as connection:
        yield connection


def _tables(database) -> list[str]:
    return [name for (name,) in database.execute("select table_name from duckdb_tables() order by 1").fetchall()]


def _numbers(rows) -> set[float]:
    values = (value for row in rows for value in row if isinstance(value, int | float) and not isinstance(value, bool))
    return {round(float(value), 9) for value in values if not math.isnan(value)}


def test_every_table_as_parquet_is_that_table(released, database):
    for name in _tables(database):
        path = released.settings.folder.public / f"{name}.parquet"
        rows = database.execute(f'from "{name}" order by all').fetchall()
        assert duckdb.execute("from read_parquet(?) order by all", [str(path)]).fetchall() == rows, name


def test_figures_hold_no_other_number(released, database):
    known = _numbers(row for name in _tables(database) for row in database.execute(f'from "{name}"').fetchall())
    folder = released.root / "releases" / "2026-10" / "v1"
    for reader, name in (("read_csv", "figures.csv"), ("read_parquet", "figures.parquet")):
        numbers = duckdb.execute(f"select number from {reader}(?)", [str(folder / name)]).fetchall()
        assert _numbers(numbers)
        assert _numbers(numbers) <= known, name


def test_the_manifest_holds_no_figure_at_all(released):
    document = json.loads((released.root / "releases" / "2026-10" / "v1" / "manifest.json").read_text())
    assert {key for key, value in document.items() if isinstance(value, int | float)} == {
        "version", "levels_from", "full_from", "distributions_from", "window_months",
    }  # fmt: skip
    assert not _numbers(entry.values() for entry in document["figures"])
