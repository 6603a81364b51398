"""`motiefmix serve` owns a real local server and the schedule, and a run that falls due on it is made."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from base64 import b64encode
from datetime import datetime
from urllib.error import HTTPError

import pytest

from tests import programmes

pytestmark = pytest.mark.prefect


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


LOGIN = "motiefmix:a password of the test"


def _post(url: str, document: object, login: str = LOGIN) -> object:
    headers = {"Content-Type": "application/json", "Authorization": f"Basic {b64encode(login.encode()).decode()}"}
    request = urllib.request.Request(url, json.dumps(document).encode(), headers)
    with urllib.request.urlopen(request, timeout=60) as response:
        return json.loads(response.read())


def _until(found, serving: subprocess.Popen):
    """What is found when it is there, however long a busy machine takes; nothing once the server has died."""
    deadline = time.monotonic() + programmes.PATIENCE
    while time.monotonic() < deadline and serving.poll() is None:
        try:
            if value := found():
                return value
        except OSError:
            pass
        time.sleep(1)
    raise AssertionError("it did not happen in time")


def test_the_schedule_runs_on_a_real_server_and_stops_with_it(programme, prefect_database):
    programmes.with_answers(programme, 12)
    programmes.with_prefect_database(programme, prefect_database)
    port = _free_port()
    api = f"http://127.0.0.1:{port}/api"
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PREFECT_")}
    environment["PREFECT_SERVER_API_AUTH_STRING"] = LOGIN
    serving = subprocess.Popen(
        [sys.executable, "-m", "flows.cli", "serve", "--port", str(port), "-p", str(programme.root)],
        env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        _until((programme.root / "private" / "prefect" / "server.json").exists, serving)
        (deployment,) = _until(lambda: _post(f"{api}/deployments/filter", {}), serving)
        with pytest.raises(HTTPError, match="401"):
            _post(f"{api}/deployments/filter", {}, login="motiefmix:a guess")
        written = programme.root / "private" / "prefect" / "server.json"
        assert json.loads(written.read_text())["login"] == LOGIN
        assert written.stat().st_mode & 0o777 == 0o600
        (schedule,) = deployment["schedules"]
        assert schedule["schedule"]["cron"] == "0 6 2 * *"
        assert schedule["schedule"]["timezone"] == "Europe/Amsterdam"
        assert deployment["tags"] == ["motiefmix", programme.root.name]
        # The scheduler plans the runs to come by itself; a server whose scheduler died takes asked runs all the same.
        of_ours = {"deployments": {"id": {"any_": [deployment["id"]]}}, "sort": "EXPECTED_START_TIME_ASC"}
        planned = _until(lambda: _post(f"{api}/flow_runs/filter", of_ours), serving)
        following = programme.settings.schedule.next_run(programme.settings.now())
        assert datetime.fromisoformat(planned[0]["expected_start_time"]) == following
        assert planned[0]["auto_scheduled"] is True
        parameters = {**deployment["parameters"], "period": "2026-10"}
        # A busy server answers 503; the key keeps a second asking from starting a second run.
        wanted = {"parameters": parameters, "idempotency_key": "once"}
        run = _until(lambda: _post(f"{api}/deployments/{deployment['id']}/create_flow_run", wanted), serving)

        def state() -> str:
            (entry,) = _post(f"{api}/flow_runs/filter", {"flow_runs": {"id": {"any_": [run["id"]]}}})
            return entry["state_type"]

        assert _until(lambda: state() in ("COMPLETED", "FAILED", "CRASHED") and state(), serving) == "COMPLETED"
        assert (programme.root / "releases" / "2026-10" / "v1" / "reports" / "town.pdf").exists()
        assert (programme.root / "private" / "prefect" / "server.json").exists()
    finally:
        serving.send_signal(signal.SIGTERM)
        serving.wait(timeout=programmes.PATIENCE)
    with pytest.raises(OSError, match=r"refused|reset"):
        urllib.request.urlopen(f"{api}/health", timeout=2)
    assert not (programme.root / "private" / "prefect" / "server.json").exists()
