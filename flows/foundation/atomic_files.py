"""Puts a whole file in the place of another at once: a reader, and a process that is killed, leave the old or the new.

The new file is made beside its target as `.making-<name>`. A process that is killed leaves that behind; the next one
that makes the same file removes it.
"""

import errno
import os
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, TextIO, cast

_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
# What the umask makes of a file for which nobody says who may read it.
_ANYBODY = 0o666


@contextmanager
def replaced(
    path: Path, mode: int | None = 0o600, *, encoding: str = "utf-8", newline: str | None = None
) -> Iterator[TextIO]:
    """A text file that takes the place of `path` once it is written; nothing is replaced when writing it fails.

    A link in that place is replaced, not followed. With None for `mode` the file stays open to whom it is now.
    """
    fresh = _fresh(path)
    descriptor = os.open(fresh, _NEW, _ANYBODY if mode is None else mode)
    try:
        with os.fdopen(descriptor, "w", encoding=encoding, newline=newline) as file:
            if mode is None and (former := _former_mode(path)) is not None:
                os.fchmod(file.fileno(), former)
            yield file
        put(fresh, path)
    except BaseException:
        fresh.unlink(missing_ok=True)
        raise


@contextmanager
def replaced_by_library(path: Path, mode: int | None = 0o600) -> Iterator[Path]:
    """A path of the same name for a library to write to; what is there in the end takes the place of `path`.

    The path lies in a folder that only its owner can open, and that is removed with whatever else is left in it.
    """
    folder = _fresh(path)
    folder.mkdir(mode=0o700)
    fresh = folder / path.name
    try:
        yield fresh
        chosen = _former_mode(path) if mode is None else mode
        if chosen is not None:
            fresh.chmod(chosen)
        put(fresh, path)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def created(path: Path, mode: int = 0o600) -> Iterator[BinaryIO]:
    """A file where there is none; it is gone again when writing it fails.

    Raises:
        FileExistsError: something lies there, if only a link.
    """
    descriptor = os.open(path, _NEW, mode)
    try:
        with os.fdopen(descriptor, "wb") as file:
            yield cast(BinaryIO, file)
        sync(path)
        sync(path.parent)
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def put(fresh: Path, target: Path) -> None:
    """Move a finished file into the place of another at once, also from another disk, and wait until it is there."""
    sync(fresh)
    try:
        fresh.replace(target)
    except OSError as problem:
        if problem.errno != errno.EXDEV:
            raise
        with replaced_by_library(target, stat.S_IMODE(fresh.stat().st_mode)) as copy:
            shutil.copyfile(fresh, copy)
        fresh.unlink()
    sync(target.parent)


def sync(path: Path) -> None:
    """fsync a file or a folder."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def text_of(path: Path) -> str:
    """The text of a file that is to be changed, with the line ends that it has."""
    with path.open(encoding="utf-8", newline="") as file:
        return file.read()


def _fresh(path: Path) -> Path:
    """Where a file is made before it takes its place, cleared of what a process that was killed left there."""
    fresh = path.with_name(f".making-{path.name}")
    if fresh.is_dir() and not fresh.is_symlink():
        shutil.rmtree(fresh)
    else:
        fresh.unlink(missing_ok=True)
    return fresh


def _former_mode(path: Path) -> int | None:
    """The rights of the ordinary file in a place; None when there is none."""
    try:
        found = path.lstat().st_mode
    except OSError:
        return None
    return stat.S_IMODE(found) if stat.S_ISREG(found) else None
