"""Fixtures that every test may use."""

import atexit
import os
import subprocess
import sys
from pathlib import Path

import pytest

from flows.foundation.resources import resource
from tests import programmes

# DuckDB's binding lists what is still referred to when the interpreter ends; that tells nothing of a test.
atexit.register(lambda: os.dup2(os.open(os.devnull, os.O_WRONLY), 2))
# A warning of WeasyPrint is an error also in the processes that tests start; pyproject.toml has the same for their own.
os.environ["PYTHONWARNINGS"] = "error:WeasyPrint"
# Fonts of this machine would stand in for what ours lack.
os.environ["FONTCONFIG_FILE"] = str(resource("report_templates", "fonts", "fonts.conf"))
# No test may wait for a network that is not there.
os.environ.update(DO_NOT_TRACK="1", GX_ANALYTICS_ENABLED="False", PREFECT_SERVER_ANALYTICS_ENABLED="false")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests with a server take longest: they start first, so that nothing waits for the last of them.

    The tests of a file share what they make and stay on one worker, unless each of them makes its own.
    """
    items.sort(key=lambda item: item.get_closest_marker("prefect") is None)
    for item in items:
        if item.get_closest_marker("alone") is None:
            item.add_marker(pytest.mark.xdist_group(item.location[0]))


@pytest.fixture(scope="session")
def prefect_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty Prefect database to copy, made once for all workers: its migrations take longer than most tests."""
    from filelock import FileLock

    own = tmp_path_factory.getbasetemp()
    shared = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own
    database = shared / "prefect" / "prefect.db"
    with FileLock(shared / "prefect.lock"):
        if not database.exists():
            subprocess.run(
                [sys.executable, "-m", "prefect", "server", "database", "upgrade", "-y"],
                env={**os.environ, "PREFECT_HOME": str(database.parent)}, check=True, capture_output=True,
            )  # fmt: skip
    return database


@pytest.fixture
def programme(tmp_path: Path) -> programmes.TestProgramme:
    """An empty programme with the shipped instrument, one organisation and one collective of 40."""
    return programmes.make(tmp_path / "programme")
