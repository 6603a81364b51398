"""The whole way with real parts: server, schedule, run, approval, mail server, and what a browser shows of it."""

import hashlib
from base64 import b64encode
from datetime import UTC, datetime, timedelta
from urllib.error import HTTPError

import duckdb
import pytest

from flows.programme import run_record
from flows.programme.catching_up import due_period
from flows.releases import choosing
from tests import browser, mail_server, programmes, service

RECIPIENTS = ("ann@example.org", "bo@example.org")


def _soon(api: str, deployment: str) -> str:
    """Add a schedule to a deployment, so that the server's scheduler fires in seconds on any day; return its id."""
    at = datetime.now(UTC) + timedelta(seconds=5)
    schedule = {"active": True, "schedule": {"interval": 3600, "anchor_date": at.isoformat()}}
    (made,) = service.post(f"{api}/deployments/{deployment}/schedules", [schedule])
    return made["id"]


def _motiefmix(programme, *words: str) -> tuple[int, str]:
    done = service.motiefmix(programme, *words)
    return done.returncode, done.stdout + done.stderr


def _scheduled_run(programme, api, said):
    """Let the server's scheduler fire one run of the deployment, and wait until it has ended."""
    chosen = programme.settings
    # The month that is due was made in time, so nothing is caught up.
    run_record.begin(chosen.folder, due_period(chosen, chosen.now()), chosen.now(), "0").finish(0, "made in time")
    with (
        service.server(programme, api, said) as server,
        service.serving(programme, said, PREFECT_API_URL=api) as serving,
    ):
        written = programme.root / "private/prefect/server.json"
        assert written.stat().st_mode & 0o777 == 0o600
        with pytest.raises(HTTPError, match="401"):
            service.post(f"{api}/deployments/filter", {}, login="motiefmix:a guess")
        (deployment,) = service.until(lambda: service.post(f"{api}/deployments/filter", {}), serving, server)
        added = _soon(api, deployment["id"])
        begun = ("RUNNING", *service.ENDED)
        fired, *_ = service.until(
            lambda: [run for run in service.runs(api) if run["state_type"] in begun], serving, server
        )
        service.asked("DELETE", f"{api}/deployments/{deployment['id']}/schedules/{added}")
        state = service.until(
            lambda: (found := service.state(api, fired["id"])) in service.ENDED and found, serving, server
        )
        assert state == "COMPLETED", said.read_text()
        assert fired["auto_scheduled"] is True
        artifacts = service.until(lambda: service.post(f"{api}/artifacts/filter", {}), serving, server)
        if browser.CHROMIUM:
            _read_servers_page(api, artifacts)
    return artifacts


def _read_servers_page(api: str, artifacts: list[dict]) -> None:
    """Prefect's own pages ask for the login, and show the artifacts of the run."""
    encoded = b64encode(service.LOGIN.encode()).decode()
    with browser.opened() as page:
        page.add_init_script(f"localStorage.setItem('prefect-password', '{encoded}')")
        page.goto(f"{api.removesuffix('/api')}/artifacts")
        for key in {entry["key"] for entry in artifacts}:
            page.get_by_text(key, exact=True).first.wait_for()


def _files_with_a_recipient(programme) -> set[str]:
    """The files that name a recipient: no log, page, report or record of Prefect may."""
    return {
        path.relative_to(programme.root).as_posix()
        for path in programme.root.rglob("*")
        if path.is_file() and any(name.encode() in path.read_bytes() for name in RECIPIENTS)
    }


@pytest.mark.prefect
def test_a_scheduled_month_reaches_each_recipient_once_after_approval(served, api, tmp_path):
    served.register(
        organisations=[
            {**programmes.ORGANISATIONS[0], "channel": "mail-attachment", "recipients": "; ".join(RECIPIENTS)}
        ]
    )
    with mail_server.running() as server:
        toml = served.root / "motiefmix.toml"
        toml.write_text(
            f'{toml.read_text()}[delivery]\nsender = "office@example.org"\nmail_server = "{server.host}"\n'
            f'port = {server.port}\nsecurity = "none"\n'
        )
        artifacts = _scheduled_run(served, api, tmp_path / "said")
        assert {entry["key"] for entry in artifacts} == {"summary", "quality", "reports"}
        assert server.mails == []
        assert _motiefmix(served, "deliver")[0] == 5
        assert server.mails == []
        assert _motiefmix(served, "approve")[0] == 0
        assert _motiefmix(served, "deliver")[0] == 0
        assert sorted(server.recipients) == sorted(RECIPIENTS)
        report = choosing.standing(served.settings).reports[0]
        for mail in server.mails:
            sent = {part.get_filename(): part.get_payload(decode=True) for part in mail.iter_attachments()}
            assert hashlib.sha256(sent["town.pdf"]).hexdigest() == report.sha256
        code, said = _motiefmix(served, "deliver")
        assert (code, "Nothing was sent" in said) == (0, True)
        assert len(server.mails) == len(RECIPIENTS)
    assert _files_with_a_recipient(served) <= {"register/organisations.csv", "private/deliveries.duckdb"}
    with duckdb.connect(str(served.settings.folder.database), read_only=True) as connection:
        assert connection.execute("select status from deliveries").fetchall() == [("delivered",)]
    if browser.CHROMIUM:
        with browser.opened(390) as page:
            page.goto((served.settings.folder.site / "index.html").as_uri())
            assert page.locator(".card.delivered").count() == 1
