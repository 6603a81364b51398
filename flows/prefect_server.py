"""The local Prefect server that keeps the schedule where no other server is named."""

import json
import os
import secrets
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path

from filelock import FileLock, Timeout

from flows import prefect_database
from flows.foundation.atomic_files import replaced
from flows.foundation.errors import Locked, UserError
from flows.programme import environment
from flows.programme.environment import SERVER_START_SECONDS
from flows.programme.folder import ProgrammeFolder

PORT = 4200
_STOP_SECONDS = 15
_AGAIN_SECONDS = 3


@dataclass(frozen=True)
class Server:
    """A local Prefect server: its address, and the user name and password that it requires."""

    url: str
    login: str


class _Process:
    """The process of a local server, which is started again whenever it ends without being stopped."""

    def __init__(self, folder: ProgrammeFolder, server: Server, port: int) -> None:
        self._folder, self._server = folder, server
        self._command = [sys.executable, "-m", "prefect", "server", "start", "--host", "127.0.0.1", "--port", str(port)]
        self._environment = environment.of_server(server.url, server.login)
        self._log = folder.prefect / "server.log"
        self._is_stopped = threading.Event()
        self._process = self._start()
        self._keeper = threading.Thread(target=self._keep, name="server", daemon=True)

    def wait_until_it_responds(self) -> None:
        """Wait for the server's first start, and keep it running from then on.

        Raises:
            UserError: it ended, or took too long.
        """
        deadline = time.monotonic() + SERVER_START_SECONDS
        while not answers(self._server.url):
            if self._process.poll() is not None:
                raise UserError(f"The Prefect server stopped while it started; see {self._log}")
            if time.monotonic() > deadline:
                raise UserError(f"The Prefect server did not start within {SERVER_START_SECONDS} s; see {self._log}")
            time.sleep(0.25)
        self._keeper.start()

    def stop(self) -> None:
        """Stop the server and whatever it started."""
        self._is_stopped.set()
        if self._keeper.is_alive():
            self._keeper.join(timeout=_AGAIN_SECONDS)
        self._process.terminate()
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout=_STOP_SECONDS)
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def _start(self) -> "subprocess.Popen[bytes]":
        with self._log.open("ab") as log:
            # In a session of its own, so that Ctrl-C stops the schedule first and the server last.
            process = subprocess.Popen(  # noqa: S603 our own interpreter
                self._command, stdout=log, stderr=log, env=self._environment, start_new_session=True
            )
        _write(self._folder, "server.json", url=self._server.url, pid=process.pid, login=self._server.login)
        return process

    def _keep(self) -> None:
        while not self._is_stopped.wait(1):
            if self._process.poll() is not None and not self._is_stopped.wait(_AGAIN_SECONDS - 1):
                with suppress(OSError):  # such as a full disk: the next round tries again
                    self._process = self._start()


def running_server(folder: ProgrammeFolder) -> Server | None:
    """The server that `motiefmix serve` runs for this programme, if it responds."""
    try:
        written = json.loads(_server_file(folder).read_text(encoding="utf-8"))
        server = Server(str(written["url"]), str(written["login"]))
    except (OSError, ValueError, KeyError):
        return None
    return server if answers(server.url) else None


@contextmanager
def local_server(folder: ProgrammeFolder, port: int = PORT) -> Iterator[Server]:
    """A real Prefect server on the loopback interface, for as long as it is needed.

    It requires a user name and password: without them, any page in a browser on this machine could start runs.

    Raises:
        Locked: another process runs the server of this programme.
        UserError: it does not start; its output is in `private/prefect/server.log`.
    """
    url = f"http://127.0.0.1:{port}/api"
    with _held(folder, "server.lock", "Another motiefmix serve runs the server of"):
        _stop_orphan(folder)
        if answers(url):
            raise UserError(
                f"Something already responds at {url}. Stop it, set PREFECT_API_URL={url} to use it, or choose --port."
            )
        prefect_database.provide(folder.prefect)
        server = Server(url, _login(folder))
        process = _Process(folder, server, port)
        try:
            process.wait_until_it_responds()
            yield server
        finally:
            process.stop()
            _server_file(folder).unlink(missing_ok=True)


@contextmanager
def schedule_kept(folder: ProgrammeFolder) -> Iterator[None]:
    """Keep the schedule of a programme, as the only process that does.

    Raises:
        Locked: another process keeps it.
    """
    with _held(folder, "serve.lock", "Another motiefmix serve keeps the schedule of"):
        try:
            yield
        finally:
            (folder.prefect / "serve.json").unlink(missing_ok=True)


def tell_where(folder: ProgrammeFolder, url: str) -> None:
    """Write down on which server the schedule is kept, for `motiefmix status`."""
    _write(folder, "serve.json", url=url)


def where_schedule_is_kept(folder: ProgrammeFolder) -> str | None:
    """The address of the server on which the schedule is kept; "" until that is known, and None if nobody keeps it."""
    lock = folder.prefect / "serve.lock"
    if not lock.exists():
        return None
    try:
        with FileLock(lock, timeout=0):
            return None
    except (Timeout, OSError):
        pass
    try:
        return str(json.loads((folder.prefect / "serve.json").read_text(encoding="utf-8"))["url"])
    except (OSError, ValueError, KeyError):
        return ""


def server_of(folder: ProgrammeFolder, url: str) -> Server:
    """A server that the environment names, once it responds; it can start later than we do, after a reboot.

    Raises:
        UserError: it does not respond.
    """
    deadline = time.monotonic() + SERVER_START_SECONDS
    while not answers(url):
        if time.monotonic() > deadline:
            raise UserError(f"No Prefect server responds at {url}. Start it, or unset PREFECT_API_URL.")
        time.sleep(0.5)
    ours = running_server(folder)
    given = environment.given_logins()[1]
    return Server(url, given or (ours.login if ours and ours.url == url else ""))


def _login(folder: ProgrammeFolder) -> str:
    """The login of the local server: the user's own, or one that stays the same when the server starts again."""
    if given := environment.given_logins()[0]:
        return given
    path = folder.prefect / "login"
    try:
        kept = path.read_text(encoding="utf-8").strip()
    except OSError:
        kept = ""
    if not kept:
        kept = f"motiefmix:{secrets.token_urlsafe(24)}"
        with replaced(path) as file:
            file.write(f"{kept}\n")
    return kept


@contextmanager
def _held(folder: ProgrammeFolder, name: str, sentence: str) -> Iterator[None]:
    lock = FileLock(folder.prefect / name, timeout=1)  # `status` looks at it for a moment
    try:
        lock.acquire()
    except Timeout:
        raise Locked(f"{sentence} {folder.root} already; see: motiefmix status") from None
    try:
        yield
    finally:
        lock.release()


def _stop_orphan(folder: ProgrammeFolder) -> None:
    """Stop a server whose `motiefmix serve` was killed: nobody holds the lock, but it still runs."""
    try:
        pid = int(json.loads(_server_file(folder).read_text(encoding="utf-8"))["pid"])
        words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except (OSError, ValueError, KeyError):
        return
    if b"prefect" not in words or b"server" not in words:
        return
    with suppress(ProcessLookupError):
        os.killpg(pid, signal.SIGTERM)
    deadline = time.monotonic() + _STOP_SECONDS
    while Path(f"/proc/{pid}").exists():
        if time.monotonic() > deadline:
            with suppress(ProcessLookupError):
                os.killpg(pid, signal.SIGKILL)
            return
        time.sleep(0.1)


def _write(folder: ProgrammeFolder, name: str, **values: str | int) -> None:
    with replaced(folder.prefect / name) as file:
        json.dump(values, file)


def _server_file(folder: ProgrammeFolder) -> Path:
    return folder.prefect / "server.json"


def answers(url: str, seconds: float = 2) -> bool:
    """Whether a Prefect server responds at an address."""
    try:
        with urllib.request.urlopen(f"{url}/health", timeout=seconds) as response:  # noqa: S310 the user's own server
            return bool(response.status == 200)
    except (OSError, HTTPException):
        return False
