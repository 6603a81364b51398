"""Runs a module in forks of a process that has imported it, and kills one as kill -9 does before its nth event.

Events are what leaves traces: files opened for writing, renamed, removed, linked or synced, folders made or removed,
statements of DuckDB that write, and connections to other machines.
"""

import importlib
import json
import os
import re
import resource as limits
import runpy
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from tests import programmes

_EVENTS = {
    "os.rename",
    "os.remove",
    "os.mkdir",
    "os.rmdir",
    "os.link",
    "os.truncate",
    "shutil.rmtree",
    "socket.connect",
}
# A statement that writes, after comments.
_WRITES = re.compile(r"(\s|--.*)*(insert|update|delete|create|checkpoint|copy|drop|truncate|commit)", re.IGNORECASE)


class Forks:
    """Runs a module with words as its arguments; each run is a fork, so that imports cost once."""

    def __init__(self, process: subprocess.Popen) -> None:
        self._process = process

    def run(self, *words: str, fatal: int | None = None, bytes_per_file: int | None = None) -> int:
        """Run to the end, or up to an event, on a disk that takes so many bytes in a file; return the exit code."""
        return self._ask(words=words, fatal=fatal or 0, bytes_per_file=bytes_per_file)["code"]

    def events_of(self, *words: str) -> int:
        """Run to the end; return the number of events."""
        ended = self._ask(words=words, fatal=0, bytes_per_file=None)
        assert ended["code"] == 0
        return ended["events"]

    def _ask(self, **order: object) -> dict[str, int]:
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())


@contextmanager
def forks_of(module: str, *imports: str) -> Iterator[Forks]:
    """Forks of a process that has imported a module, and what it imports when it runs."""
    words = [sys.executable, "-m", "tests.faults", module, *imports]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield Forks(process)
        process.stdin.close()


class _Counter:
    def __init__(self, fatal: int) -> None:
        self.fatal = fatal
        self.count = 0

    def step(self) -> None:
        self.count += 1
        if self.count == self.fatal:
            os.kill(os.getpid(), signal.SIGKILL)

    def audited(self, event: str, values: tuple[object, ...]) -> None:
        if event in _EVENTS or (event == "open" and _is_for_writing(values)):
            self.step()


def _is_for_writing(values: tuple[object, ...]) -> bool:
    path, mode, flags = (*values, None, None, None)[:3]
    if not isinstance(path, str | bytes) or "__pycache__" in str(path):
        return False
    if isinstance(mode, str):
        return any(letter in mode for letter in "wax+")
    return isinstance(flags, int) and bool(flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT))


def _install(fatal: int) -> _Counter:
    """Count events from now on, and end the process before the nth of them."""
    import duckdb

    counter = _Counter(fatal)
    fsync, connect = os.fsync, duckdb.connect

    def synced(descriptor: int) -> None:
        counter.step()
        fsync(descriptor)

    class Connection:
        def __init__(self, inner: duckdb.DuckDBPyConnection) -> None:
            self._inner = inner

        def execute(self, statement: str | duckdb.Statement, *values: object) -> duckdb.DuckDBPyConnection:
            if _WRITES.match(statement if isinstance(statement, str) else statement.query):
                counter.step()
            return self._inner.execute(statement, *values)

        def __getattr__(self, name: str) -> object:
            if name in ("commit", "close", "executemany"):
                counter.step()
            return getattr(self._inner, name)

    os.fsync = synced
    duckdb.connect = lambda *given, **named: Connection(connect(*given, **named))
    sys.addaudithook(counter.audited)
    return counter


def _serve(module: str, imports: Sequence[str]) -> None:
    """Fork for each order, a line of JSON; answer with a line that has the exit code and the number of events."""
    for name in (module, *imports):
        importlib.import_module(name)
    for line in sys.stdin:
        order = json.loads(line)
        reader, writer = os.pipe()
        child = os.fork()
        if child == 0:
            _run(module, order, writer)
        os.close(writer)
        with os.fdopen(reader) as told:
            events = told.read()
        _, status = os.waitpid(child, 0)
        print(json.dumps({"code": os.waitstatus_to_exitcode(status), "events": int(events or 0)}), flush=True)


def _run(module: str, order: dict, writer: int) -> None:
    signal.alarm(programmes.PATIENCE)
    nowhere = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nowhere, descriptor)
    if room := order["bytes_per_file"]:
        limits.setrlimit(limits.RLIMIT_FSIZE, (room, room))
    sys.argv = [module, *order["words"]]
    counter = _install(order["fatal"])
    code = 1
    try:
        runpy.run_module(module, run_name="__main__")
        code = 0
    except SystemExit as ended:
        code = ended.code or 0
    finally:
        os.write(writer, str(counter.count).encode())
        os._exit(code)


if __name__ == "__main__":
    _serve(sys.argv[1], sys.argv[2:])
