"""What somebody did in `public/` is told with its cure, nothing of theirs is lost, no release is half published."""

import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from flows.steps import public_folder
from flows.steps.mistakes import PublicFolderMistake
from flows.steps.publish import publish, refresh_public
from tests import programmes

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
def made(tmp_path_factory):
    programme = programmes.with_answers(programmes.make(tmp_path_factory.mktemp("public") / "programme"), 14)
    programmes.release(programme)
    return programme


@pytest.fixture
def places(made, tmp_path):
    return programmes.copied(made, tmp_path).settings.places


def _troubles(places) -> str:
    return "\n".join(public_folder.troubles(places, "2026-10"))


def _refused(places, period: str = "2026-10") -> str:
    with pytest.raises(PublicFolderMistake) as caught:
        public_folder.refuse_obstacles(places, period)
    assert caught.value.exit_code == 2
    return str(caught.value)


def test_what_a_run_left_is_in_order(places):
    assert _troubles(places) == ""
    public_folder.refuse_obstacles(places, "2026-10")


@DATABASES
@pytest.mark.parametrize("ending", [".wal", ".wal.checkpoint", ".wal.recovery"])
def test_a_client_that_wrote_and_died(places, name, ending):
    log = places.public / f"{name}{ending}"
    log.write_bytes(b"what it wrote")
    told = _refused(places)
    assert f"public/{name}{ending} lies beside the database" in told
    assert f"move away public/{name}{ending}" in told
    assert told == _troubles(places)
    log.unlink()
    assert _troubles(places) == ""


@DATABASES
def test_a_client_that_is_writing(places, name):
    writer = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(places.public / name)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        assert writer.stdout.readline() == "writing\n"
        assert f"public/{name} is open for writing in another program" in _refused(places)
    finally:
        writer.kill()
        writer.wait()


def test_a_client_that_only_reads_is_in_nobodys_way(places):
    code = WRITER.replace("connect(sys.argv[1])", "connect(sys.argv[1], read_only=True)").replace(
        "create table mine as select", "select"
    )
    reader = subprocess.Popen(
        [sys.executable, "-c", code, str(places.database)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert reader.stdout.readline() == "writing\n"
    assert _troubles(places) == ""
    reader.communicate("stop\n")


def _write_into(path: Path) -> None:
    with duckdb.connect(str(path)) as connection:
        connection.execute("create table mine as select 1 as answer")


def _replace_by_another(path: Path) -> None:
    path.unlink()
    _write_into(path)


@pytest.mark.parametrize("name", [CURRENT, MONTH, "scale_levels.parquet", "data_dictionary.csv"])
@pytest.mark.parametrize("change", [lambda path: path.write_bytes(b"mine"), lambda path: path.write_bytes(b"")])
def test_a_file_that_somebody_replaced_is_told_and_kept(places, name, change):
    path = places.public / name
    change(path)
    theirs = path.read_bytes()
    told = _refused(places)
    assert told.startswith(f"public/{name} is not what a run put there: somebody replaced or changed it. Move it away")
    assert path.read_bytes() == theirs
    path.unlink()
    refresh_public(places)
    assert _troubles(places) == ""


@DATABASES
@pytest.mark.parametrize("change", [_write_into, _replace_by_another])
def test_a_database_in_which_somebody_wrote_is_told(places, name, change):
    change(places.public / name)
    assert f"public/{name} is not what a run put there" in _refused(places)


@pytest.mark.parametrize("name", [CURRENT, "changes.parquet"])
def test_a_folder_or_a_link_in_the_place_of_a_file(places, name, tmp_path):
    path = places.public / name
    path.unlink()
    path.mkdir()
    assert f"public/{name} is no ordinary file" in _refused(places)
    path.rmdir()
    path.symlink_to(tmp_path / "elsewhere")
    assert f"public/{name} is no ordinary file" in _refused(places)


@pytest.mark.parametrize("name", ["motiefmix_2026-11.duckdb", "motiefmix_2026-11.duckdb.wal"])
def test_a_foreign_file_in_the_way_of_the_next_month(places, name):
    (places.public / name).write_bytes(b"mine")
    assert _troubles(places) == ""
    assert f"public/{name}" in _refused(places, "2026-11")


@pytest.mark.parametrize("name", [CURRENT, "diversity.parquet"])
def test_a_foreign_file_in_the_way_of_the_first_release(programme, name):
    places = programme.settings.places
    places.public.mkdir()
    (places.public / name).write_bytes(b"mine")
    assert f"public/{name} is not what a run put there" in _refused(places)


def test_what_is_in_nobodys_way_is_left_alone(places):
    (places.public / "notes.txt").write_text("mine")
    (places.public / "notes.txt").chmod(0o600)
    (places.public / "ours").mkdir(mode=0o700)
    (places.public / "analysis.duckdb.wal").write_bytes(b"mine")
    assert _troubles(places) == ""
    places.database.unlink()
    refresh_public(places)
    assert (places.public / "notes.txt").stat().st_mode & 0o777 == 0o600
    assert (places.public / "ours").stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("mode", [0o555, 0o600])
def test_a_folder_that_somebody_closed(places, mode):
    places.public.chmod(mode)
    assert f"A run cannot write in public/. See who took that away, and give it back: chmod 755 {places.public}" == (
        _refused(places)
    )


def test_a_database_that_somebody_made_unwritable(places):
    places.database.chmod(0o444)
    assert _refused(places) == (
        f"public/motiefmix.duckdb was made unwritable. See why, and give the right back: chmod 644 {places.database}"
    )


def test_something_else_in_the_place_of_the_folder(programme, tmp_path):
    places = programme.settings.places
    places.public.write_text("")
    assert "public is no folder" in _refused(places)
    places.public.unlink()
    places.public.symlink_to(tmp_path / "nowhere")
    assert "public is no folder" in _refused(places)


@pytest.mark.parametrize("name", [CURRENT, MONTH, "changes.parquet", "data_dictionary.csv"])
def test_a_file_that_is_gone_is_told_and_made_anew(places, name):
    (places.public / name).unlink()
    assert _troubles(places) == f"public/{name} is gone. The next run makes it anew."
    public_folder.refuse_obstacles(places, "2026-10")
    refresh_public(places)
    assert (places.public / name).is_file()
    assert _troubles(places) == ""


def test_all_that_is_wrong_is_told_at_once(places):
    places.database.write_bytes(b"mine")
    (places.public / f"{MONTH}.wal").write_bytes(b"theirs")
    (places.public / "changes.parquet").unlink()
    assert [line.split(" ")[0] for line in _troubles(places).splitlines()] == [
        "public/motiefmix.duckdb", f"public/{MONTH}.wal", "public/changes.parquet",
    ]  # fmt: skip


@pytest.mark.parametrize("moved", range(0, 24, 4))
def test_a_run_that_is_cut_off_between_two_files_is_nobody_else_and_is_finished(made, tmp_path, monkeypatch, moved):
    programme = programmes.copied(made, tmp_path)
    places = programme.settings.places
    programmes.release(programme, inputs_hash="second", is_public=False)
    left = [moved]

    def cut_off(fresh: Path, target: Path) -> None:
        left[0] -= 1
        if left[0] < 0:
            raise KeyboardInterrupt
        fresh.replace(target)

    with monkeypatch.context() as patch:
        patch.setattr(public_folder, "swap", cut_off)
        with pytest.raises(KeyboardInterrupt):
            refresh_public(places)
    public_folder.refuse_obstacles(places, "2026-10")
    refresh_public(places)
    assert _troubles(places) == ""
    with duckdb.connect(str(places.database), read_only=True) as connection:
        assert connection.execute("select value from about where key = 'release_version'").fetchone() == ("2",)
    assert not list(places.public.glob(".making*"))


def test_who_gets_in_the_way_during_a_run_keeps_the_release_from_being_made(made, tmp_path, monkeypatch):
    programme = programmes.copied(made, tmp_path)
    places = programme.settings.places
    before = {path.name: path.read_bytes() for path in places.public.iterdir()}
    log = places.public / f"{CURRENT}.wal"

    def somebody_writes(*given):
        log.write_bytes(b"what it wrote")
        return publish(*given)

    monkeypatch.setattr(programmes.publish, "publish", somebody_writes)
    with pytest.raises(PublicFolderMistake, match=r"motiefmix\.duckdb\.wal lies beside the database"):
        programmes.release(programme, inputs_hash="second")
    assert [path.name for path in (places.releases / "2026-10").glob("v*")] == ["v1"]
    log.unlink()
    assert {path.name: path.read_bytes() for path in places.public.iterdir()} == before
    monkeypatch.undo()
    assert programmes.release(programme, inputs_hash="second").version == 2


def test_who_gets_in_the_way_between_two_files_is_told_and_the_next_run_finishes(made, tmp_path, monkeypatch):
    programme = programmes.copied(made, tmp_path)
    places = programme.settings.places

    def refuse(fresh: Path, target: Path) -> None:
        raise PublicFolderMistake("public/x cannot be replaced.")

    with monkeypatch.context() as patch:
        patch.setattr(public_folder, "swap", refuse)
        with pytest.raises(PublicFolderMistake, match=r"Release 2026-10 v2 is made, but public/ lacks some of it\."):
            programmes.release(programme, inputs_hash="second")
    refresh_public(places)
    with duckdb.connect(str(places.database), read_only=True) as connection:
        assert connection.execute("select value from about where key = 'release_version'").fetchone() == ("2",)


@pytest.mark.parametrize("written", [None, "", "{}", "[1]", '{"files": 3, "follows_from": ""}'])
def test_without_a_record_that_can_be_read_what_lies_there_is_made_anew(places, written):
    places.public_record.unlink()
    if written is not None:
        places.public_record.write_text(written)
    public_folder.refuse_obstacles(places, "2026-10")
    refresh_public(places)
    assert public_folder.read_record(places) is not None
    assert _troubles(places) == ""


def test_nothing_in_the_record_is_of_people(places):
    assert places.public_record.stat().st_mode & 0o777 == 0o600
    assert set(public_folder.read_record(places).files) == {path.name for path in places.public.iterdir()}
