"""Fixtures that every test may use."""

import atexit
import os
from pathlib import Path

import duckdb
import pytest

from tests import programmes

# DuckDB's binding lists what is still referred to when the interpreter ends; that tells nothing of a test.
atexit.register(lambda: os.dup2(os.open(os.devnull, os.O_WRONLY), 2))

_connect = duckdb.connect


def _connect_on_one_thread(*given, **named):
    """Queries on a hundred rows gain nothing from threads, and the workers of the tests share the processors."""
    connection = _connect(*given, **named)
    connection.execute("set threads = 1")
    return connection


duckdb.connect = _connect_on_one_thread


@pytest.fixture
def programme(tmp_path: Path) -> programmes.TestProgramme:
    """An empty programme with the shipped instrument, one organisation and one collective of 40."""
    return programmes.make(tmp_path / "programme")
