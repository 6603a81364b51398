"""The local Prefect server that keeps the schedule where no other server is named."""

import json
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from flows.foundation.atomic_files import replaced
from flows.foundation.errors import UserError
from flows.programme import settings
from flows.programme.folder import ProgrammeFolder

# Long enough for a busy machine; a server that dies is noticed at once.
SERVER_START_SECONDS = 600
PORT = 4200


@dataclass(frozen=True)
class Server:
    """A local Prefect server: its address, and the user name and password that it requires."""

    url: str
    login: str


def running_server(folder: ProgrammeFolder) -> Server | None:
    """The server that `motiefmix serve` runs for this programme, if it responds."""
    try:
        written = json.loads(_server_file(folder).read_text(encoding="utf-8"))
        server = Server(str(written["url"]), str(written["login"]))
    except (OSError, ValueError, KeyError):
        return None
    return server if _answers(server.url) else None


@contextmanager
def local_server(folder: ProgrammeFolder, login: str, port: int = PORT) -> Iterator[Server]:
    """A real Prefect server on the loopback interface, for as long as it is needed.

    It requires a user name and password: without them, any page in a browser on this machine could start runs.

    Raises:
        UserError: it does not start; its output is in `private/prefect/server.log`.
    """
    url = f"http://127.0.0.1:{port}/api"
    if _answers(url):
        raise UserError(
            f"Something already responds at {url}. Stop it, set PREFECT_API_URL={url} to use it, or choose --port."
        )
    log = (folder.private / "prefect" / "server.log").open("ab")
    command = [sys.executable, "-m", "prefect", "server", "start", "--host", "127.0.0.1", "--port", str(port)]
    environment = settings.environment_of_server(login)
    process = subprocess.Popen(command, stdout=log, stderr=log, env=environment)  # noqa: S603 our own interpreter
    try:
        _wait(url, process, Path(log.name))
        with replaced(_server_file(folder)) as file:
            json.dump({"url": url, "pid": process.pid, "login": login}, file)
        yield Server(url, login)
    finally:
        _server_file(folder).unlink(missing_ok=True)
        process.terminate()
        try:
            process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            process.kill()
        log.close()


def _server_file(folder: ProgrammeFolder) -> Path:
    return folder.private / "prefect" / "server.json"


def _wait(url: str, process: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + SERVER_START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        if _answers(url):
            return
        time.sleep(0.25)
    raise UserError(f"The Prefect server did not start within {SERVER_START_SECONDS} seconds; see {log}")


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/health", timeout=2) as response:  # noqa: S310 loopback or the user's own server
            return bool(response.status == 200)
    except OSError:
        return False
