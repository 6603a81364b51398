"""A programme's Prefect database is a copy: Prefect's migrations, which take nine seconds, run once per environment."""

import sqlite3
import subprocess

import pytest

from flows import prefect_database


@pytest.fixture
def nothing_is_started(monkeypatch):
    def refuse(*given, **named):
        raise AssertionError("Prefect was started.")

    monkeypatch.setattr(subprocess, "run", refuse)


def test_it_has_prefects_tables_and_nothing_in_them(tmp_path):
    prefect_database.provide(tmp_path / "prefect")
    connection = sqlite3.connect(tmp_path / "prefect/prefect.db")
    tables = [name for (name,) in connection.execute("select name from sqlite_master where type = 'table'")]
    filled = [name for name in tables if connection.execute(f'select 1 from "{name}"').fetchone()]
    connection.close()
    assert "flow_run" in tables
    assert filled == ["alembic_version"]
    assert (tmp_path / "prefect/prefect.db").stat().st_mode & 0o777 == 0o600


def test_the_next_programme_of_the_environment_has_it_without_prefect(tmp_path, request):
    prefect_database.provide(tmp_path / "one")
    request.getfixturevalue("nothing_is_started")
    prefect_database.provide(tmp_path / "two")
    assert (tmp_path / "two/prefect.db").read_bytes() == (tmp_path / "one/prefect.db").read_bytes()
    assert [path.name for path in (tmp_path / "two").iterdir()] == ["prefect.db"]


def test_a_database_that_is_there_stays(tmp_path):
    (tmp_path / "prefect.db").write_bytes(b"with runs")
    prefect_database.provide(tmp_path)
    assert (tmp_path / "prefect.db").read_bytes() == b"with runs"


@pytest.mark.parametrize("name", ["PREFECT_API_DATABASE_CONNECTION_URL", "PREFECT_SERVER_DATABASE_CONNECTION_URL"])
def test_who_names_a_database_gets_none(tmp_path, monkeypatch, name):
    monkeypatch.setenv(name, "postgresql+asyncpg://somewhere/prefect")
    prefect_database.provide(tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("failure", [OSError("read-only"), subprocess.CalledProcessError(1, "prefect")])
def test_where_it_cannot_be_made_prefect_makes_its_own(tmp_path, monkeypatch, failure):
    def fail(*given, **named):
        raise failure

    monkeypatch.setattr(prefect_database, "_SHARED", tmp_path / "environment")
    monkeypatch.setattr(subprocess, "run", fail)
    prefect_database.provide(tmp_path / "prefect")
    assert list((tmp_path / "prefect").iterdir()) == []
