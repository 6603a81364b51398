"""`motiefmix serve`, its server and Prefect's API, as processes of their own that a test starts and ends."""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from base64 import b64encode
from contextlib import contextmanager
from http import HTTPStatus
from pathlib import Path
from urllib.error import HTTPError

from tests import programmes

LOGIN = "motiefmix:a password of the test"
ENDED = ("COMPLETED", "FAILED", "CRASHED", "CANCELLED")


def own_environment(**more: str) -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if not key.startswith("PREFECT_")}
    return {**kept, "PREFECT_SERVER_API_AUTH_STRING": LOGIN, **more}


def asked(method: str, url: str, document: object = None, login: str = LOGIN) -> object:
    """What the API answers; a server whose database is busy says 503, and is asked again as by Prefect's own client."""
    headers = {"Content-Type": "application/json", "Authorization": f"Basic {b64encode(login.encode()).decode()}"}
    request = urllib.request.Request(url, json.dumps(document).encode(), headers, method=method)
    deadline = time.monotonic() + programmes.PATIENCE
    while True:
        try:
            with urllib.request.urlopen(request, timeout=60) as response:
                return json.loads(response.read() or "null")
        except HTTPError as problem:
            if problem.code != HTTPStatus.SERVICE_UNAVAILABLE or time.monotonic() > deadline:
                raise
        time.sleep(1)


def post(url: str, document: object, login: str = LOGIN) -> object:
    return asked("POST", url, document, login)


def until(found, *processes: subprocess.Popen):
    """What is found when it is there, however long a busy machine takes; nothing once a process has died."""
    deadline = time.monotonic() + programmes.PATIENCE
    while time.monotonic() < deadline and all(process.poll() is None for process in processes):
        try:
            if value := found():
                return value
        except OSError:
            pass
        time.sleep(1)
    raise AssertionError("it did not happen in time")


def arguments(programme, *words: str) -> list[str]:
    return [sys.executable, "-m", "flows.cli", *words, "--programme", str(programme.root)]


@contextmanager
def started(command: list[str], said: Path, preexec_fn=None, **environment: str):
    """A process that is stopped in the end, and what it says in a file."""
    with said.open("ab") as output:
        process = subprocess.Popen(
            command, env=own_environment(**environment), stdout=output, stderr=output, preexec_fn=preexec_fn
        )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
        process.wait(timeout=programmes.PATIENCE)


def hear_interrupts() -> None:
    signal.signal(signal.SIGINT, signal.default_int_handler)


def serving(programme, said: Path, *words: str, **environment: str):
    return started(arguments(programme, "serve", *words), said, **environment)


@contextmanager
def server(programme, api: str, said: Path):
    """The server of a programme, in a process of its own as systemd starts it."""
    port = api.split(":")[2].removesuffix("/api")
    with serving(programme, said, "--only-server", "--port", port) as process:
        until((programme.root / "private/prefect/server.json").exists, process)
        until(lambda: post(f"{api}/deployments/filter", {}) == [], process)
        yield process


def runs(api: str, **wanted: object) -> list[dict]:
    return post(f"{api}/flow_runs/filter", {"sort": "EXPECTED_START_TIME_ASC", **wanted})


def completed(api: str) -> list[dict]:
    return [entry for entry in runs(api) if entry["state_type"] == "COMPLETED"]


def state(api: str, identifier: str) -> str:
    (entry,) = runs(api, flow_runs={"id": {"any_": [identifier]}})
    return entry["state_type"]


def ended(api: str, identifier: str, *processes: subprocess.Popen) -> str:
    """The state in which a flow run ends."""
    return until(lambda: (found := state(api, identifier)) in ENDED and found, *processes)


def motiefmix(programme, *words: str, **environ: str) -> subprocess.CompletedProcess:
    """A command in a process of its own."""
    return subprocess.run(
        arguments(programme, *words),
        env=own_environment(**environ),
        capture_output=True,
        text=True,
        timeout=programmes.PATIENCE,
    )
