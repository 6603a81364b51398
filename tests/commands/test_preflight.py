"""`preflight` says what the month under way would lack, and reminds organisations without a number of who answered."""

import hashlib
import json
import stat
from datetime import UTC, datetime

import pytest

from flows.commands import preflight
from flows.foundation.errors import UserError
from flows.privacy.rotation import changing
from flows.programme import settings
from flows.steps.deliver import delivery_ledger, smtp
from tests import mail_server, programmes

MEMBER = "Jan de Vries"
ORGANISATIONS = [
    {"organisation_id": "town", "name": "Gemeente Stad", "language": "nl", "channel": "mail-attachment",
     "recipients": "ann@example.org; bo@example.org"},
    {"organisation_id": "care", "name": "Care & Co", "language": "en", "channel": "folder",
     "recipients": "cas@example.org"},
    {"organisation_id": "hall", "name": "Wijkhuis", "language": "nl", "channel": "mail-notice", "recipients": ""},
]  # fmt: skip
# Organisation, name and answers of each collective in October.
COLLECTIVES = {
    "watch": ("town", "Buurtwacht", 12),
    "garden": ("town", "Buurttuin", 7),
    "choir": ("town", "Buurtkoor", 4),
    "band": ("town", "Buurtband", 3),
    "stands": ("care", "Client council", 12),
    "rozenhof": ("care", "Familieraad Rozenhof", 2),
    "silent": ("hall", "Wijkraad", 0),
}


def _row(name, **columns):
    organisation, title, _ = COLLECTIVES[name]
    row = {**programmes.COLLECTIVES[0], "collective_id": name, "organisation_id": organisation, "name": title}
    return {**row, "valid_from": "", "valid_until": "", **columns}


def _answers(name, first, count, month):
    start = 1000 * list(COLLECTIVES).index(name) + first
    for n in range(start, start + count):
        yield programmes.answers(n, group=name, submitted=f"{month}-05 12:00:00", member=f"{MEMBER} {n}")


@pytest.fixture(autouse=True)
def in_november(monkeypatch):
    """It is 20 November 2026, and nobody waits for a busy mail server."""
    _on(monkeypatch, datetime(2026, 11, 20, tzinfo=UTC))
    monkeypatch.setattr(smtp, "_PAUSES_SECONDS", ())


def _on(monkeypatch, now):
    monkeypatch.setattr(settings.Settings, "now", lambda _: now)


@pytest.fixture(scope="module")
def running(tmp_path_factory):
    """October was released; in November two more answered for a collective that was shown in full."""
    made = programmes.make(tmp_path_factory.mktemp("preflight") / "programme")
    made.register(
        ORGANISATIONS,
        [
            *(_row(name) for name in COLLECTIVES if name not in ("garden", "silent")),
            _row("garden", valid_until="2026-12-31"),
            _row("silent", valid_until="2026-11-14"),
            _row("silent", valid_from="2026-11-15"),
        ],
    )
    programmes.plain_source(made, programmes.ITEMS)
    programmes.plain_source(made, programmes.ITEMS, "paper", file_name="paper.csv")
    programmes.plain_source(made, programmes.ITEMS, "former", file_name="former.csv", closes="2026-10-15")
    rows = [row for name, (_, _, count) in COLLECTIVES.items() for row in _answers(name, 0, count, "2026-10")]
    made.export("october.csv", rows)
    made.pretend_release("2026-10")
    made.export("november.csv", [*rows, *_answers("stands", 50, 2, "2026-11")])
    (made.root / "inbox" / "broken.csv").write_text("x,y\n1,2\n")
    programmes.at_rest(made.root / "inbox" / "broken.csv")
    # Whatever takes the lock first brings a programme up to date, and keeps a backup.
    with changing(made.settings.folder):
        return made


def _contents(programme):
    """The files of a programme, but for the lock and what a pre-flight writes."""
    folder = programme.settings.folder
    return {
        path: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in programme.root.rglob("*")
        if path.is_file() and path != folder.lock and folder.preflight not in path.parents
    }


@pytest.fixture(scope="module")
def seen(running):
    """One pre-flight of the month under way; everything else in the folder stays as it was."""
    with pytest.MonkeyPatch.context() as patch:
        _on(patch, datetime(2026, 11, 20, tzinfo=UTC))
        before = _contents(running)
        found = preflight.preflight(running.settings)
        assert _contents(running) == before
    assert (found.period, found.has_ended, found.stopped_because) == ("2026-11", False, "")
    return found


def test_each_collective_that_is_not_in_full_says_why_and_how_many_answers_more_would_take(seen):
    assert {entry.collective_id: (entry.state, entry.takes) for entry in seen.not_in_full} == {
        "garden": ("levels", "3 more answers and Buurttuin is shown in full."),
        "choir": ("too_few", "1 more answer and Buurtkoor has its own figures."),
        "band": ("too_few", "2 more answers and Buurtband has its own figures."),
        "stands": ("carried", "3 more members who answer, or answer again, and Client council has new figures."),
        "rozenhof": ("too_few", "3 more answers and Familieraad Rozenhof has its own figures."),
        "silent": ("nobody", "5 more answers and Wijkraad has its own figures."),
    }


def test_the_words_are_those_of_the_steward(seen):
    assert preflight.describe(seen).splitlines()[0] == (
        "month       2026-11, until 2026-11-30: 6 of 7 collectives would not be shown in full."
    )
    said = " ".join(preflight.describe(seen).split())
    for words in (
        "no answers hall Wijkraad Nothing: nobody answered. 5 more answers and Wijkraad has its own figures.",
        "too few town Buurtkoor Nothing: too few answered.",
        "means only town Buurttuin Only rounded means: fewer than 10 answered.",
        "carried care Client council The figures of October 2026: since then only a few answers came",
        "source 'paper' has had no export since the month began; none was read so far.",
        "ends 2026-11-14 collective 'silent', Wijkraad, of 'hall'; a later row follows",
        "ends 2026-12-31 collective 'garden', Buurttuin, of 'town'; no row follows",
        "address 'hall' receives its report by mail, but the register has no mail address for it.",
        "texts 6 reminders to copy: motiefmix preflight --texts, or private/preflight/2026-11",
    ):
        assert words in said
    assert MEMBER not in said + str(seen)


def test_a_held_file_says_why_in_one_line(seen):
    (held,) = seen.held
    assert held.file_name == "broken.csv"
    assert len(held.reason.splitlines()) == 1


def test_a_source_that_is_closed_or_had_an_export_this_month_is_not_told(seen):
    assert [(entry.source, entry.newest_on) for entry in seen.silent_sources] == [("paper", None)]


def test_each_collective_has_a_text_in_the_language_of_its_organisation_for_the_owner_alone(seen, running):
    folder = running.settings.folder.preflight / "2026-11"
    assert {path.stem for path in folder.iterdir()} == {"garden", "choir", "band", "stands", "rozenhof", "silent"}
    assert (folder / "choir.txt").read_text() == (
        "Antwoorden die nog ontbreken voor november 2026, Gemeente Stad\n\n"
        "In het rapport over november 2026 tellen de antwoorden mee die tot en met 30 november 2026 zijn gegeven."
        " Dit ontbreekt nog:\n\n"
        "Nog 1 antwoord en Buurtkoor heeft eigen cijfers.\n\n"
        "Wilt u leden vragen de vragenlijst in te vullen? Meedoen is vrijwillig, en in geen enkel rapport staat wie de"
        " vragenlijst heeft ingevuld.\n\n"
        "Test\n"
    )
    english = (folder / "rozenhof.txt").read_text()
    assert english.startswith("Answers still missing for November 2026, Care & Co\n\n")
    assert "3 more answers and Familieraad Rozenhof has its own figures." in english
    for path in (folder.parent, folder, *folder.iterdir()):
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0
    assert {text.collective_id for text in seen.texts} == {path.stem for path in folder.iterdir()}
    assert all(MEMBER not in path.read_text() for path in folder.iterdir())


@pytest.fixture
def empty(tmp_path):
    """A programme without an export: nobody has answered yet."""
    made = programmes.make(tmp_path / "programme")
    made.register(ORGANISATIONS, [_row(name) for name in COLLECTIVES])
    programmes.plain_source(made, programmes.ITEMS)
    return made


def _with_reminders(programme, server=None, **changes):
    lines = {"reminders": True, "sender": "office@example.org", "security": "none", **changes}
    if server:
        lines |= {"mail_server": server.host, "port": server.port}
    toml = programme.root / "motiefmix.toml"
    written = "\n".join(f"{key} = {json.dumps(value)}" for key, value in lines.items())
    toml.write_text(toml.read_text().partition("[delivery]")[0] + f"[delivery]\n{written}\n")


def _mailed(programme):
    return preflight.preflight(programme.settings, mail=True).mailed


def _outcomes(delivered):
    return {entry.recipient or entry.organisation_id: entry.outcome for entry in delivered}


def test_before_the_first_export_every_collective_lacks_answers(empty):
    short = preflight.preflight(empty.settings).not_in_full
    assert [(entry.state, entry.answers_short) for entry in short] == [("nobody", 5)] * len(COLLECTIVES)


@pytest.mark.slow
def test_a_source_with_an_older_export_says_when_it_came(shared, tmp_path, monkeypatch):
    made = programmes.copied(shared("computed", 14), tmp_path)
    _on(monkeypatch, datetime(2026, 12, 10, tzinfo=UTC))
    said = preflight.describe(preflight.preflight(made.settings))
    assert "all 1 collective would be shown in full" in said
    assert "'form' has had no export since the month began; the newest came on 2026-11-02." in said


def test_reminders_are_off_by_default_and_mailing_only_says_so(empty, capsys):
    assert preflight.command(mail=True, programme=empty.root) == 0
    assert "Reminders are off: nothing was mailed." in capsys.readouterr().err
    assert not empty.settings.folder.deliveries.exists()


def test_each_recipient_gets_one_mail_a_month_with_all_collectives_of_the_organisation(empty, monkeypatch):
    with mail_server.running() as server:
        _with_reminders(empty, server)
        assert _outcomes(_mailed(empty)) == {
            "ann@example.org": "delivered",
            "bo@example.org": "delivered",
            "cas@example.org": "delivered",
            "hall": "obstacle",
        }
        assert sorted(server.recipients) == ["ann@example.org", "bo@example.org", "cas@example.org"]
        ann = server.mails[server.recipients.index("ann@example.org")]
        text = ann.get_body(("plain",)).get_content()
        assert all(name in text for name in ("Buurtwacht", "Buurttuin", "Buurtkoor"))
        assert "Wijkraad" not in text
        assert list(ann.iter_attachments()) == []
        # A week later other answers are missing, so the text is another; the month is the same.
        empty.register(ORGANISATIONS, [_row(name) for name in ("watch", "rozenhof")])
        assert _outcomes(_mailed(empty))["ann@example.org"] == "already"
        assert len(server.mails) == 3
        _on(monkeypatch, datetime(2026, 12, 24, tzinfo=UTC))
        assert _outcomes(_mailed(empty))["ann@example.org"] == "delivered"
        assert len(server.mails) == 6
    entries = delivery_ledger.read(empty.settings.folder.deliveries)
    assert {(entry.kind, entry.channel) for entry in entries} == {("reminder", "mail-notice")}


@pytest.mark.parametrize("trouble", ["taken", "drop"])
def test_a_reminder_without_an_answer_is_not_repeated(empty, trouble):
    empty.register(ORGANISATIONS, [_row("rozenhof")])
    with mail_server.running(answers=[trouble]) as server:
        _with_reminders(empty, server)
        assert _outcomes(_mailed(empty)) == {"cas@example.org": "unknown"}
        empty.register(ORGANISATIONS, [_row("rozenhof"), _row("stands")])
        assert _outcomes(_mailed(empty)) == {"cas@example.org": "unknown"}
        assert len(server.mails) <= 1


def test_a_reminder_that_was_refused_is_tried_again_and_ends_with_5(empty, capsys):
    empty.register(ORGANISATIONS, [_row("rozenhof")])
    with mail_server.running(refused_recipients=["cas@example.org"]) as server:
        _with_reminders(empty, server)
        assert preflight.command(mail=True, programme=empty.root) == 5
        assert "NOT REMINDED" in capsys.readouterr().err
        server.refused_recipients = ()
        assert preflight.command(mail=True, programme=empty.root) == 0
    assert server.recipients == ["cas@example.org"]


def test_reminders_go_to_allowed_domains_only(empty):
    empty.register(ORGANISATIONS, [_row("rozenhof")])
    with mail_server.running() as server:
        _with_reminders(empty, server, allowed_domains=["example.com"])
        (told,) = _mailed(empty)
        assert (told.outcome, server.mails) == ("obstacle", [])
        assert "example.org" in told.answer


def test_an_organisation_that_receives_in_a_folder_needs_no_address(empty):
    _with_reminders(empty)
    empty.register([{**ORGANISATIONS[1], "recipients": ""}], [_row("rozenhof")])
    assert _mailed(empty) == ()


def test_nobody_is_reminded_of_a_month_that_is_over(empty, capsys):
    with mail_server.running() as server:
        _with_reminders(empty, server)
        assert preflight.command(period="2026-10", mail=True, texts=True, programme=empty.root) == 0
        assert server.mails == []
    assert "2026-10 has ended" in capsys.readouterr().err
    assert not empty.settings.folder.preflight.exists()


def test_a_month_that_has_not_begun_is_refused(empty):
    with pytest.raises(UserError, match="2026-12 has not begun"):
        preflight.preflight(empty.settings, "2026-12")


def test_texts_are_printed_and_json_has_everything(empty, capsys):
    empty.register(ORGANISATIONS, [_row("rozenhof")])
    assert preflight.command(texts=True, programme=empty.root) == 0
    assert "care / rozenhof (en)\n\nAnswers still missing for November 2026" in capsys.readouterr().out
    assert preflight.command(json=True, programme=empty.root) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["not_in_full"][0]["answers_short"] == 5
    assert document["texts"][0]["collective_id"] == "rozenhof"
