"""A file is the old one or the new one, whatever happens while the new one is written."""

import errno
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from flows.foundation import atomic_files
from flows.foundation.atomic_files import created, put, replaced, replaced_by_library


class Interrupted(BaseException):
    """What ends a program from outside, such as Ctrl-C."""


def _write(path: Path, text: str = "new", mode: int | None = 0o600) -> None:
    with replaced(path, mode) as file:
        file.write(text)


def _let_library_write(path: Path, text: str = "new", mode: int | None = 0o600) -> None:
    with replaced_by_library(path, mode) as fresh:
        fresh.with_name("beside").write_text("what a library leaves")
        fresh.write_text(text)


WRITERS = pytest.mark.parametrize("write", [_write, _let_library_write])


@WRITERS
def test_a_file_takes_the_place_of_another(tmp_path, write):
    path = tmp_path / "file.txt"
    for text in ("first", "second"):
        write(path, text)
        assert path.read_text() == text
    assert list(tmp_path.iterdir()) == [path]


@WRITERS
@pytest.mark.parametrize(("umask", "mode", "expected"), [(0o022, 0o600, 0o600), (0o077, 0o600, 0o600)])
def test_a_file_has_the_rights_that_are_asked_for(tmp_path, write, umask, mode, expected):
    path = tmp_path / "file.txt"
    before = os.umask(umask)
    try:
        write(path, mode=mode)
        path.chmod(0o644)
        write(path, mode=mode)
    finally:
        os.umask(before)
    assert path.stat().st_mode & 0o777 == expected


@WRITERS
def test_a_file_of_somebody_else_keeps_its_rights(tmp_path, write):
    path = tmp_path / "source.yaml"
    before = os.umask(0o027)
    try:
        write(path, mode=None)
        assert path.stat().st_mode & 0o777 == 0o640
        path.chmod(0o664)
        write(path, mode=None)
    finally:
        os.umask(before)
    assert path.stat().st_mode & 0o777 == 0o664


@WRITERS
def test_a_link_is_replaced_and_not_followed(tmp_path, write):
    elsewhere = tmp_path / "elsewhere.txt"
    elsewhere.write_text("theirs")
    path = tmp_path / "file.txt"
    for link in (path, tmp_path / ".making-file.txt"):
        link.symlink_to(elsewhere)
        write(path)
        assert (path.is_symlink(), path.read_text(), elsewhere.read_text()) == (False, "new", "theirs")
        path.unlink()


@WRITERS
@pytest.mark.parametrize("step", ["replace", "chmod", "fsync"])
@pytest.mark.parametrize("failure", [OSError(errno.ENOSPC, "No space left"), Interrupted()])
def test_a_step_that_fails_leaves_the_old_file_alone(tmp_path, monkeypatch, write, step, failure):
    path = tmp_path / "file.txt"
    path.write_text("old")

    def fail(*_: object, **__: object) -> None:
        raise failure

    owner = os if step == "fsync" else Path
    if step == "chmod" and write is _write:
        monkeypatch.setattr(os, "fchmod", fail)
    else:
        monkeypatch.setattr(owner, step, fail)
    with pytest.raises(type(failure)):
        write(path, mode=None)
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("form", [replaced, replaced_by_library, created])
def test_what_fails_while_it_is_written_leaves_nothing(tmp_path, form):
    path = tmp_path / "file.txt"
    if form is not created:
        path.write_text("old")

    def write_half() -> None:
        with form(path) as target:
            if form is replaced_by_library:
                target.write_text("half")
            else:
                target.write(b"half" if form is created else "half")
            raise Interrupted

    with pytest.raises(Interrupted):
        write_half()
    assert [entry.read_text() for entry in tmp_path.iterdir()] == ([] if form is created else ["old"])


@pytest.mark.parametrize("form", ["replaced", "replaced_by_library"])
def test_a_process_that_is_killed_leaves_the_old_file_and_the_next_one_clears_up(tmp_path, form):
    path = tmp_path / "file.txt"
    path.write_text("old")
    code = (
        "import os, signal, sys\nfrom pathlib import Path\nfrom flows.foundation import atomic_files\n"
        "with getattr(atomic_files, sys.argv[1])(Path(sys.argv[2])) as target:\n"
        "    if sys.argv[1] == 'replaced':\n        target.write('half')\n        target.flush()\n"
        "    else:\n        target.write_text('half')\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    killed = subprocess.run([sys.executable, "-c", code, form, str(path)], check=False)
    assert killed.returncode == -signal.SIGKILL
    assert path.read_text() == "old"
    (leftover,) = set(tmp_path.iterdir()) - {path}
    assert leftover.stat().st_mode & 0o077 == 0
    for write in (_write, _let_library_write):
        write(path)
        assert list(tmp_path.iterdir()) == [path]


def test_the_new_file_is_on_the_disk_before_it_takes_its_place(tmp_path, monkeypatch):
    path = tmp_path / "file.txt"
    steps = []
    sync, replace = atomic_files.sync, Path.replace
    monkeypatch.setattr(atomic_files, "sync", lambda of: (steps.append(f"sync {of.name}"), sync(of)))
    monkeypatch.setattr(Path, "replace", lambda fresh, target: (steps.append("replace"), replace(fresh, target)))
    _write(path)
    _let_library_write(path)
    assert steps == [
        "sync .making-file.txt", "replace", f"sync {tmp_path.name}", "sync file.txt", "replace", f"sync {tmp_path.name}"
    ]  # fmt: skip


def test_a_file_is_created_where_there_is_none(tmp_path):
    path = tmp_path / "file.txt"
    with created(path, 0o640) as file:
        file.write(b"new")
    with pytest.raises(FileExistsError), created(path):
        pass
    (tmp_path / "link.txt").symlink_to(tmp_path / "nowhere.txt")
    with pytest.raises(FileExistsError), created(tmp_path / "link.txt"):
        pass
    assert (path.read_bytes(), (tmp_path / "nowhere.txt").exists()) == (b"new", False)


def test_a_file_comes_from_another_disk_as_a_whole(tmp_path, monkeypatch):
    fresh, target = tmp_path / "fresh", tmp_path / "target"
    fresh.write_text("new")
    fresh.chmod(0o600)
    target.write_text("old")
    replace = Path.replace

    def other_disk(source: Path, to: Path) -> Path:
        if source == fresh:
            raise OSError(errno.EXDEV, "Invalid cross-device link")
        return replace(source, to)

    monkeypatch.setattr(Path, "replace", other_disk)
    put(fresh, target)
    assert (target.read_text(), target.stat().st_mode & 0o777) == ("new", 0o600)
    assert list(tmp_path.iterdir()) == [target]
