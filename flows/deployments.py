"""The schedule as data, and the local Prefect server that keeps it."""

import json
import subprocess
import sys
import time
import urllib.request
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flows import settings as settings_module
from flows.settings import Settings
from flows.steps.mistakes import Mistake
from flows.steps.places import Places

SERVER_START_SECONDS = 90
PORT = 4200


@dataclass(frozen=True)
class MonthlyDeployment:
    """One schedule of one programme."""

    name: str
    cron: str
    timezone: str
    parameters: dict[str, Any]
    tags: tuple[str, ...]


def deployments(settings: Settings) -> list[MonthlyDeployment]:
    """Everything that runs by itself for a programme."""
    return [
        MonthlyDeployment(
            name=settings.root.name,
            cron=settings.schedule.cron,
            timezone=settings.timezone,
            parameters={"programme": str(settings.root)},
            tags=settings.tags,
        )
    ]


def serve(settings: Settings) -> None:
    """Register the schedules on the server of PREFECT_API_URL, and run what falls due until stopped."""
    from prefect import serve as serve_deployments
    from prefect.schedules import Cron

    from flows.monthly_reports import monthly_reports

    made = [
        monthly_reports.to_deployment(
            name=entry.name,
            schedule=Cron(entry.cron, timezone=entry.timezone, slug="monthly"),
            parameters=entry.parameters,
            tags=list(entry.tags),
            concurrency_limit=1,
            description="Motivation reports of the month before, for every organisation.",
        )
        for entry in deployments(settings)
    ]
    # Prefect 3.8 forgets to await its own runner when it is asked to stop; nothing depends on it.
    warnings.filterwarnings("ignore", "coroutine 'Runner.astop' was never awaited", RuntimeWarning)
    # Prefect's types allow a coroutine here, which only callers in an event loop get.
    serve_deployments(*made, pause_on_shutdown=False, limit=1)  # type: ignore[arg-type]


@dataclass(frozen=True)
class Server:
    """A local Prefect server: its address, and the user name and password without which it answers nobody."""

    url: str
    login: str


def running_server(places: Places) -> Server | None:
    """The server that `motiefmix serve` runs for this programme, when it answers."""
    try:
        written = json.loads(_server_file(places).read_text(encoding="utf-8"))
        server = Server(str(written["url"]), str(written["login"]))
    except (OSError, ValueError, KeyError):
        return None
    return server if _answers(server.url) else None


@contextmanager
def local_server(places: Places, login: str, port: int = PORT) -> Iterator[Server]:
    """A real Prefect server on the loopback interface, for as long as it is needed.

    It asks for a user name and password: without, any page in a browser of this machine could start runs.

    Raises:
        Mistake: it does not start; its own words lie in `private/prefect/server.log`.
    """
    url = f"http://127.0.0.1:{port}/api"
    if _answers(url):
        raise Mistake(
            f"Something answers at {url} already. Stop it, set PREFECT_API_URL={url} to use it, or choose --port."
        )
    log = (places.private / "prefect" / "server.log").open("ab")
    command = [sys.executable, "-m", "prefect", "server", "start", "--host", "127.0.0.1", "--port", str(port)]
    environment = settings_module.environment_of_server(login)
    process = subprocess.Popen(command, stdout=log, stderr=log, env=environment)  # noqa: S603 our own interpreter
    try:
        _wait(url, process, Path(log.name))
        _server_file(places).touch(mode=0o600)
        _server_file(places).write_text(json.dumps({"url": url, "pid": process.pid, "login": login}), encoding="utf-8")
        yield Server(url, login)
    finally:
        _server_file(places).unlink(missing_ok=True)
        process.terminate()
        try:
            process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            process.kill()
        log.close()


def _server_file(places: Places) -> Path:
    return places.private / "prefect" / "server.json"


def _wait(url: str, process: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + SERVER_START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        if _answers(url):
            return
        time.sleep(0.25)
    raise Mistake(f"The Prefect server did not start within {SERVER_START_SECONDS} seconds; see {log}")


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/health", timeout=2) as response:  # noqa: S310 loopback or the user's own server
            return bool(response.status == 200)
    except OSError:
        return False
