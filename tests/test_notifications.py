"""What goes wrong is told by mail and webhook, with what to do, and without answers, names or addresses."""

import http.server
import json
import threading
from contextlib import contextmanager

import pytest

from flows import notifications
from flows.commands import status
from flows.foundation.contracts import Delivered, RunOutcome, Validated, Waiting
from tests import mail_server

UNKNOWN = Delivered(organisation_id="town", channel="mail-notice", recipient="ann@example.org", outcome="unknown")
FAILED = Delivered(
    organisation_id="care",
    channel="mail-notice",
    recipient="bo@example.org",
    outcome="failed",
    answer="550 <c@d.example.org> no mailbox",
)


def _outcome(**changes) -> RunOutcome:
    return RunOutcome(**{"run_id": "1", "period": "2026-10", "exit_code": 0, "message": "", **changes})


@pytest.fixture
def mailing(programme):
    """The settings of a programme with a mail server, and the server."""
    with mail_server.running() as server:
        toml = programme.root / "motiefmix.toml"
        toml.write_text(
            f'{toml.read_text()}[delivery]\nsender = "office@example.org"\nmail_server = "{server.host}"\n'
            f'port = {server.port}\nsecurity = "none"\n[notifications]\nmail = ["steward@example.org"]\n'
        )
        yield programme.settings, server


@contextmanager
def _webhook():
    """A server that keeps what is posted to it."""
    posted = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            posted.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"json://127.0.0.1:{server.server_port}/steward", posted
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_a_run_in_order_tells_nobody(mailing):
    settings, server = mailing
    assert notifications.after_run(settings, _outcome()) == ()
    assert server.mails == []


def test_a_run_that_stopped_is_told_with_its_sentence(mailing):
    settings, server = mailing
    assert notifications.after_run(settings, _outcome(exit_code=4, message="There is nothing to read.")) == ()
    (mail,) = server.mails
    assert mail["To"] == "steward@example.org"
    assert mail["Subject"] == "Motiefmix Test: 2026-10 stopped"
    assert "There is nothing to read." in mail.get_content()


def test_undelivered_and_unknown_mails_are_told_with_what_to_do_and_without_addresses(mailing):
    settings, server = mailing
    waiting = (Waiting(kind="late", source="form", month="2026-09", count=3),)
    outcome = _outcome(exit_code=5, delivered=(UNKNOWN, FAILED), validated=Validated(waiting=waiting))
    notifications.after_run(settings, outcome)
    text = server.mails[0].get_content()
    assert "motiefmix deliver 2026-10 --arrived town" in text
    assert "550 <(address)> no mailbox" in text
    assert "3 answers waiting for a decision. See: motiefmix accept" in text
    assert "example.org" not in text


def test_a_webhook_is_told_the_same(programme, monkeypatch):
    with _webhook() as (url, posted):
        monkeypatch.setenv("MOTIEFMIX_NOTIFY", url)
        assert notifications.after_run(programme.settings, _outcome(exit_code=1, message="Stopped.")) == ()
    assert posted[0]["title"] == "Motiefmix Test: 2026-10 stopped"
    assert posted[0]["message"] == "Stopped."


def test_what_cannot_be_sent_stops_nothing_and_shows_no_secret(programme, monkeypatch):
    monkeypatch.setenv("MOTIEFMIX_NOTIFY", "json://user:secret@127.0.0.1:1/steward")
    (reason,) = notifications.after_run(programme.settings, _outcome(exit_code=1, message="Stopped."))
    assert "could not be sent" in reason
    assert "secret" not in reason


def test_a_month_that_did_not_run_is_told_by_status(mailing, capsys):
    settings, server = mailing
    assert status.command(check=True, notify=True, programme=settings.root) == 1
    assert "has no release. Make it with: motiefmix run" in server.mails[0].get_content()
