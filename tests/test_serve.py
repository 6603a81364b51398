"""`motiefmix serve` keeps the schedule: the server's own scheduler fires, and no month is lost or made twice."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from urllib.error import HTTPError

import pytest
import yaml

from flows.commands.serve import deployment_file, unit_files
from flows.programme import run_record
from flows.programme.catching_up import due_period
from flows.programme.environment import PROGRAMME_VARIABLE
from tests import programmes, service


def _schedule(programme, moment: datetime) -> None:
    """Let the schedule fire at a moment, and let nothing have been missed before."""
    path = programme.root / "motiefmix.toml"
    text = path.read_text().partition("[schedule]")[0]
    path.write_text(f'{text}[schedule]\nday = {moment.day}\ntime = "{moment:%H:%M}"\n')
    chosen = programme.settings
    record = run_record.begin(chosen.folder, due_period(chosen, chosen.now()), chosen.now(), "0")
    record.finish(0, "made in time")


def _soon(programme) -> datetime:
    """A moment of the schedule, days of which are at most 28, a little later."""
    moment = programme.settings.now() + timedelta(seconds=100)
    if moment.day > 28:
        pytest.skip("a schedule has no such day")
    return moment.replace(second=0, microsecond=0)


@contextmanager
def _planned_soon(programme, api: str, said: Path, server: subprocess.Popen):
    """`motiefmix serve`, and the run that the server's scheduler has planned for a moment that is to come."""
    while True:
        _schedule(programme, moment := _soon(programme))
        with service.serving(programme, said, PREFECT_API_URL=api) as process:
            first = service.until(
                lambda: service.runs(api, flow_runs={"state": {"type": {"any_": ["SCHEDULED"]}}}), process, server
            )[0]
            if datetime.fromisoformat(first["expected_start_time"]) == moment:
                yield process, first
                return
            # The machine was so busy that the moment passed before; the next one then.
            shutil.rmtree(programme.settings.folder.runs)


def _engine(programme) -> int | None:
    """The process of a flow run of this programme."""
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            words, environment = (folder / "cmdline").read_bytes(), (folder / "environ").read_bytes()
        except OSError:
            continue
        if b"prefect.engine" in words and f"{PROGRAMME_VARIABLE}={programme.root}".encode() in environment:
            return int(folder.name)
    return None


@pytest.mark.prefect
@pytest.mark.slow
def test_the_servers_own_scheduler_makes_the_month(served, api, tmp_path):
    said = tmp_path / "said"
    with service.server(served, api, said) as server, _planned_soon(served, api, said, server) as (serving, planned):
        assert planned["auto_scheduled"] is True
        assert planned["parameters"] == {}, "the deployment, not the form, knows the programme"
        with pytest.raises(HTTPError, match="401"):
            service.post(f"{api}/deployments/filter", {}, login="motiefmix:a guess")
        written = served.root / "private/prefect/server.json"
        assert (json.loads(written.read_text())["login"], written.stat().st_mode & 0o777) == (service.LOGIN, 0o600)
        (deployment,) = service.post(f"{api}/deployments/filter", {})
        assert deployment["tags"][:2] == ["motiefmix", served.root.name]
        refused = {"parameters": {"period": "October"}}
        with pytest.raises(HTTPError, match=r"409|422"):
            service.post(f"{api}/deployments/{deployment['id']}/create_flow_run", refused)
        status = subprocess.run(
            service.arguments(served, "status"), env=service.own_environment(), capture_output=True, text=True
        )
        assert f"motiefmix serve is running, on {api.removesuffix('/api')}" in status.stdout
        again = subprocess.run(
            service.arguments(served, "serve"), env=service.own_environment(PREFECT_API_URL=api), capture_output=True
        )
        assert again.returncode == 75
        ended = service.until(
            lambda: (state := service.state(api, planned["id"])) in service.ENDED and state, serving, server
        )
        assert (ended, _versions(served)) == ("COMPLETED", ["v1"]), said.read_text()
    words = said.read_text()
    assert words.count("Stopped. ") == 2
    assert "leaked" not in words
    assert "Traceback" not in words
    assert not (served.root / "private/prefect/server.json").exists()


@pytest.mark.prefect
@pytest.mark.slow
def test_kills_and_restarts_lose_no_month_and_make_none_twice(served, api, tmp_path):
    said = tmp_path / "said"
    with service.server(served, api, said) as server:
        with _planned_soon(served, api, said, server) as (serving, planned):
            service.until(lambda: service.state(api, planned["id"]) == "RUNNING" and _engine(served), serving, server)
            serving.kill()
            serving.wait()
            os.kill(_engine(served), signal.SIGKILL)
        assert service.state(api, planned["id"]) == "RUNNING", "Prefect hears nothing of a process that was killed"
        kept = json.loads((served.root / "private/prefect/server.json").read_text())["pid"]
        os.kill(kept, signal.SIGKILL)
        with service.serving(served, said, PREFECT_API_URL=api) as serving:
            service.until(lambda: service.state(api, planned["id"]) == "CRASHED", serving, server)
            service.until(lambda: _versions(served) == ["v1"], serving, server)
            # Prefect calls a run cancelled that has completed and whose process has not ended when serving stops.
            service.until(lambda: service.completed(api) and not _engine(served), serving, server)
        with service.serving(served, said, PREFECT_API_URL=api) as serving:
            service.until(lambda: said.read_text().count("Stop with Ctrl-C") >= 3, serving, server)
            run = subprocess.run(
                service.arguments(served, "run"), env=service.own_environment(), capture_output=True, text=True
            )
            assert (run.returncode, "Nothing new" in run.stdout) == (0, True), run.stderr
        assert len(service.completed(api)) == 2, "the month that was caught up, and the run that found nothing new"
    assert _versions(served) == ["v1"]
    assert said.read_text().count("was not made: it is made now") == 1


@pytest.mark.prefect
@pytest.mark.slow
def test_a_prefect_worker_makes_the_month_from_the_written_deployment(served, api, tmp_path):
    said, folder = tmp_path / "said", tmp_path / "deployment"
    environment = {
        "PREFECT_API_URL": api, "PREFECT_API_AUTH_STRING": service.LOGIN, "PREFECT_HOME": str(tmp_path / "home")
    }  # fmt: skip
    prefect = [sys.executable, "-m", "prefect", "--no-prompt"]

    def ran(*words: str) -> str:
        done = subprocess.run(
            [*prefect, *words], cwd=folder, env=service.own_environment(**environment), capture_output=True, text=True
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    written = subprocess.run(
        service.arguments(served, "serve", "--write-deployment", str(folder)), capture_output=True, text=True
    )
    steps = re.findall(r"prefect (?:--no-prompt )?(work-pool .*|deploy --all|worker .*)", written.stderr)
    create, deploy, work = (step.split() for step in steps)
    with service.server(served, api, said) as server:
        ran(*create)
        ran(*deploy)
        (deployment,) = service.post(f"{api}/deployments/filter", {})
        (schedule,) = deployment["schedules"]
        assert schedule["schedule"]["cron"] == served.settings.schedule.cron
        assert all(entry["description"] for entry in deployment["parameter_openapi_schema"]["properties"].values())
        # Prefect's worker hears SIGTERM as Ctrl-C, which a process in the background ignores.
        with service.started([*prefect, *work], said, preexec_fn=service.hear_interrupts, **environment) as worker:
            run = service.post(f"{api}/deployments/{deployment['id']}/create_flow_run", {})
            ended = service.until(
                lambda: (state := service.state(api, run["id"])) in service.ENDED and state, worker, server
            )
            assert (ended, _versions(served)) == ("COMPLETED", ["v1"]), said.read_text()


def _versions(programme) -> list[str]:
    return [path.name for path in programme.settings.folder.releases.glob("*/v*")]


def test_the_written_deployment_holds_the_schedule_and_no_path_that_a_form_would_show(programme, tmp_path):
    ((path,), steps) = deployment_file.write(programme.settings, tmp_path / "there", 4200)
    (entry,) = yaml.safe_load(path.read_text())["deployments"]
    (schedule,) = entry["schedules"]
    assert (schedule["cron"], schedule["timezone"]) == ("0 6 2 * *", "Europe/Amsterdam")
    assert "parameters" not in entry
    assert entry["work_pool"]["job_variables"]["env"][PROGRAMME_VARIABLE] == str(programme.root)
    assert f"--pool {entry['work_pool']['name']}" in steps


@pytest.mark.parametrize("name", ["programme", 'Onze 50% "beste" $HOME'])
def test_the_units_run_server_schedule_and_preflight(tmp_path, name):
    programme = programmes.make(tmp_path / name)
    paths, steps = unit_files.write(programme.settings, tmp_path / "units", 4711)
    assert [path.suffix for path in paths] == [".service", ".timer", ".service", ".service"]
    texts = {path.stem.rpartition("-")[2] + path.suffix: path.read_text() for path in paths}
    assert "serve --only-server --port 4711 --programme" in texts["server.service"]
    assert "PREFECT_API_URL=http://127.0.0.1:4711/api" in texts["serve.service"]
    assert "preflight --mail --programme" in texts["preflight.service"]
    assert "status --notify --programme" in texts["preflight.service"]
    assert "StandardOutput=null" in texts["preflight.service"]
    assert "Mon 09:00 Europe/Amsterdam" in texts["preflight.timer"]
    assert all(path.name in steps for path in paths if path.stem.endswith(("server", "serve")))
    if shutil.which("systemd-analyze"):
        found = subprocess.run(["systemd-analyze", "verify", *paths], capture_output=True, text=True)
        assert (found.returncode, found.stderr) == (0, "")
