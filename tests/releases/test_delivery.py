"""An approved report reaches its organisation once, whatever happens in between."""

import errno
import hashlib
import io
import os
import re
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from email import message_from_bytes, policy

import duckdb
import fsspec
import pikepdf
import pytest

from flows.commands import approve, deliver, withdraw
from flows.foundation.contracts import Letter, MadeReport, Release
from flows.foundation.disk_space import DiskFull
from flows.foundation.errors import UserError
from flows.programme import manifest, register
from flows.releases import approving, choosing, delivering, settling, statuses, withdrawing
from flows.releases.delivering import DeliveryRequest
from flows.steps import publish
from flows.steps.deliver import delivery_ledger, smtp
from flows.steps.deliver.channels import Parcel
from flows.steps.deliver.channels import folder as folder_channel
from tests import mail_server, programmes
from tests.releases.made import PERIOD, released, staged_reports

MAIL = {"channel": "mail-attachment", "recipients": "ann@example.org; bo@example.org"}


@pytest.fixture
def programme(shared, tmp_path):
    """A release with small files; nothing is approved."""
    return programmes.copied(shared("with-files", 14), tmp_path)


def _settings(programme, server=None, **changes):
    lines = {"sender": "office@example.org", "security": "none", **changes}
    if server:
        lines |= {"mail_server": server.host, "port": server.port}
    toml = programme.root / "motiefmix.toml"
    written = "\n".join(f"{key} = {value!r}".replace("'", '"') for key, value in lines.items())
    toml.write_text(toml.read_text().partition("[delivery]")[0] + f"[delivery]\n{written}\n")
    return programme.settings


def _receive_by(programme, **columns):
    row = {**programmes.ORGANISATIONS[0], **MAIL, **columns}
    programme.register(organisations=[row])


def _approve(programme, settings):
    return approving.approve(settings, choosing.standing(settings))


@contextmanager
def _approved(programme, server=None, **columns):
    """A release that is approved for the recipients of these columns, and a mail server that takes what comes."""
    _receive_by(programme, **columns)
    with mail_server.running(**(server or {})) as running:
        settings = _settings(programme, running)
        _approve(programme, settings)
        yield settings, running


def _deliver(settings, **asked):
    released = choosing.standing(settings)
    registered = register.load(settings.folder.register)
    return delivering.deliver(settings, registered, released, DeliveryRequest(**asked))


def _outcomes(delivered):
    return [(entry.recipient, entry.outcome) for entry in delivered]


def _status(settings):
    return choosing.standing(settings).reports[0].status


@pytest.fixture(autouse=True)
def nobody_waits(monkeypatch):
    monkeypatch.setattr(smtp, "_PAUSES_SECONDS", ())


def test_nothing_is_sent_before_approval(programme):
    _receive_by(programme)
    with mail_server.running() as server:
        settings = _settings(programme, server)
        (told,) = _deliver(settings)
        assert told.outcome == "obstacle"
        assert "Not approved" in told.answer
        assert server.mails == []
    assert _status(settings) == "ready"


def test_each_recipient_gets_exactly_the_approved_bytes_once(programme):
    _receive_by(programme)
    with mail_server.running() as server:
        settings = _settings(programme, server)
        assert _approve(programme, settings) == ("town",)
        assert _outcomes(_deliver(settings)) == [("ann@example.org", "delivered"), ("bo@example.org", "delivered")]
        assert _outcomes(_deliver(settings)) == [("ann@example.org", "already"), ("bo@example.org", "already")]
        assert sorted(server.recipients) == ["ann@example.org", "bo@example.org"]
        report = choosing.standing(settings).reports[0]
        for mail in server.mails:
            sent = {part.get_filename(): part.get_payload(decode=True) for part in mail.iter_attachments()}
            assert hashlib.sha256(sent["town.pdf"]).hexdigest() == report.sha256
            assert set(sent) == {"town.pdf", "town.xlsx", "town.csv", "watch.pdf"}
    assert report.status == "delivered"
    assert _status(settings) == "delivered"


@pytest.mark.slow
def test_a_second_approval_changes_nothing(programme):
    settings = _settings(programme)
    assert _approve(programme, settings) == ("town",)
    assert _approve(programme, settings) == ()


def test_a_file_that_was_changed_is_neither_approved_nor_sent(programme):
    _receive_by(programme)
    with mail_server.running() as server:
        settings = _settings(programme, server)
        pdf = choosing.standing(settings).folder_in(settings.folder) / "reports" / "town.pdf"
        _approve(programme, settings)
        pdf.write_bytes(b"%PDF-1.7 somebody else's")
        (told,) = _deliver(settings)
        assert "not what was released" in told.answer
        assert server.mails == []
    with pytest.raises(UserError, match="not what was released"):
        _approve(programme, settings)


def test_only_chosen_attachments_are_sent(programme):
    with _approved(programme, recipients="ann@example.org", attachments="workbook") as (settings, server):
        _deliver(settings)
        assert [part.get_filename() for part in server.mails[0].iter_attachments()] == ["town.pdf", "town.xlsx"]


def test_a_notice_has_no_file_and_no_figure(programme):
    with _approved(programme, channel="mail-notice", recipients="ann@example.org") as (settings, server):
        _deliver(settings)
        (mail,) = server.mails
        assert list(mail.iter_attachments()) == []
        assert mail["Subject"] == "Motivatierapport oktober 2026, Gemeente Voorbeeldstad"
        text = mail.get_body(("plain",)).get_content()
        assert "staat klaar" in text
        assert "Test" in text


def test_an_encrypted_report_opens_with_the_agreed_password_and_keeps_its_tags(programme, monkeypatch):
    with _approved(programme, channel="mail-encrypted", recipients="ann@example.org") as (settings, server):
        (told,) = _deliver(settings)
        assert "MOTIEFMIX_PDF_PASSWORD_TOWN" in told.answer
        monkeypatch.setenv("MOTIEFMIX_PDF_PASSWORD_TOWN", "appelboom")
        _deliver(settings)
        (mail,) = server.mails
        assert "appelboom" not in mail.as_string()
        sent = {part.get_filename(): part.get_payload(decode=True) for part in mail.iter_attachments()}
    assert set(sent) == {"town.pdf", "watch.pdf"}
    with pytest.raises(pikepdf.PasswordError):
        pikepdf.open(io.BytesIO(sent["town.pdf"]))
    with pikepdf.open(io.BytesIO(sent["town.pdf"]), password="appelboom") as pdf:
        assert pdf.encryption.bits == 256
        assert "/StructTreeRoot" in pdf.Root


@pytest.mark.parametrize("trouble", ["taken", "drop"])
def test_a_delivery_without_an_answer_is_never_repeated_by_itself(programme, trouble):
    with _approved(programme, recipients="ann@example.org", server={"answers": [trouble]}) as (settings, server):
        assert _outcomes(_deliver(settings)) == [("ann@example.org", "unknown")]
        mails = len(server.mails)
        assert _outcomes(_deliver(settings)) == [("ann@example.org", "unknown")]
        registered, released = register.load(settings.folder.register), choosing.standing(settings)
        tried = delivering.try_out(settings, registered, released, DeliveryRequest(), programme.root / "eml")
        assert _outcomes(tried) == [("ann@example.org", "unknown")]
        assert len(server.mails) == mails
        assert _status(settings) == "unknown"
        assert settling.arrived(settings, choosing.standing(settings), ("town",)) == 1
        assert _status(settings) == "delivered"
        assert _outcomes(_deliver(settings)) == [("ann@example.org", "already")]


def test_one_recipient_is_settled_and_the_other_is_still_asked(programme):
    with _approved(programme, server={"answers": ["drop", "drop"]}) as (settings, _):
        assert _outcomes(_deliver(settings)) == [("ann@example.org", "unknown"), ("bo@example.org", "unknown")]
        released = choosing.standing(settings)
        with pytest.raises(UserError, match="cy@example.org of town has no delivery"):
            settling.arrived(settings, released, ("town",), recipients=("cy@example.org",))
        assert settling.arrived(settings, released, ("town",), recipients=("bo@example.org",)) == 1
        assert _outcomes(_deliver(settings)) == [("ann@example.org", "unknown"), ("bo@example.org", "already")]
        assert "--arrived town --recipient ann@example.org or:" in deliver.describe(_deliver(settings))


def test_a_recipient_alone_says_what_it_belongs_to(programme, capsys):
    with pytest.raises(UserError, match="belongs to --arrived"):
        deliver.command(recipient=["bo@example.org"], programme=programme.root)


def test_a_delivery_that_ended_between_two_recipients_is_not_taken_for_done(programme, monkeypatch):
    with _approved(programme) as (settings, _):
        begin = delivery_ledger.DeliveryLedger.begin

        def die_at_the_second(ledger, key, *rest):
            if key.recipient == "bo@example.org":
                raise SystemExit
            begin(ledger, key, *rest)

        with monkeypatch.context() as patch:
            patch.setattr(delivery_ledger.DeliveryLedger, "begin", die_at_the_second)
            with pytest.raises(SystemExit):
                _deliver(settings)
        statuses.refresh(settings.folder)
        assert _status(settings) == "undelivered"
        assert _outcomes(_deliver(settings)) == [("ann@example.org", "already"), ("bo@example.org", "delivered")]
        assert _status(settings) == "delivered"


def test_an_address_that_was_corrected_is_not_missed_any_more(programme):
    refusing = {"refused_recipients": ["anne@example.org"]}
    with _approved(programme, refusing, recipients="anne@example.org") as (settings, _):
        _deliver(settings)
        assert _status(settings) == "undelivered"
        _receive_by(programme, recipients="ann@example.org")
        assert _outcomes(_deliver(settings)) == [("ann@example.org", "delivered")]
        assert _status(settings) == "delivered"


def test_whoever_comes_back_into_the_register_is_waited_for_again(programme):
    key = delivery_ledger.DeliveryKey(
        period="2026-10", organisation_id="town", channel="folder", recipient="x", sha256="y"
    )
    settings = _settings(programme)
    with delivery_ledger.opened(settings.folder.deliveries) as ledger:
        for state in ("dropped", "delivered", "failed"):
            ledger.begin(key, 1, settings.now())
            ledger.set_state(key, state)
            ledger.plan([(key, 1)], settings.now())
            assert ledger.entries()[0].state == ("planned" if state == "dropped" else state)


def test_a_failed_resend_leaves_what_was_delivered_delivered(programme):
    with _approved(programme, recipients="ann@example.org") as (settings, server):
        _deliver(settings)
        day = choosing.standing(settings).reports[0].delivered_on
        server.answers = ["554 spam"]
        assert _outcomes(_deliver(settings, is_again=True, reason="x")) == [("ann@example.org", "failed")]
        assert (_status(settings), choosing.standing(settings).reports[0].delivered_on) == ("delivered", day)
        assert _outcomes(_deliver(settings)) == [("ann@example.org", "already")]
        (told,) = withdrawing.withdraw(
            settings, register.load(settings.folder.register), choosing.standing(settings), "x"
        )
        assert told.outcome == "delivered"


def test_without_the_ledger_nothing_is_sent_again(programme):
    with _approved(programme, recipients="ann@example.org") as (settings, server):
        _deliver(settings)
        ledger = settings.folder.deliveries.read_bytes()
        for damage in (b"", ledger[:5000], b"no database" * 9000):
            settings.folder.deliveries.write_bytes(damage)
            with pytest.raises(UserError, match="back from a backup"):
                _deliver(settings)
        settings.folder.deliveries.unlink()
        with pytest.raises(UserError, match="lacks the delivery of town in 2026-10 v1"):
            _deliver(settings)
        assert len(server.mails) == 1
        settings.folder.deliveries.write_bytes(ledger)
        assert _outcomes(_deliver(settings)) == [("ann@example.org", "already")]


@pytest.mark.slow
def test_a_release_that_was_withdrawn_by_mistake_is_delivered_and_withdrawn_again_as_the_next_version(programme):
    _receive_by(programme, recipients="ann@example.org")
    with mail_server.running() as server:
        settings = _settings(programme, server)
        registered = register.load(settings.folder.register)
        _approve(programme, settings)
        _deliver(settings)
        withdrawing.withdraw(settings, registered, choosing.standing(settings), "by mistake")
        _release_the_same_again(programme)
        _approve(programme, settings)
        assert _outcomes(_deliver(settings)) == [("ann@example.org", "delivered")]
        assert _outcomes(_deliver(settings)) == [("ann@example.org", "already")]
        (told,) = withdrawing.withdraw(settings, registered, choosing.standing(settings), "after all")
        assert told.outcome == "delivered"
        assert len(server.mails) == 4


def test_a_report_that_the_next_version_takes_over_is_not_sent_again_and_not_withdrawn_with_it(programme):
    """Its recipients have the file that stands, whichever of the two versions is withdrawn."""
    with _approved(programme, recipients="ann@example.org") as (settings, server):
        registered = register.load(settings.folder.register)
        _deliver(settings)
        _release_the_same_again(programme)
        _approve(programme, settings)
        assert _outcomes(_deliver(settings)) == [("ann@example.org", "already")]
        assert _status(settings) == "delivered"
        assert withdrawing.withdraw(settings, registered, choosing.standing(settings), "te vroeg") == ()
        assert (choosing.standing(settings).version, _status(settings)) == (1, "delivered")
        (told,) = withdrawing.withdraw(settings, registered, choosing.standing(settings), "toch niet")
        assert told.outcome == "delivered"
        assert len(server.mails) == 2


def test_who_got_another_version_since_gets_the_first_files_again(programme):
    """The third version has the files of the first: whoever got the second one holds that."""
    with _approved(programme, recipients="ann@example.org") as (settings, server):
        _deliver(settings)
        released(programme)
        _approve(programme, settings)
        _deliver(settings)
        _release_the_same_again(programme)
        _approve(programme, settings)
        assert _status(settings) == "approved"
        assert _outcomes(_deliver(settings)) == [("ann@example.org", "delivered")]
        assert "vervangt versie 2" in server.mails[-1].get_body(("plain",)).get_content()
        assert _status(settings) == "delivered"
        assert _outcomes(_deliver(settings)) == [("ann@example.org", "already")]
        assert len(server.mails) == 3


def _release_the_same_again(programme):
    """The next version, with files that are those of the first to the byte."""
    staged = publish.staging(programme.settings.folder, PERIOD, "run")
    programmes.publish_staged(programme, PERIOD, staged, staged_reports(staged, 1), "again")


def test_an_address_in_another_case_is_the_same_address(programme):
    _receive_by(programme, recipients="Ann@example.org; ann@example.org; bo@example.org")
    (town,) = register.load(programme.settings.folder.register).organisations
    assert town.addresses == ("Ann@example.org", "bo@example.org")


def test_a_run_with_automatic_approval_approves_and_delivers_once(programme):
    settings = _settings(programme, approval="automatic")
    made = choosing.standing(settings)
    release = Release(
        period=made.period, version=made.version, folder=made.folder_in(settings.folder), reports=made.reports
    )
    registered = register.load(settings.folder.register)
    outcomes = [delivering.in_run(settings, registered, release) for _ in range(2)]
    assert [[entry.outcome for entry in delivered] for delivered in outcomes] == [["delivered"], ["already"]]
    assert delivering.summary(outcomes[1]) == "Delivered: 0 reports. Delivered before, not sent again: 1."
    assert _status(settings) == "delivered"


def test_a_month_that_has_not_ended_is_not_approved_by_itself(programme):
    settings = _settings(programme, approval="automatic")
    made = choosing.standing(settings)
    manifest.rewrite(settings.folder, replace(made, unfinished_on="2026-10-20"))
    release = Release(
        period=made.period, version=made.version, folder=made.folder_in(settings.folder), reports=made.reports
    )
    (told,) = delivering.in_run(settings, register.load(settings.folder.register), release)
    assert (told.outcome, "Not approved" in told.answer) == ("obstacle", True)


@pytest.mark.slow
def test_a_server_that_stalls_leaves_one_delivery_unknown_and_the_others_go_on(programme, monkeypatch):
    """It waits for the time that the connection allows, which is long enough for a busy machine to send the next."""
    with _approved(programme, server={"answers": ["stall"]}) as (settings, server):
        patient = smtp.MailServer(host=server.host, port=server.port, security="none", timeout=30)
        monkeypatch.setattr(delivering, "over_smtp", lambda _: smtp.Sender(patient).send)
        assert _outcomes(_deliver(settings)) == [("ann@example.org", "unknown"), ("bo@example.org", "delivered")]
        assert server.recipients == ["bo@example.org"]
        assert _outcomes(_deliver(settings)) == [("ann@example.org", "unknown"), ("bo@example.org", "already")]


@contextmanager
def _killed_before(step, monkeypatch):
    """The process dies when it would take a step of the ledger."""

    def die(*_):
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr(delivery_ledger.DeliveryLedger, step, die)
        with pytest.raises(SystemExit):
            yield


@pytest.mark.slow
def test_a_process_that_dies_before_sending_sends_later(programme, monkeypatch):
    with _approved(programme, recipients="ann@example.org") as (settings, server):
        with _killed_before("begin", monkeypatch):
            _deliver(settings)
        assert server.mails == []
        assert _outcomes(_deliver(settings)) == [("ann@example.org", "delivered")]


@pytest.mark.slow
def test_a_process_that_dies_after_sending_asks_instead_of_sending_again(programme, monkeypatch):
    with _approved(programme, recipients="ann@example.org") as (settings, server):
        with _killed_before("settle", monkeypatch):
            _deliver(settings)
        assert len(server.mails) == 1
        assert _outcomes(_deliver(settings)) == [("ann@example.org", "unknown")]
        assert len(server.mails) == 1


def test_what_the_server_refused_is_tried_again_by_the_next_delivery_only(programme):
    with _approved(programme, server={"refused_recipients": ["bo@example.org"]}) as (settings, server):
        outcomes = _deliver(settings)
        assert _outcomes(outcomes) == [("ann@example.org", "delivered"), ("bo@example.org", "failed")]
        assert "550" in outcomes[1].answer
        assert _status(settings) == "undelivered"
        server.refused_recipients = ()
        assert _outcomes(_deliver(settings)) == [("ann@example.org", "already"), ("bo@example.org", "delivered")]
    assert server.recipients == ["ann@example.org", "bo@example.org"]


def test_resending_says_why(programme):
    with _approved(programme, recipients="ann@example.org") as (settings, server):
        _deliver(settings)
        _deliver(settings, only=("town",), is_again=True, reason="de mail was zoek")
        assert len(server.mails) == 2
        assert "de mail was zoek" in server.mails[1].get_body(("plain",)).get_content()


def test_a_report_is_sent_again_to_one_of_its_recipients(programme):
    with _approved(programme) as (settings, server):
        _deliver(settings)
        again = _deliver(settings, only=("town",), recipients=("bo@example.org",), is_again=True, reason="x")
        assert _outcomes(again) == [("bo@example.org", "delivered")]
        assert server.recipients == ["ann@example.org", "bo@example.org", "bo@example.org"]
        with pytest.raises(UserError, match="Nothing can be sent to eve@example.org: not a recipient"):
            _deliver(settings, only=("town",), recipients=("eve@example.org",), is_again=True, reason="x")
        assert _status(settings) == "delivered"
        released(programme)
        (told,) = _deliver(settings, only=("town",), recipients=("bo@example.org",), is_again=True, reason="x")
        assert "Not approved" in told.answer, "the recipient is on the register: that is not what is missing"


def test_a_version_that_nobody_reviewed_is_not_approved(programme):
    settings = _settings(programme)
    released(programme)
    with pytest.raises(UserError, match=r"2026-10 v2 is the newest release.*motiefmix review 2026-10"):
        approve.approve(settings, "2026-10", "v1")
    assert _status(settings) == "ready"
    assert approve.approve(settings, "2026-10", "v2").release == "2026-10 v2"


@pytest.mark.parametrize("command", [approve.approve, deliver.deliver])
def test_a_full_disk_is_told_as_what_it_is_with_what_to_do(programme, monkeypatch, command):
    def full(folder):
        raise OSError(errno.ENOSPC, "No space left on device")

    settings = _settings(programme)
    monkeypatch.setattr(statuses, "refresh", full)
    with pytest.raises(DiskFull, match=f"full .* so {command.__name__} stopped. Make room, and give the same command"):
        command(settings)


def test_a_new_version_says_which_one_it_replaces(programme):
    with _approved(programme, recipients="ann@example.org") as (settings, server):
        _deliver(settings)
        released(programme)
        _approve(programme, settings)
        _deliver(settings)
        first, second = (mail.get_body(("plain",)).get_content() for mail in server.mails)
        assert "versie 1" not in first
        assert "vervangt versie 1" in second


def test_mail_goes_to_allowed_domains_only(programme):
    _receive_by(programme, recipients="ann@example.com")
    with mail_server.running() as server:
        settings = _settings(programme, server, allowed_domains=["example.org"])
        _approve(programme, settings)
        (told,) = _deliver(settings)
        assert "example.com" in told.answer
        assert "ann@" not in told.answer
        assert server.mails == []


def test_a_folder_receives_whole_files(programme):
    settings = _settings(programme)
    _approve(programme, settings)
    assert [entry.outcome for entry in _deliver(settings)] == ["delivered"]
    target = programme.root / "delivered" / "town" / "2026-10"
    report = choosing.standing(settings).reports[0]
    assert hashlib.sha256((target / "town.pdf").read_bytes()).hexdigest() == report.sha256
    assert not list(target.rglob(".making-*"))


@pytest.mark.parametrize(("mode", "of_files"), [(0o750, 0o640), (None, 0o600)])
def test_whoever_may_read_the_folder_may_read_what_is_delivered_to_it(programme, tmp_path, mode, of_files):
    folder = tmp_path / "share"
    if mode:
        folder.mkdir()
        folder.chmod(mode)
    _receive_by(programme, channel="folder", recipients=str(folder))
    settings = _settings(programme)
    _approve(programme, settings)
    before = os.umask(0o077)
    try:
        _deliver(settings)
    finally:
        os.umask(before)
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert {path.stat().st_mode & 0o777 for path in files} == {of_files}
    assert {path.parent.stat().st_mode & 0o777 for path in files} == {mode or 0o700}


def test_a_share_that_keeps_its_own_permissions_receives_the_files(programme, tmp_path, monkeypatch):
    def refuse(*_):
        raise PermissionError

    monkeypatch.setattr(folder_channel.Path, "chmod", refuse)
    folder_channel.FolderChannel().send(
        Parcel(
            recipient=str(tmp_path / "2026-10"), letter=Letter(subject="", text="x", html=""),
            folder=programme.root, files=("motiefmix.toml",), message_id="<0123456789>",
        )
    )  # fmt: skip
    assert (tmp_path / "2026-10" / "motiefmix.toml").exists()


@pytest.mark.slow
def test_a_folder_may_be_on_any_file_system(programme):
    _receive_by(programme, channel="folder", recipients="memory://share/reports")
    settings = _settings(programme)
    _approve(programme, settings)
    _deliver(settings)
    assert fsspec.filesystem("memory").exists("/share/reports/2026-10/town.pdf")


def test_a_dry_run_writes_mails_that_a_mail_program_opens_and_sends_nothing(programme, tmp_path):
    _receive_by(programme)
    settings = _settings(programme)
    _approve(programme, settings)
    registered = register.load(settings.folder.register)
    tried = delivering.try_out(settings, registered, choosing.standing(settings), DeliveryRequest(), tmp_path / "eml")
    assert [entry.outcome for entry in tried] == ["delivered", "delivered"]
    mails = [message_from_bytes(path.read_bytes(), policy=policy.default) for path in (tmp_path / "eml").iterdir()]
    assert sorted(mail["To"] for mail in mails) == ["ann@example.org", "bo@example.org"]
    assert delivery_ledger.read(settings.folder.deliveries) == ()
    assert _status(settings) == "approved"


def test_analysts_see_what_was_delivered_without_addresses(programme):
    with _approved(programme) as (settings, _):
        _deliver(settings)
    with duckdb.connect(str(settings.folder.database), read_only=True) as connection:
        rows = connection.execute("from deliveries").fetchall()
    today = settings.now().date()
    assert rows == [("2026-10", "town", "mail-attachment", "delivered", today, 1)]
    assert not any(b"ann@example.org" in path.read_bytes() for path in settings.folder.public.iterdir())


def test_a_delivery_writes_no_figures_again(programme):
    """Of the files in `public/`, only the database and the table of deliveries are new; older clients can read both."""
    with _approved(programme) as (settings, _):
        before = {path.name: path.stat().st_ino for path in settings.folder.public.iterdir()}
        _deliver(settings)
    after = {path.name: path.stat().st_ino for path in settings.folder.public.iterdir()}
    assert {name for name in after if after[name] != before[name]} == {"motiefmix.duckdb", "deliveries.parquet"}
    assert set(after) == set(before)
    with duckdb.connect() as connection:
        connection.execute(f"attach '{settings.folder.database}' as public_ (read_only)")
        tags = connection.execute(
            "select tags['storage_version'] from duckdb_databases() where database_name = 'public_'"
        )
        assert tags.fetchone()[0].startswith("v1.4")
        in_parquet = f"from '{settings.folder.public}/deliveries.parquet'"
        rows = connection.execute("from public_.deliveries").fetchall()
        assert rows == connection.execute(in_parquet).fetchall()
        assert [row[3] for row in rows] == ["delivered"]


def test_a_withdrawn_release_leaves_public_and_its_recipients_are_told(programme):
    with _approved(programme, recipients="ann@example.org") as (settings, server):
        _deliver(settings)
        registered = register.load(settings.folder.register)
        first = choosing.standing(settings)
        told = withdrawing.withdraw(settings, registered, first, "verkeerde formulieren")
        assert _outcomes(told) == [("ann@example.org", "delivered")]
        assert "verkeerde formulieren" in server.mails[-1].get_body(("plain",)).get_content()
        assert list(server.mails[-1].iter_attachments()) == []
        # A second withdrawal tells nobody twice.
        again = withdrawing.withdraw(settings, registered, manifest.versions(settings.folder, "2026-10")[0], "x")
        assert _outcomes(again) == [("ann@example.org", "already")]
    assert list(settings.folder.public.iterdir()) == []
    assert list(settings.folder.disclosure_record.iterdir()) != []
    with pytest.raises(UserError, match="no release"):
        choosing.standing(settings)


def test_a_notice_without_an_answer_is_settled_or_sent_again_by_a_person(programme):
    with _approved(programme, recipients="ann@example.org") as (settings, server):
        _deliver(settings)
        registered, first = register.load(settings.folder.register), choosing.standing(settings)
        server.answers = ["drop"]
        assert _outcomes(withdrawing.withdraw(settings, registered, first, "x")) == [("ann@example.org", "unknown")]
        (first,) = manifest.versions(settings.folder, "2026-10")
        assert _outcomes(withdrawing.withdraw(settings, registered, first, "")) == [("ann@example.org", "unknown")]
        again = withdrawing.withdraw(settings, registered, first, "", again=("town",))
        assert _outcomes(again) == [("ann@example.org", "delivered")]
        with pytest.raises(UserError, match="town has no withdrawal notice of 2026-10 v1 whose outcome is unknown"):
            settling.arrived(settings, first, ("town",), "withdrawal")
        server.answers = ["drop"]
        withdrawing.withdraw(settings, registered, first, "", again=("town",))
        assert settling.arrived(settings, first, ("town",), "withdrawal") == 1
        assert _outcomes(withdrawing.withdraw(settings, registered, first, "")) == [("ann@example.org", "already")]


def test_a_first_withdrawal_needs_a_reason(programme):
    with pytest.raises(UserError, match="Give the reason"):
        withdraw.withdraw(_settings(programme), "2026-10", "v1", "")


def test_a_database_of_a_withdrawn_release_that_stays_is_named_until_somebody_deletes_it(programme):
    settings = _settings(programme)
    registered, first = register.load(settings.folder.register), choosing.standing(settings)
    settings.folder.public_record.unlink()
    with pytest.raises(UserError, match="is still there"):
        withdrawing.withdraw(settings, registered, first, "x")
    (settings.folder.public / first.database_name).unlink()
    withdrawing.withdraw(settings, registered, first, "x")


def test_nothing_is_changed_while_a_file_of_public_is_somebody_elses(programme):
    settings = _settings(programme)
    changed = settings.folder.database
    changed.write_bytes(b"the work of an analyst")
    with pytest.raises(UserError, match="is not what a run put there"):
        approve.approve(settings)
    assert changed.read_bytes() == b"the work of an analyst"
    assert _status(settings) == "ready"


def test_who_cannot_be_told_of_a_withdrawal_is_named_and_told_by_the_next_one(programme):
    with _approved(programme, recipients="ann@example.org") as (settings, server):
        _deliver(settings)
        first, registered = choosing.standing(settings), register.load(settings.folder.register)
        (told,) = withdrawing.withdraw(settings, replace(registered, organisations=()), first, "te vroeg")
        assert (told.outcome, told.recipient) == ("obstacle", "ann@example.org")
        assert "The register no longer has this organisation" in told.answer
        (told,) = withdrawing.withdraw(_settings(programme), registered, first, "te vroeg")
        assert told.outcome == "obstacle"
        assert "mail_server" in told.answer
        # With another address in the register by now: told is who received the report.
        _receive_by(programme, recipients="new@example.org")
        registered = register.load(settings.folder.register)
        (told,) = withdrawing.withdraw(_settings(programme, server), registered, first, "te vroeg")
        assert (told.outcome, told.recipient) == ("delivered", "ann@example.org")


def test_after_a_withdrawal_the_version_before_stands_again(programme):
    settings = _settings(programme)
    released(programme)
    registered = register.load(settings.folder.register)
    withdrawing.withdraw(settings, registered, choosing.standing(settings), "te vroeg")
    assert choosing.standing(settings).version == 1
    with duckdb.connect(str(settings.folder.database), read_only=True) as connection:
        assert connection.execute("select value from about where key = 'releases'").fetchone() == ("2026-10 v1",)
    assert manifest.next_version(settings.folder, "2026-10") == 3


@pytest.mark.parametrize("damaged", ["", "{}", '{"period": 1', '{"inputs": [], "reports": [{"status": "ready"}]}'])
def test_a_damaged_manifest_is_named(programme, damaged):
    path = next(programme.settings.folder.releases.glob("*/*/manifest.json"))
    path.write_text(damaged)
    with pytest.raises(UserError, match=re.escape(f"{path} is damaged")):
        choosing.standing(programme.settings)


def test_a_manifest_of_an_earlier_version_is_read(programme):
    path = next(programme.settings.folder.releases.glob("*/*/manifest.json"))
    text = path.read_text()
    for field in ('"withdrawn_on": "",', '"withdrawn_because": "",'):
        text = text.replace(field, "")
    path.write_text(text.replace('"channel": "",', ""))
    assert isinstance(manifest.read(path).reports[0], MadeReport)
    assert replace(manifest.read(path), withdrawn_on="") == manifest.read(path)
    assert datetime.fromisoformat(manifest.read(path).made_at)
