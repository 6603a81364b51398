"""Fixtures that every test may use."""

import atexit
import gc
import json
import os
import socket
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock
from hypothesis import settings as hypothesis_settings
from xdist.scheduler import LoadScopeScheduling

from flows.foundation import strict_yaml
from flows.foundation.garbage import look_rarely
from flows.foundation.resources import resource
from flows.steps.validate import checks
from tests import programmes, small_data
from tests.releases.made import released

look_rarely()
# DuckDB's binding lists what is still referred to when the interpreter ends; that tells nothing of a test.
atexit.register(lambda: os.dup2(os.open(os.devnull, os.O_WRONLY), 2))
# A warning of WeasyPrint is an error also in the processes that tests start; pyproject.toml has the same for their own.
os.environ["PYTHONWARNINGS"] = "error:WeasyPrint"
# Fonts of this machine would stand in for what ours lack.
os.environ["FONTCONFIG_FILE"] = str(resource("report_templates", "fonts", "fonts.conf"))
# Whatever a test starts inherits this, so that it can be found when it outlives the tests.
_MARK = "STARTED_BY_TESTS_OF"
os.environ[_MARK] = str(os.getpid())
# Matrices of tests are small: more threads of BLAS would only wait for work, which takes processor time.
os.environ["OPENBLAS_NUM_THREADS"] = "1"
# No test may wait for a network that is not there.
os.environ.update(DO_NOT_TRACK="1", GX_ANALYTICS_ENABLED="False", PREFECT_SERVER_ANALYTICS_ENABLED="false")


# A quarter of Hypothesis's own number of examples; `make test-slow` asks for all.
hypothesis_settings.register_profile("ordinary", max_examples=25)


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Small data is computed with less; slow tests and measurements have all that people have."""
    is_measured = item.path.parent.name == "benchmarks" or item.get_closest_marker("slow")
    small_data.expect_small_data(not is_measured)


@pytest.fixture(scope="session", autouse=True)
def small_data_is_computed_with_less() -> Iterator[None]:
    """Connections of this process follow what `pytest_runtest_setup` chose."""
    with small_data.connections_follow():
        yield


# Tests that share nothing with the others of their file, so that any worker can take them.
_SPREAD = ("tests/steps/disclosure/test_attacker.py",)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests with a server take longest: they start first, so that nothing waits for the last of them."""
    items.sort(key=lambda item: item.get_closest_marker("prefect") is None)


def pytest_collection_finish() -> None:
    """Leave what was imported alone: to look through it for garbage again and again takes a twentieth of the time."""
    gc.collect()
    gc.freeze()


class _ByFile(LoadScopeScheduling):
    """Gives all tests of a file to one worker, so that what they share is made once; of `flows/`, the Prefect server.

    ``--dist loadgroup`` of pytest-xdist 3.8 has no effect with pytest 9.2, which no longer reads ``_nodeid``.
    """

    def _split_scope(self, nodeid: str) -> str:
        path = nodeid.partition("::")[0]
        if path.startswith("tests/flows/"):
            return "tests/flows"
        return nodeid if path in _SPREAD else path


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LoadScopeScheduling:
    """Schedule by file whenever there are workers."""
    return _ByFile(config, log)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fail where tests left processes behind; with workers, each tells the one who started them, who made no test."""
    if "PYTEST_XDIST_WORKER" in os.environ:
        session.config.workeroutput["left_behind"] = _left_behind()
        return
    has_workers = session.config.pluginmanager.hasplugin("dsession")
    if left := getattr(session.config, "left_behind", ()) if has_workers else _left_behind():
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
        print("\nTests left processes behind:", *left, sep="\n  ", file=sys.stderr)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Remember what the tests of a worker left behind."""
    left_behind = getattr(node, "workeroutput", {}).get("left_behind", ())
    node.config.left_behind = [*getattr(node.config, "left_behind", ()), *left_behind]


def _left_behind() -> list[str]:
    """What still runs of all that the tests of this process started, also where the one that started it is gone."""
    for _ in range(20):
        found = [words for folder in Path("/proc").glob("[0-9]*") if (words := _started_here(folder))]
        if not found:
            return []
        time.sleep(0.5)
    return found


def _started_here(process: Path) -> str:
    """The words of a process that bears our mark; helpers of Python's own end when we do."""
    try:
        is_ours = f"{_MARK}={os.environ[_MARK]}".encode() in (process / "environ").read_bytes().split(b"\0")
        words = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        return ""
    is_helper = "multiprocessing.resource_tracker" in words or "multiprocessing.forkserver" in words
    return words[:200] if is_ours and not is_helper and process.name != str(os.getpid()) else ""


@pytest.fixture(scope="session", autouse=True)
def checks_are_asked_once() -> Iterator[None]:
    """Great Expectations gives the same facts the same verdict, and takes as long as half of a small programme's run.

    So each worker asks it once for each suite and each set of facts; which exports they are of does not matter to it.
    """
    asked = checks.Checker.run
    known: dict[tuple[str, str], list[tuple[int, checks.Outcome]]] = {}

    def run(self: checks.Checker, suite: checks.Suite, rows: Any) -> Iterator[checks.Outcome]:
        exports = list(rows["sha256"]) if "sha256" in rows else [None]
        named = {
            name for entry in suite.expectations for key, name in entry["kwargs"].items() if key.startswith("column")
        }
        facts = rows[sorted(named & set(rows))].reset_index(drop=True)
        key = (json.dumps(suite.expectations), facts.to_json(orient="split", double_precision=15))
        if key not in known:
            numbered = rows.assign(sha256=range(len(rows))) if "sha256" in rows else rows
            known[key] = [(outcome.sha256 or 0, outcome) for outcome in asked(self, suite, numbered)]
        yield from (replace(outcome, sha256=exports[place]) for place, outcome in known[key])

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(checks.Checker, "run", run)
        yield


@pytest.fixture(scope="session", autouse=True)
def shipped_files_are_read_once() -> Iterator[None]:
    """Every small programme has the same questionnaire and suggestions; its own files are read each time."""
    ordinary = strict_yaml.read
    shipped = resource("expectations")
    remembered = cache(ordinary)

    def read(path: Path) -> strict_yaml.Document:
        return (remembered if path.is_relative_to(shipped) else ordinary)(path)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(strict_yaml, "read", read)
        yield


@pytest.fixture(autouse=True)
def environment_is_put_back() -> Iterator[None]:
    """Commands tell Prefect where its files are; what comes after a test knows nothing of its programme."""
    before = dict(os.environ)
    yield
    for name in set(os.environ) - set(before):
        del os.environ[name]
    os.environ.update(before)


_SHARED = {
    "computed": programmes.TestProgramme.compute,
    "released": programmes.release,
    "with-files": released,
}


def _shared_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of this test run, which all of its workers see."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., programmes.TestProgramme]:
    """Programmes that several files of tests look at, each made once for all workers.

    `shared("released", 14)` has so many answers and a release; `shared("computed", 30)` was computed;
    `shared("with-files", 14)` has a release with small files. Nobody changes them: who wants to takes
    `programmes.copied`.
    """
    folder = _shared_folder(tmp_path_factory) / "shared"
    folder.mkdir(exist_ok=True)

    def made(kind: str, count: int) -> programmes.TestProgramme:
        place = folder / f"{kind}-{count}"
        with FileLock(f"{place}.lock"):
            if not (place / "made").exists():
                programme = programmes.with_answers(programmes.make(place / "programme"), count)
                _SHARED[kind](programme)
                (place / "made").touch()
        return programmes.TestProgramme(place / "programme")

    return made


@pytest.fixture
def programme(tmp_path: Path) -> programmes.TestProgramme:
    """An empty programme with the shipped instrument, one organisation and one collective of 40."""
    return programmes.make(tmp_path / "programme")


@pytest.fixture
def api() -> str:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{free.getsockname()[1]}/api"


@pytest.fixture
def served(tmp_path):
    """A programme with answers of the month before this one, whose schedule of the month before was kept."""
    programme = programmes.make(tmp_path / "programme")
    now = programme.settings.now()
    programmes.with_answers(programme, 12, submitted=f"{now.replace(day=1) - timedelta(days=15):%Y-%m-%d} 12:00:00")
    return programme
