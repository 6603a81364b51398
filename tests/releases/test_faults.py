"""Killed at any event, and run again as usual: the end is that of an undisturbed run, and no mail goes twice."""

import os
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from flows.programme import manifest, public_folder
from flows.releases import approving, choosing
from flows.steps.deliver import delivery_ledger
from tests import mail_server, programmes
from tests.releases.made import released

# Places spread over a command, as fractions of its events; make test-slow tries every event.
SOME = (0.8,)


def _motiefmix(*words: str, fatal: int | None = None, events: Path | None = None) -> int:
    module = ["flows.cli"] if fatal is None else ["tests.faults", str(fatal), "flows.cli"]
    environment = {**os.environ, "EVENTS_FILE": str(events)}
    done = subprocess.run(
        [sys.executable, "-m", *module, *words], env=environment, capture_output=True, timeout=programmes.PATIENCE
    )
    return done.returncode


@pytest.fixture(scope="module")
def made(shared, tmp_path_factory):
    """A release with one recipient, and a mail server's place in its settings."""
    programme = released(programmes.copied(shared("computed", 14), tmp_path_factory.mktemp("faults")))
    row = {**programmes.ORGANISATIONS[0], "channel": "mail-attachment", "recipients": "ann@example.org"}
    programme.register(organisations=[row])
    return programme


def _copy(made, folder, server):
    programme = programmes.copied(made, folder)
    toml = programme.root / "motiefmix.toml"
    toml.write_text(
        f'{toml.read_text()}[delivery]\nsender = "office@example.org"\nmail_server = "{server.host}"\n'
        f'port = {server.port}\nsecurity = "none"\n'
    )
    return programme


def _prepare(programme, command):
    """What was done before a command."""
    settings = programme.settings
    if command != "approve":
        approving.approve(settings, choosing.standing(settings))
    if command == "withdraw":
        assert _motiefmix("deliver", "-p", str(programme.root)) == 0
    return [command, *{"withdraw": ["2026-10", "v1", "--reason", "wrong"]}.get(command, []), "-p", str(programme.root)]


def _state(programme):
    """All that people and later runs see."""
    settings = programme.settings
    reports = [
        (entry.version, bool(entry.withdrawn_on), [(report.status, report.channel) for report in entry.reports])
        for entry in manifest.every(settings.folder)
    ]
    database, deliveries = settings.folder.database, []
    if database.exists():
        with duckdb.connect(str(database), read_only=True) as connection:
            deliveries = connection.execute("select * exclude (delivered_at) from deliveries").fetchall()
    leftovers = [path.name for path in settings.folder.root.rglob(".making-*")]
    troubles = public_folder.troubles(settings.folder, "2026-10")
    return reports, deliveries, sorted(path.name for path in settings.folder.public.iterdir()), leftovers, troubles


def _killed_and_repeated(made, folder, command, place):
    """A command that is killed at a place, and then run again; with the mails that came and the final state."""
    with mail_server.running() as server:
        programme = _copy(made, folder, server)
        words = _prepare(programme, command)
        before = len(server.mails)
        assert _motiefmix(*words, fatal=place) in (-9, 0)
        _motiefmix(*words)
        entries = delivery_ledger.read(programme.settings.folder.deliveries)
        return _state(programme), len(server.mails) - before, entries


@pytest.fixture(scope="module")
def undisturbed(made, tmp_path_factory):
    """For each command the number of its events, and the state after it."""
    found = {}
    for command in ("approve", "deliver", "withdraw"):
        folder = tmp_path_factory.mktemp(command)
        with mail_server.running() as server:
            programme = _copy(made, folder, server)
            words = _prepare(programme, command)
            assert _motiefmix(*words, fatal=0, events=folder / "events") == 0
            found[command] = (int((folder / "events").read_text()), _state(programme))
    return found


def _check(made, folder, undisturbed, command, place):
    state, mails, entries = _killed_and_repeated(made, folder, command, place)
    unknown = [entry for entry in entries if entry.state == "unknown"]
    assert mails <= (command != "approve")
    if command == "approve" or not unknown:
        assert state == undisturbed[command][1]
        assert mails == (command != "approve")
    else:
        # Killed between sending and the answer: a person is asked, and nothing is sent again.
        assert [entry.kind for entry in unknown] == ["report" if command == "deliver" else "withdrawal"]


@pytest.mark.parametrize("fraction", SOME)
@pytest.mark.parametrize("command", ["approve", "deliver", "withdraw"])
def test_a_command_that_is_killed_is_finished_by_the_next_one(made, tmp_path, undisturbed, command, fraction):
    place = max(1, round(undisturbed[command][0] * fraction))
    _check(made, tmp_path, undisturbed, command, place)


@pytest.mark.slow
@pytest.mark.parametrize("command", ["approve", "deliver", "withdraw"])
def test_at_every_single_event(made, tmp_path, undisturbed, command):
    for place in range(1, undisturbed[command][0] + 1):
        folder = tmp_path / str(place)
        folder.mkdir()
        _check(made, folder, undisturbed, command, place)
