"""A release is there or not there; analysts have a whole database at every moment."""

import csv
import json
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from flows.foundation.contracts import FailedReport
from flows.foundation.errors import PublicFolderError
from flows.steps.publish import find_same, refresh_public, staging, swap
from tests import programmes

REPORT = programmes.REPORT
# An analyst's own process, which asks the same before and after a run.
READER = """
import duckdb, sys
connection = duckdb.connect(sys.argv[1], read_only=True)
question = "select value from about where key = 'release_version'"
print(connection.execute(question).fetchone()[0], flush=True)
sys.stdin.readline()
print(connection.execute(question).fetchone()[0], flush=True)
"""


@pytest.fixture(scope="module")
def made(shared):
    return shared("released", 14)


@pytest.fixture
def released(made, tmp_path):
    return programmes.copied(made, tmp_path)


def _tables(path: Path) -> set[str]:
    with duckdb.connect(str(path), read_only=True) as connection:
        return {row[0] for row in connection.execute("select table_name from duckdb_tables()").fetchall()}


def test_the_database_holds_released_tables_and_nothing_else(released):
    assert _tables(released.settings.folder.database) == {
        "about", "agreement", "benchmarks", "changes", "collectives", "data_dictionary", "deliveries",
        "diversity", "dominant_motives", "item_statistics", "motive_mix", "one_factor", "organisations",
        "orientations", "profiles", "reliability", "response_rates", "rest_groups",
        "scale_levels", "scales", "source_versions",
    }  # fmt: skip


def test_every_table_lies_beside_the_database_as_parquet(released):
    public = released.settings.folder.public
    assert {path.stem for path in public.glob("*.parquet")} == _tables(released.settings.folder.database)
    levels = duckdb.sql(f"from '{public / 'scale_levels.parquet'}'").fetchall()
    with duckdb.connect(str(released.settings.folder.database), read_only=True) as connection:
        assert sorted(map(repr, levels)) == sorted(map(repr, connection.execute("from scale_levels").fetchall()))
    assert not list(public.glob(".making*"))


def test_every_table_and_column_has_a_comment(released):
    with duckdb.connect(str(released.settings.folder.database), read_only=True) as connection:
        assert connection.execute("select table_name from duckdb_tables() where comment is null").fetchall() == []
        bare = connection.execute(
            "select table_name, column_name from duckdb_columns() where comment is null and not internal"
        ).fetchall()
    assert bare == []


def test_views_speak_dutch_and_english(released):
    with duckdb.connect(str(released.settings.folder.database), read_only=True) as connection:
        assert connection.execute("select count(*) from v_niveaus where soort_groep = 'collectief'").fetchone() == (11,)
        assert connection.execute("select count(*) from v_levels where kind_of_group = 'programme'").fetchone() == (11,)


def test_older_clients_can_open_it(released):
    with duckdb.connect(":memory:") as connection:
        connection.execute(f"attach '{released.settings.folder.database}' as m (read_only)")
        version = connection.execute("select tags['storage_version'] from duckdb_databases() where database_name = 'm'")
        assert version.fetchone()[0].startswith("v1.4")


def test_an_open_reader_keeps_what_it_has_while_the_file_is_swapped(released):
    path = released.settings.folder.database
    reader = subprocess.Popen(
        [sys.executable, "-c", READER, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert reader.stdout.readline() == "1\n"
    programmes.release(released, inputs_hash="changed", is_computed=True)
    output, _ = reader.communicate("go on\n")
    assert output == "1\n"
    with duckdb.connect(str(path), read_only=True) as reader:
        assert reader.execute("select value from about where key = 'release_version'").fetchone() == ("2",)


def test_a_stray_write_ahead_log_is_never_replayed_into_a_new_file(tmp_path):
    fresh, target = tmp_path / "fresh.duckdb", tmp_path / "target.duckdb"
    fresh.write_bytes(b"new")
    (tmp_path / "target.duckdb.wal").write_bytes(b"old")
    with pytest.raises(PublicFolderError, match="target.duckdb.wal"):
        swap(fresh, target)
    assert not target.exists()


def test_the_current_database_has_every_period_in_its_newest_version(released):
    programmes.plain_source(released, programmes.ITEMS)
    released.export("more.csv", [programmes.answers(n, submitted="2026-11-03 12:00:00") for n in range(30, 45)])
    programmes.release(released, "2026-11")
    with duckdb.connect(str(released.settings.folder.database), read_only=True) as connection:
        assert connection.execute("select distinct period from scale_levels order by period").fetchall() == [
            ("2026-10",),
            ("2026-11",),
        ]
        assert connection.execute("select count(*) from organisations").fetchone() == (1,)
        assert connection.execute("select value from about where key = 'releases'").fetchone() == (
            "2026-10 v1, 2026-11 v1",
        )


def test_what_a_cut_off_run_left_is_finished_by_the_next(released):
    folder = released.settings.folder
    folder.database.unlink()
    (folder.releases / "2026-10" / ".making-dead").mkdir()
    refresh_public(folder)
    assert folder.database.exists()
    staging(folder, "2026-10", "next")
    assert not (folder.releases / "2026-10" / ".making-dead").exists()


def test_the_same_inputs_make_no_second_version_unless_a_report_had_failed(released):
    folder = released.settings.folder
    assert find_same(folder, "2026-10", "h").version == 1
    assert find_same(folder, "2026-10", "other") is None
    failed = FailedReport(organisation_id="town", failed_because="it took too long")
    programmes.release(released, reports=[failed], inputs_hash="again", is_public=False, is_computed=True)
    assert find_same(folder, "2026-10", "again") is None


def test_the_manifest_lists_reports_with_their_status(released):
    document = json.loads((released.settings.folder.releases / "2026-10" / "v1" / "manifest.json").read_text())
    assert document["reports"][0] == {
        "organisation_id": "town", "language": "nl", "file": "town.pdf", "sha256": "x", "pages": 4,
        "failed_because": "", "attachments": [], "suggestions": [], "inputs": "", "status": "ready", "channel": "",
        "delivered_on": "",
    }  # fmt: skip
    assert document["inputs"] == [{"file_name": "answers.csv", "sha256": released.inputs()[0].sha256, "source": "form"}]


def test_figures_are_the_published_cells_and_start_no_formula(programme):
    programme.register(collectives=[{**programmes.COLLECTIVES[0], "collective_id": "-cmd"}])
    programmes.plain_source(programme, programmes.ITEMS, collective="collective: {from: constant, constant: '-cmd'}")
    programme.export("answers.csv", [programmes.answers(n) for n in range(1, 15)])
    release = programmes.release(programme, is_public=False)
    with (release.folder / "figures.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert {row["unit_id"] for row in rows} == {"'-cmd", "town", "programme"}
    means = {
        row["key"]: float(row["number"])
        for row in rows
        if row["table_name"] == "scale_levels"
        and row["column_name"] == "mean"
        and row["unit_id"] == "town"
        and row["number"]
    }
    assert means == dict(
        programme.query("select scale, mean from published.scale_levels where unit_id = 'town' and mean is not null")
    )


def test_analysts_may_read_public_and_nobody_else_private(released):
    folder = released.settings.folder
    assert folder.public.stat().st_mode & 0o777 == 0o755
    assert all(path.stat().st_mode & 0o777 == 0o644 for path in folder.public.iterdir())
    assert folder.private.stat().st_mode & 0o777 == 0o700
