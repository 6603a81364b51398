"""Runs a module, and kills the process as kill -9 does at the nth event that changes something.

    python -m tests.faults 17 flows.cli deliver -p /path/to/programme

Events are what leaves traces: files opened for writing, renamed, removed, linked or synced, folders made or removed,
statements of DuckDB that write, and connections to other machines. With 0 nothing is killed, and the number of events
is written to the file that EVENTS_FILE names.
"""

import importlib
import os
import runpy
import signal
import sys
from pathlib import Path

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
_WRITES = ("insert", "update", "delete", "create", "checkpoint", "copy", "drop", "truncate", "commit")


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


def install(fatal: int) -> _Counter:
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

        def execute(self, statement: str, *values: object) -> duckdb.DuckDBPyConnection:
            if statement.lstrip().lower().startswith(_WRITES):
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


def main() -> None:
    """Run a module with faults."""
    fatal, module = int(sys.argv[1]), sys.argv[2]
    sys.argv = sys.argv[2:]
    # Imported first: it makes events that no run depends on.
    importlib.import_module(module)
    counter = install(fatal)
    try:
        runpy.run_module(module, run_name="__main__")
    finally:
        if not fatal:
            Path(os.environ["EVENTS_FILE"]).write_text(str(counter.count))


if __name__ == "__main__":
    main()
