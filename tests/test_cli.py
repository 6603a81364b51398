"""The command line as people use it: fast help, clear sentences, documented exit codes, never a traceback."""

import gc
import io
import json
import os
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from unittest import mock

import pytest

from flows import cli
from flows.cli import app
from flows.commands.status import describe, read_status
from flows.foundation.errors import Locked
from flows.programme import manifest, run_record, settings
from tests import programmes

HEAVY = ("prefect", "great_expectations", "weasyprint", "duckdb", "pandas", "scipy", "jinja2")


def _motiefmix(*words: object, **environment: str) -> subprocess.CompletedProcess:
    """The command line without a process of its own, which would import everything anew."""
    ending, stdout, stderr = 0, io.StringIO(), io.StringIO()
    before = os.umask(0o022)
    environ = mock.patch.dict(os.environ, {"NO_COLOR": "1", **environment})
    with environ, pytest.MonkeyPatch.context() as patch, redirect_stdout(stdout), redirect_stderr(stderr):
        patch.setattr(cli, "app", partial(app, list(map(str, words))))
        patch.setattr(cli, "close_at_exit", lambda: None)
        try:
            cli.main()
        except SystemExit as ended:
            ending = ended.code
        finally:
            os.umask(before)
    return subprocess.CompletedProcess(words, ending, stdout.getvalue(), stderr.getvalue())


def _process(*words: object, **environment: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-m", "flows.cli", *map(str, words)],
        capture_output=True,
        text=True,
        env={**os.environ, "NO_COLOR": "1", **environment},
        timeout=programmes.PATIENCE,
    )


@pytest.fixture
def released(shared, tmp_path):
    """A programme of 14 members whose October was released."""
    return programmes.copied(shared("released", 14), tmp_path / "copy")


@pytest.fixture
def pythons_own_garbage_collection():
    chosen = gc.get_threshold()
    gc.set_threshold(700, 10, 10)
    yield
    gc.set_threshold(*chosen)


@pytest.mark.usefixtures("pythons_own_garbage_collection")
def test_a_command_does_not_look_for_garbage_all_the_time():
    assert _motiefmix("--version").returncode == 0
    assert gc.get_threshold()[0] > 10_000


@pytest.mark.parametrize("words", [["--help"], ["status", "-p", "{root}"]])
def test_help_and_status_import_nothing_heavy(programme, words):
    code = (
        "import sys\nfrom flows import cli\nsys.argv = ['motiefmix', *sys.argv[1:]]\n"
        "try:\n    cli.main()\nexcept SystemExit:\n    pass\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules], file=sys.stdout)"
    )
    found = subprocess.run(
        [sys.executable, "-c", code, *(word.format(root=programme.root) for word in words)],
        capture_output=True, text=True,
    )  # fmt: skip
    assert found.stdout.strip().splitlines()[-1] == "[]"


def test_init_makes_a_programme_that_is_accepted(tmp_path):
    made = _process("init", tmp_path / "ours")
    assert made.returncode == 0
    assert (tmp_path / "ours.pseudonym-key").stat().st_mode & 0o777 == 0o600
    assert _motiefmix("doctor", "-p", tmp_path / "ours").returncode == 0
    example = tmp_path / "ours/example"
    assert _motiefmix("doctor", "-p", example).returncode == 0
    checked = _motiefmix("check", example / "inbox/example-export.csv", "-p", example, "--json")
    (entry,) = json.loads(checked.stdout)
    assert (checked.returncode, entry["source"], entry["quality"]["accepted"]) == (0, "example", 12)
    again = _motiefmix("init", tmp_path / "ours")
    assert (again.returncode, "is not empty" in again.stderr) == (2, True)


def test_the_example_is_a_programme_of_its_own_and_in_the_way_of_nothing(tmp_path):
    ours = tmp_path / "ours"
    _motiefmix("init", ours)
    assert [list((ours / folder).iterdir()) for folder in ("sources", "inbox", "releases")] == [[], [], []]
    (ours / "register/organisations.csv").write_text("organisation_id,name,language\ntown,Ons Stadje,nl\n")
    (ours / "register/collectives.csv").write_text(
        "collective_id,organisation_id,name,type,members\nwatch,town,Buurtwacht,neighbourhood watch,40\n"
    )
    for tool in ("limesurvey", "qualtrics", "xlsform", "text"):
        assert _motiefmix("questionnaire", "--tool", tool, "-p", ours).returncode == 0
    export = ours / "inbox/example-export.csv"
    export.write_bytes((ours / "example/inbox/example-export.csv").read_bytes())
    assert _motiefmix("check", export, "-p", ours).returncode == 3


def test_check_changes_nothing_and_names_what_it_does_not_know(programme):
    programmes.plain_source(programme, programmes.ITEMS)
    rows = [
        programmes.answers(n, learning_1="Best wel" if n == 3 else 4, group="watch" if n % 2 else "Elders")
        for n in range(1, 9)
    ]
    path = programmes.write_csv(programme.root / "export.csv", rows)
    before = sorted(programme.root.rglob("*"))
    checked = _motiefmix("check", path, "-p", programme.root)
    assert checked.returncode == 3
    assert "held       for 2026-10: 0 would count" in checked.stdout
    assert "unknown    learning_1: 'Best wel'" in checked.stdout
    assert "not on the register: 'Elders'" in checked.stdout
    assert sorted(programme.root.rglob("*")) == before


@pytest.mark.parametrize(
    ("words", "code", "sentence"),
    [
        (["status", "-p", "nowhere"], 2, "is not a programme folder"),
        (["run", "--perod", "2026-10"], 2, "perod"),
        (["run", "--period", "October", "-p", "{root}"], 2, "'October' is not a period; write a month as 2026-10."),
        (["check", "gone.csv", "-p", "{root}"], 2, "gone.csv: there is no such file."),
    ],
)
def test_a_mistake_is_a_sentence_with_its_exit_code(programme, words, code, sentence):
    found = _process(*(word.format(root=programme.root) for word in words))
    assert found.returncode == code
    assert sentence in " ".join(found.stderr.split())
    assert "Traceback" not in found.stderr


def test_status_fails_when_the_month_that_is_due_is_missing(programme):
    found = _process("status", "--check", "--json", "-p", programme.root)
    assert found.returncode == 1
    assert json.loads(found.stdout)["is_up_to_date"] is False


@pytest.mark.parametrize("words", [["run"], ["run", "--dry-run"], ["status", "--check"], ["doctor"]])
def test_what_somebody_did_in_public_is_told_before_anything_is_done(released, words):
    programme = released
    programme.export("more.csv", [programmes.answers(number) for number in range(20, 30)])
    (programme.root / "public/motiefmix.duckdb.wal").write_bytes(b"what it wrote")
    before = sorted(programme.root.rglob("*"))
    found = _motiefmix(*words, "-p", programme.root)
    assert found.returncode == (2 if words[0] == "run" else 1)
    said = found.stdout + found.stderr
    assert "public/motiefmix.duckdb.wal is beside the database: somebody wrote to it" in said
    assert "Traceback" not in said
    assert {path for path in programme.root.rglob("*") if "private" not in path.parts} == {
        path for path in before if "private" not in path.parts
    }


def test_status_and_doctor_see_a_database_that_is_gone(released):
    programme = released
    programme.settings.folder.database.unlink()
    for words, line in (
        (["status", "--check"], "public   public/motiefmix.duckdb is gone. The next run makes it again."),
        (["doctor"], "FIX   folder public: not as a run left it\n      public/motiefmix.duckdb is gone."),
    ):
        found = _motiefmix(*words, "-p", programme.root)
        assert (found.returncode, line in found.stdout) == (1, True)


def test_a_month_is_there_when_it_was_released_after_its_end_and_public_is_in_order(released, monkeypatch):
    programme = released
    monkeypatch.setattr(settings.Settings, "now", lambda _: datetime(2026, 11, 5, tzinfo=UTC))
    assert read_status(programme.settings).is_in_order
    programme.settings.folder.database.unlink()
    assert not read_status(programme.settings).is_in_order
    programmes.publish.refresh_public(programme.settings.folder)
    path = programme.root / "releases/2026-10/v1/manifest.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "unfinished_on": "2026-10-20"}))
    found = read_status(programme.settings)
    assert (found.public, found.is_up_to_date, found.is_in_order) == ((), False, False)
    assert "2026-10  v1, made before the month ended        1" in describe(found)
    assert manifest.read(path).last_day == date(2026, 10, 20)
    (released,) = manifest.released_inputs(programme.settings.folder)
    assert released.last_day == date(2026, 10, 19), "the last day of which it had all answers"


@pytest.mark.parametrize("words", ["status", "register check"])
def test_what_is_interrupted_ends_with_a_sentence(programme, words):
    code = (
        "import sys\nfrom unittest import mock\nfrom flows import cli\n"
        f"sys.argv = ['motiefmix', *{words.split()!r}, '-p', {str(programme.root)!r}]\n"
        "with mock.patch('flows.programme.settings.load', side_effect=KeyboardInterrupt):\n    cli.main()\n"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert (found.returncode, found.stderr) == (130, "Stopped.\n")


def test_a_reader_who_goes_away_is_no_defect(programme):
    read, write = os.pipe()
    os.close(read)
    words = [sys.executable, "-m", "flows.cli", "status", "-p", str(programme.root)]
    with os.fdopen(write) as stdout:
        found = subprocess.run(words, stdout=stdout, stderr=subprocess.PIPE, text=True)
    assert (found.returncode, found.stderr) == (141, "")


def test_status_tells_a_run_in_progress_from_one_that_was_cut_off(programme):
    record = run_record.begin(programme.settings.folder, "2026-10", datetime(2026, 11, 2, 6, 5, tzinfo=UTC), "0")
    with record.in_progress(), record.stage("render"):
        assert "2026-10  running since 06:05 (render)" in describe(read_status(programme.settings))
    with programme.settings.folder.locked():
        assert "2026-10  did not finish" in describe(read_status(programme.settings)), "another holds the lock"
    record.finish(0, "Release 2026-10 v1.")
    assert "2026-10  exit 0  Release 2026-10 v1." in describe(read_status(programme.settings))


def test_status_tells_whether_the_schedule_is_kept(programme):
    from flows.prefect_server import schedule_kept, tell_where

    folder = programme.settings.folder
    (folder.private / "prefect").mkdir(exist_ok=True)
    nobody = "serve    nobody keeps the schedule here; start it with: motiefmix serve"
    assert nobody in describe(read_status(programme.settings))
    with schedule_kept(folder):
        tell_where(folder, "http://127.0.0.1:9/api")
        assert "motiefmix serve is running, but its server does not respond" in describe(
            read_status(programme.settings)
        )
        with pytest.raises(Locked, match="Another motiefmix serve keeps the schedule"), schedule_kept(folder):
            pass
    assert nobody in describe(read_status(programme.settings))


def test_a_run_that_is_busy_holds_the_lock(programme):
    from filelock import FileLock

    programmes.with_answers(programme, 6)
    with FileLock(programme.settings.folder.lock):
        found = _process("run", "-p", programme.root)
    assert found.returncode == 75
    assert "Another run is busy" in found.stderr


@pytest.mark.parametrize("trouble", ["period", "lock", "key", "disk"])
def test_what_would_stop_a_run_is_told_before_prefect_is_there(programme, trouble):
    """Whoever mistypes a month would otherwise wait for a server to start."""
    from filelock import FileLock

    programmes.with_answers(programme, 6).ingest()
    period = "October" if trouble == "period" else "2026-10"
    if trouble == "key":
        programme.settings.key_file.unlink()
    code = (
        "import sys\nfrom pathlib import Path\nfrom flows.commands import run\n"
        "from flows.programme import settings\n"
        "from flows.foundation import disk_space\nfrom flows.foundation.errors import UserError\n"
        f"disk_space._ROOM_MEGABYTES *= 2 ** {40 if trouble == 'disk' else 0}\n"
        f"try:\n    run.monthly_run(settings.load(Path(sys.argv[1])), {period!r})\n"
        "except UserError:\n    print('prefect' in sys.modules)\n"
    )
    with FileLock(programme.settings.folder.lock if trouble == "lock" else programme.root / "another"):
        found = subprocess.run([sys.executable, "-c", code, str(programme.root)], capture_output=True, text=True)
    assert (found.stdout, found.stderr) == ("False\n", "")


def test_doctor_tells_what_to_mend(programme):
    programme.settings.key_file.chmod(0o644)
    found = _motiefmix("doctor", "-p", programme.root)
    assert found.returncode == 1
    assert "FIX   pseudonym key" in found.stdout
    assert "chmod 600" in found.stdout


def test_doctor_and_check_tell_which_name_cannot_be_drawn_and_find_nothing_to_mend(programme):
    programmes.with_answers(programme, 12)
    programme.register(collectives=[{**programmes.COLLECTIVES[0], "name": "Buurtwacht 茶"}])
    sentence = "The name of collective 'watch' holds '茶', which our fonts lack; reports show □ instead."
    found = _motiefmix("doctor", "-p", programme.root)
    assert (found.returncode, f"ok    names in reports: {sentence}" in found.stdout) == (0, True)
    export = programme.root / "inbox/answers.csv"
    checked = _motiefmix("check", export, export, "-p", programme.root)
    assert (checked.returncode, checked.stdout.count(sentence)) == (0, 1)


def test_doctor_says_why_reports_are_drawn_by_plain_weasyprint_and_finds_nothing_to_mend(programme):
    found = _motiefmix("doctor", "-p", programme.root)
    assert "ok    drawing of reports: fast\n" in found.stdout
    found = _motiefmix("doctor", "-p", programme.root, MOTIEFMIX_PLAIN_WEASYPRINT="1")
    assert (
        "ok    drawing of reports: Plain WeasyPrint draws the same reports in about three times the time:"
        " MOTIEFMIX_PLAIN_WEASYPRINT asks for it.\n"
    ) in found.stdout


def test_doctor_sees_folders_that_a_run_would_stumble_over(programme):
    (programme.root / "inbox").rename(programme.root / "box")
    (programme.root / "releases").write_text("")
    found = _motiefmix("doctor", "-p", programme.root)
    assert found.returncode == 1
    assert "FIX   folder inbox: not there" in found.stdout
    assert "FIX   folder releases: a file, not a folder" in found.stdout


@pytest.mark.parametrize("words", [["run"], ["check", "{root}/motiefmix.toml"], ["doctor"]])
def test_a_file_in_the_place_of_private_is_told(programme, words):
    import shutil

    shutil.rmtree(programme.root / "private")
    (programme.root / "private").write_text("")
    found = _motiefmix(*(word.format(root=programme.root) for word in words), "-p", programme.root)
    assert found.returncode in (1, 2)
    assert "unexpectedly" not in found.stderr
    assert "private" in found.stdout + found.stderr


def test_check_shows_what_cannot_be_printed_as_an_escape(programme):
    found = _motiefmix("check", programme.root / "a\x1b[2Jb.csv", "-p", programme.root)
    assert "a\\x1b[2Jb.csv: there is no such file." in found.stderr


def test_every_command_is_in_the_readme():
    readme = (Path(__file__).parent.parent / "README.md").read_text()
    commands = [name for name in app if not name.startswith("-")]
    assert commands
    assert [name for name in commands if f"motiefmix {name}" not in readme] == []


@pytest.mark.slow
@pytest.mark.prefect
def test_a_programme_of_nothing_but_yaml_and_csv_runs_and_makes_its_key_once(programme):
    import shutil

    programmes.with_answers(programme, 12)
    shutil.rmtree(programme.root / "private")
    programme.settings.key_file.unlink()
    made = _process("run", "--period", "2026-10", "-p", programme.root)
    assert (made.returncode, made.stderr) == (0, "")
    assert (programme.root / "releases/2026-10/v1/reports/town.pdf").exists()
    assert programme.settings.key_file.stat().st_mode & 0o777 == 0o600
    programme.settings.key_file.unlink()
    lost = _motiefmix("run", "--period", "2026-10", "-p", programme.root)
    assert lost.returncode == 2
    assert "There is no pseudonym key" in lost.stderr
