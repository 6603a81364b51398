"""Killed at any event, and run again as usual: the end is that of an undisturbed run, and no mail goes twice."""

from functools import partial

import duckdb
import pytest

from flows.programme import manifest, public_folder
from flows.releases import approving, choosing
from flows.steps.deliver import delivery_ledger
from tests import faults, mail_server, programmes

# Places spread over a command, as fractions of its events; make test-slow tries every event.
SOME = (0.8,)


@pytest.fixture(scope="module")
def motiefmix():
    commands = [f"flows.commands.{name}" for name in ("approve", "deliver", "withdraw")]
    with faults.forks_of("flows.cli", "flows.releases.steward_site", *commands) as made:
        yield made


@pytest.fixture(scope="module")
def made(shared, tmp_path_factory):
    """A release with one recipient, and a mail server's place in its settings."""
    programme = programmes.copied(shared("with-files", 14), tmp_path_factory.mktemp("faults"))
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


def _prepare(motiefmix, programme, command):
    """What was done before a command."""
    settings = programme.settings
    if command != "approve":
        approving.approve(settings, choosing.standing(settings))
    if command == "withdraw":
        assert motiefmix.run("deliver", "-p", str(programme.root)) == 0
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


def _killed_and_repeated(motiefmix, made, folder, command, place):
    """A command that is killed at a place, and then run again; with the mails that came and the final state."""
    with mail_server.running() as server:
        programme = _copy(made, folder, server)
        words = _prepare(motiefmix, programme, command)
        before = len(server.mails)
        assert motiefmix.run(*words, fatal=place) in (-9, 0)
        motiefmix.run(*words)
        entries = delivery_ledger.read(programme.settings.folder.deliveries)
        return _state(programme), len(server.mails) - before, entries


@pytest.fixture(scope="module")
def undisturbed(motiefmix, made, tmp_path_factory):
    """For each command the number of its events, and the state after it."""
    found = {}
    for command in ("approve", "deliver", "withdraw"):
        folder = tmp_path_factory.mktemp(command)
        with mail_server.running() as server:
            programme = _copy(made, folder, server)
            words = _prepare(motiefmix, programme, command)
            found[command] = (motiefmix.events_of(*words), _state(programme))
    return found


def _check(motiefmix, made, undisturbed, folder, command, place):
    state, mails, entries = _killed_and_repeated(motiefmix, made, folder, command, place)
    unknown = [entry for entry in entries if entry.state == "unknown"]
    assert mails <= (command != "approve")
    if command == "approve" or not unknown:
        assert state == undisturbed[command][1]
        assert mails == (command != "approve")
    else:
        # Killed between sending and the answer: a person is asked, and nothing is sent again.
        assert [entry.kind for entry in unknown] == ["report" if command == "deliver" else "withdrawal"]


@pytest.fixture(scope="module")
def check(motiefmix, made, undisturbed):
    """Kill a command at a place and repeat it, in a folder; compare with what was not disturbed."""
    return partial(_check, motiefmix, made, undisturbed)


@pytest.mark.parametrize("fraction", SOME)
@pytest.mark.parametrize("command", ["approve", "deliver", "withdraw"])
def test_a_command_that_is_killed_is_finished_by_the_next_one(check, tmp_path, undisturbed, command, fraction):
    check(tmp_path, command, max(1, round(undisturbed[command][0] * fraction)))


@pytest.mark.slow
@pytest.mark.parametrize("command", ["approve", "deliver", "withdraw"])
def test_at_every_single_event(check, tmp_path, undisturbed, command):
    for place in range(1, undisturbed[command][0] + 1):
        folder = tmp_path / str(place)
        folder.mkdir()
        check(folder, command, place)
