"""A run is opened once, and what keeps it from beginning is in its record."""

import threading

import pytest
from filelock import FileLock

from flows.commands import run
from flows.commands.status import describe, read_status
from flows.foundation.errors import Interrupted, Locked, RegisterError
from flows.monthly_run import RunRequest, opened
from flows.programme import run_record
from flows.programme.catching_up import due_period, missed
from tests import programmes

REQUEST = RunRequest(period="2026-10")


def test_a_register_that_cannot_be_read_is_recorded(programme):
    programme.register(collectives=[{**programmes.COLLECTIVES[0], "members": "many"}])
    with pytest.raises(RegisterError), opened(programme.settings, REQUEST):
        pass
    (entry,) = run_record.read_all(programme.settings.folder)
    assert (entry["outcome"], entry["exit_code"]) == ("finished", 3)
    assert "register/collectives.csv, line 2" in entry["message"]


def test_a_key_that_others_can_read_is_recorded(programme):
    programme.settings.key_file.chmod(0o644)
    with pytest.raises(Exception, match="can be read by others"), opened(programme.settings, REQUEST):
        pass
    assert run_record.read_all(programme.settings.folder)[0]["exit_code"] == 2


@pytest.mark.parametrize(
    ("finished", "sentence"),
    [
        ((), "Stopped. Finished: nothing. Nothing was released. Run again: it begins anew, and nothing is lost."),
        (("ingest", "validate"), "Stopped. Finished: ingest, validate. Nothing was released."),
        (("ingest", "publish"), "Stopped. Finished: ingest, publish. The release is made. Run again, or deliver it"),
    ],
)
def test_who_interrupts_a_run_is_told_how_far_it_came_and_its_month_is_still_to_be_made(
    programme, monkeypatch, finished, sentence
):
    from flows import monthly_reports

    def interrupted(run):
        for name in finished:
            with run.record.stage(name):
                pass
        with run.record.stage("render"):
            raise KeyboardInterrupt if finished else RuntimeError("Query interrupted")  # as DuckDB says it

    monkeypatch.setattr(monthly_reports, "run_opened", interrupted)
    monkeypatch.setenv("PREFECT_API_URL", "http://127.0.0.1:9/api")  # nobody asks it
    due = due_period(programme.settings, programme.settings.now())
    with pytest.raises(Interrupted) as told:
        run.monthly_run(programme.settings, due)
    assert str(told.value).startswith(sentence)
    (record,) = run_record.read_all(programme.settings.folder)
    assert (record["exit_code"], record["message"]) == (130, str(told.value))
    assert missed(programme.settings).period == due
    assert f"{due}  exit 130" in describe(read_status(programme.settings))


def test_a_patient_run_waits_for_whoever_holds_the_lock(programme):
    programme.settings.folder.make_private()
    another = FileLock(programme.settings.folder.lock, thread_local=False)
    another.acquire()
    threading.Timer(0.5, another.release).start()
    patient = RunRequest(period="2026-10", patience=programmes.PATIENCE)
    with opened(programme.settings, patient) as opened_run:
        assert str(opened_run.period) == "2026-10"


def test_the_lock_is_held_while_a_run_is_open(programme):
    with opened(programme.settings, REQUEST), pytest.raises(Locked), programme.settings.folder.locked():
        pass
    with programme.settings.folder.locked():
        pass
