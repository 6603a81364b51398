"""What somebody did in `public/` is told with its cure, nothing of theirs is lost, no release is half published."""

import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from flows.foundation.errors import PublicFolderError
from flows.programme import public_folder
from flows.steps.publish import publish, refresh_public
from tests import programmes
from tests.selection import ordinarily

CURRENT, MONTH = "motiefmix.duckdb", "motiefmix_2026-10.duckdb"
DATABASES = pytest.mark.parametrize("name", [CURRENT, MONTH])
# A client that writes until it is told to stop, without an end to its transaction.
WRITER = """
import duckdb, sys
connection = duckdb.connect(sys.argv[1])
connection.execute("create table mine as select 1 as answer")
print("writing", flush=True)
sys.stdin.readline()
"""


@pytest.fixture(scope="module")
def made(shared):
    return shared("released", 14)


@pytest.fixture
def folder(made, tmp_path):
    return programmes.copied(made, tmp_path).settings.folder


def _troubles(folder) -> str:
    return "\n".join(public_folder.troubles(folder, "2026-10"))


def _refused(folder, period: str = "2026-10") -> str:
    with pytest.raises(PublicFolderError) as caught:
        public_folder.refuse_obstacles(folder, period)
    assert caught.value.exit_code == 2
    return str(caught.value)


def test_what_a_run_left_is_in_order(folder):
    assert _troubles(folder) == ""
    public_folder.refuse_obstacles(folder, "2026-10")


@DATABASES
@pytest.mark.parametrize("ending", [".wal", ".wal.checkpoint", ".wal.recovery"])
def test_a_client_that_wrote_and_died(folder, name, ending):
    log = folder.public / f"{name}{ending}"
    log.write_bytes(b"what it wrote")
    refusal = _refused(folder)
    assert f"public/{name}{ending} is beside the database" in refusal
    assert f"move away public/{name}{ending}" in refusal
    assert refusal == _troubles(folder)
    log.unlink()
    assert _troubles(folder) == ""


@DATABASES
def test_a_client_that_is_writing(folder, name):
    writer = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(folder.public / name)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        assert writer.stdout.readline() == "writing\n"
        assert f"public/{name} is open for writing in another program" in _refused(folder)
    finally:
        writer.kill()
        writer.wait()


def test_a_client_that_only_reads_is_in_nobodys_way(folder):
    code = WRITER.replace("connect(sys.argv[1])", "connect(sys.argv[1], read_only=True)").replace(
        "create table mine as select", "select"
    )
    reader = subprocess.Popen(
        [sys.executable, "-c", code, str(folder.database)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert reader.stdout.readline() == "writing\n"
    assert _troubles(folder) == ""
    reader.communicate("stop\n")


def _write_into(path: Path) -> None:
    with duckdb.connect(str(path)) as connection:
        connection.execute("create table mine as select 1 as answer")


def _replace_by_another(path: Path) -> None:
    path.unlink()
    _write_into(path)


@pytest.mark.parametrize("name", ordinarily([CURRENT, MONTH, "scale_levels.parquet", "data_dictionary.csv"]))
@pytest.mark.parametrize("change", [lambda path: path.write_bytes(b"mine"), lambda path: path.write_bytes(b"")])
def test_a_file_that_somebody_replaced_is_told_and_kept(folder, name, change):
    path = folder.public / name
    change(path)
    theirs = path.read_bytes()
    refusal = _refused(folder)
    assert refusal.startswith(
        f"public/{name} is not what a run put there: somebody replaced or changed it. Move it away"
    )
    assert path.read_bytes() == theirs
    path.unlink()
    refresh_public(folder)
    assert _troubles(folder) == ""


@DATABASES
@pytest.mark.parametrize("change", [_write_into, _replace_by_another])
def test_a_database_in_which_somebody_wrote_is_told(folder, name, change):
    change(folder.public / name)
    assert f"public/{name} is not what a run put there" in _refused(folder)


@pytest.mark.parametrize("name", [CURRENT, "changes.parquet"])
def test_a_folder_or_a_link_in_the_place_of_a_file(folder, name, tmp_path):
    path = folder.public / name
    path.unlink()
    path.mkdir()
    assert f"public/{name} is not an ordinary file" in _refused(folder)
    path.rmdir()
    path.symlink_to(tmp_path / "elsewhere")
    assert f"public/{name} is not an ordinary file" in _refused(folder)


@pytest.mark.parametrize("name", ["motiefmix_2026-11.duckdb", "motiefmix_2026-11.duckdb.wal"])
def test_a_foreign_file_in_the_way_of_the_next_month(folder, name):
    (folder.public / name).write_bytes(b"mine")
    assert _troubles(folder) == ""
    assert f"public/{name}" in _refused(folder, "2026-11")


@pytest.mark.parametrize("name", [CURRENT, "diversity.parquet"])
def test_a_foreign_file_in_the_way_of_the_first_release(programme, name):
    folder = programme.settings.folder
    folder.public.mkdir()
    (folder.public / name).write_bytes(b"mine")
    assert f"public/{name} is not what a run put there" in _refused(folder)


def test_what_is_in_nobodys_way_is_left_alone(folder):
    (folder.public / "notes.txt").write_text("mine")
    (folder.public / "notes.txt").chmod(0o600)
    (folder.public / "ours").mkdir(mode=0o700)
    (folder.public / "analysis.duckdb.wal").write_bytes(b"mine")
    assert _troubles(folder) == ""
    folder.database.unlink()
    refresh_public(folder)
    assert (folder.public / "notes.txt").stat().st_mode & 0o777 == 0o600
    assert (folder.public / "ours").stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("mode", [0o555, 0o600])
def test_a_folder_that_somebody_closed(folder, mode):
    folder.public.chmod(mode)
    assert f"A run cannot write in public/. Find out why, and restore the permission: chmod 755 {folder.public}" == (
        _refused(folder)
    )


def test_a_database_that_somebody_made_unwritable(folder):
    folder.database.chmod(0o444)
    assert _refused(folder) == (
        "public/motiefmix.duckdb was made unwritable. Find out why, and restore the permission:"
        f" chmod 644 {folder.database}"
    )


def test_something_else_in_the_place_of_the_folder(programme, tmp_path):
    folder = programme.settings.folder
    folder.public.write_text("")
    assert "public is not a folder" in _refused(folder)
    folder.public.unlink()
    folder.public.symlink_to(tmp_path / "nowhere")
    assert "public is not a folder" in _refused(folder)


@pytest.mark.parametrize("name", ordinarily([MONTH, CURRENT, "changes.parquet", "data_dictionary.csv"]))
def test_a_file_that_is_gone_is_told_and_made_anew(folder, name):
    (folder.public / name).unlink()
    assert _troubles(folder) == f"public/{name} is gone. The next run makes it again."
    public_folder.refuse_obstacles(folder, "2026-10")
    refresh_public(folder)
    assert (folder.public / name).is_file()
    assert _troubles(folder) == ""


def test_all_that_is_wrong_is_told_at_once(folder):
    folder.database.write_bytes(b"mine")
    (folder.public / f"{MONTH}.wal").write_bytes(b"theirs")
    (folder.public / "changes.parquet").unlink()
    assert [line.split(" ")[0] for line in _troubles(folder).splitlines()] == [
        "public/motiefmix.duckdb", f"public/{MONTH}.wal", "public/changes.parquet",
    ]  # fmt: skip


@pytest.fixture(scope="module")
def second(made, tmp_path_factory):
    """A second version was released, and `public/` does not have it yet."""
    programme = programmes.copied(made, tmp_path_factory.mktemp("second"))
    programmes.release(programme, inputs_hash="second", is_public=False, is_computed=True)
    return programme


@pytest.mark.parametrize("moved", ordinarily(range(0, 24, 4), only=[0, 8, 20]))
def test_a_run_that_is_cut_off_between_two_files_is_nobody_else_and_is_finished(second, tmp_path, monkeypatch, moved):
    folder = programmes.copied(second, tmp_path).settings.folder
    left = [moved]

    def cut_off(fresh: Path, target: Path) -> None:
        left[0] -= 1
        if left[0] < 0:
            raise KeyboardInterrupt
        fresh.replace(target)

    with monkeypatch.context() as patch:
        patch.setattr(public_folder, "swap", cut_off)
        with pytest.raises(KeyboardInterrupt):
            refresh_public(folder)
    public_folder.refuse_obstacles(folder, "2026-10")
    refresh_public(folder)
    assert _troubles(folder) == ""
    with duckdb.connect(str(folder.database), read_only=True) as connection:
        assert connection.execute("select value from about where key = 'release_version'").fetchone() == ("2",)
    assert not list(folder.public.glob(".making*"))


def test_what_a_killed_process_left_goes_also_when_public_is_current(second, tmp_path):
    folder = programmes.copied(second, tmp_path).settings.folder
    refresh_public(folder)
    (folder.public / ".making-killed").mkdir()
    refresh_public(folder)
    assert not list(folder.public.glob(".making*"))


def test_who_gets_in_the_way_during_a_run_keeps_the_release_from_being_made(made, tmp_path, monkeypatch):
    programme = programmes.copied(made, tmp_path)
    folder = programme.settings.folder
    before = {path.name: path.read_bytes() for path in folder.public.iterdir()}
    log = folder.public / f"{CURRENT}.wal"

    def somebody_writes(*given):
        log.write_bytes(b"what it wrote")
        return publish(*given)

    monkeypatch.setattr(programmes.publish, "publish", somebody_writes)
    with pytest.raises(PublicFolderError, match=r"motiefmix\.duckdb\.wal is beside the database"):
        programmes.release(programme, inputs_hash="second", is_computed=True)
    assert [path.name for path in (folder.releases / "2026-10").glob("v*")] == ["v1"]
    log.unlink()
    assert {path.name: path.read_bytes() for path in folder.public.iterdir()} == before
    monkeypatch.undo()
    assert programmes.release(programme, inputs_hash="second", is_computed=True).version == 2


def test_who_gets_in_the_way_between_two_files_is_told_and_the_next_run_finishes(made, tmp_path, monkeypatch):
    programme = programmes.copied(made, tmp_path)
    folder = programme.settings.folder

    def refuse(fresh: Path, target: Path) -> None:
        raise PublicFolderError("public/x cannot be replaced.")

    with monkeypatch.context() as patch:
        patch.setattr(public_folder, "swap", refuse)
        with pytest.raises(PublicFolderError, match=r"Release 2026-10 v2 is made, but public/ lacks some of it\."):
            programmes.release(programme, inputs_hash="second", is_computed=True)
    refresh_public(folder)
    with duckdb.connect(str(folder.database), read_only=True) as connection:
        assert connection.execute("select value from about where key = 'release_version'").fetchone() == ("2",)


@pytest.mark.parametrize("written", ordinarily([None, "", "{}", "[1]", '{"files": 3, "follows_from": ""}']))
def test_without_a_record_that_can_be_read_what_lies_there_is_made_anew(folder, written):
    folder.public_record.unlink()
    if written is not None:
        folder.public_record.write_text(written)
    public_folder.refuse_obstacles(folder, "2026-10")
    refresh_public(folder)
    assert public_folder.read_record(folder) is not None
    assert _troubles(folder) == ""


def test_nothing_in_the_record_is_of_people(folder):
    assert folder.public_record.stat().st_mode & 0o777 == 0o600
    assert set(public_folder.read_record(folder).files) == {path.name for path in folder.public.iterdir()}
