"""Replaces files atomically: readers, and the disk after a killed process, have either the old file or the new one.

The new file is written beside its target as `.making-<name>`. A killed process leaves that behind; the next process
that writes the same file removes it.
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
# The mode of a new file before the umask, where no mode is given.
_ANYBODY = 0o666


@contextmanager
def replaced(
    path: Path, mode: int | None = 0o600, *, encoding: str = "utf-8", newline: str | None = None
) -> Iterator[TextIO]:
    """A text file that replaces `path` once it is written; nothing is replaced when writing fails.

    A link at `path` is replaced, not followed. If `mode` is None the file keeps its present mode.
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
    """A path of the same name for a library to write to; the file written there replaces `path`.

    It is in a temporary folder that only the owner can open.
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
    """A new file; it is removed when writing fails.

    Raises:
        FileExistsError: the path exists, even if only as a link.
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
    """Replace a file with a finished one atomically, even from another disk, and wait until it is on disk."""
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
    """The text of a file with its own line ends, for changing it."""
    with path.open(encoding="utf-8", newline="") as file:
        return file.read()


def _fresh(path: Path) -> Path:
    """The temporary path of a new file, cleared of leftovers of killed processes."""
    fresh = path.with_name(f".making-{path.name}")
    if fresh.is_dir() and not fresh.is_symlink():
        shutil.rmtree(fresh)
    else:
        fresh.unlink(missing_ok=True)
    return fresh


def _former_mode(path: Path) -> int | None:
    """The mode of an existing ordinary file, or None."""
    try:
        found = path.lstat().st_mode
    except OSError:
        return None
    return stat.S_IMODE(found) if stat.S_ISREG(found) else None
