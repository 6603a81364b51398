"""How DuckDB computes in tests: small data needs no threads and no best plan, and takes a fifth less without them."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import duckdb
import pytest

_SMALL = ("set threads = 1", "pragma disable_optimizer")
# What every new connection of this process is told first.
_settings: list[str] = []


def expect_small_data(is_small: bool) -> None:
    """Compute in new connections as small data needs it, or as in a real run."""
    _settings[:] = _SMALL if is_small else ()


@contextmanager
def as_in_a_run() -> Iterator[None]:
    """Let new connections have all threads and the best plan for a while."""
    before = list(_settings)
    expect_small_data(False)
    try:
        yield
    finally:
        _settings[:] = before


@contextmanager
def connections_follow() -> Iterator[None]:
    """Let every new connection of this process follow `expect_small_data`."""
    connect = duckdb.connect

    def connected(*given: Any, **named: Any) -> duckdb.DuckDBPyConnection:
        connection = connect(*given, **named)
        for setting in _settings:
            connection.execute(setting)
        return connection

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(duckdb, "connect", connected)
        yield
