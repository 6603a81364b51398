"""Copies a file of the inbox unchanged to `private/landed/<sha256>`; everything is read from that copy."""

import hashlib
import os
import stat
import tempfile
import time
from collections.abc import Iterator
from copy import copy as copy_of
from pathlib import Path
from typing import IO

from flows.foundation.atomic_files import put
from flows.foundation.messages import refuse_unprintable
from flows.steps.ingest.landing import copying
from flows.steps.ingest.landing.tombstones import Tombstones
from flows.steps.ingest.readers.unreadable import Unreadable

LARGEST = 2 * 1024**3
_CHUNK = 1024 * 1024
_EXPIRED = Unreadable(
    "This export is older than the programme keeps answers, and its kept copy was deleted.",
    "Delete it from the inbox, or drop a new export.",
)
# Endings of markers, and of incomplete files of other programs.
_SKIPPED_ENDINGS = (copying.DONE, copying.FINGERPRINT, ".part", ".partial", ".filepart", ".tmp", ".crdownload")


def inbox_files(inbox: Path) -> Iterator[Path]:
    """Everything in the inbox that could be an export, in order of name; markers and hidden files are left out.

    Includes links to folders and folders that cannot be opened: `land` reports what is wrong with those.
    """
    paths = list(_found(inbox))
    copying.let_come_to_rest(paths)
    yield from paths


def skipped_files(inbox: Path) -> Iterator[str]:
    """The names of skipped files: markers and incomplete files, but not hidden ones."""
    for path in sorted(inbox.rglob("*")):
        hidden = any(part.startswith((".", "~$")) for part in path.relative_to(inbox).parts)
        if not hidden and path.name.lower().endswith(_SKIPPED_ENDINGS):
            yield path.relative_to(inbox).as_posix()


def _found(inbox: Path) -> Iterator[Path]:
    closed: list[Path] = []
    for folder, folders, names in os.walk(inbox, followlinks=False, onerror=lambda error: closed.append(_of(error))):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        links = [name for name in folders if (Path(folder) / name).is_symlink()]
        for name in sorted([*names, *links]):
            if not is_passed_over(name):
                yield Path(folder) / name
    yield from (path for path in closed if path != inbox)


def is_passed_over(name: str) -> bool:
    """Whether a file with this name is hidden, a marker, or incomplete."""
    return name.startswith((".", "~$")) or name.lower().endswith(_SKIPPED_ENDINGS)


def _of(error: OSError) -> Path:
    return Path(str(error.filename))


def printable_name(path: Path, inbox: Path) -> str:
    """The file's path relative to the inbox.

    Raises:
        Unreadable: the name holds characters that cannot be printed.
    """
    name = path.relative_to(inbox).as_posix()
    try:
        return refuse_unprintable(name)
    except ValueError:
        raise Unreadable(
            "The name of this file holds characters that cannot be printed.",
            "Rename the file and drop it again.",
        ) from None


def clear_away_leftovers(landed: Path) -> None:
    """Delete temporary files of killed runs: partial copies, and rows of a reader."""
    for path in landed.glob(".*"):
        path.unlink(missing_ok=True)


def land(path: Path, landed: Path, tombstones: Tombstones) -> str:
    """Copy a file to a name that is its SHA-256, and return that; an existing copy is replaced with the same bytes.

    Refuses links, folders and devices, and follows no link: only the copy is parsed. A copy from which erased people
    were removed stays unchanged.

    Raises:
        Unreadable: it is not an ordinary file, too large, still being copied, past retention, or the disk is full.
    """
    with tempfile.NamedTemporaryFile(dir=landed, prefix=".landing-", delete=False) as copy:
        try:
            digest = _copy(path, copy)
            copying.refuse_other_fingerprint(path, digest)
            if tombstones.has("expired", digest):
                raise copy_of(_EXPIRED)
            if tombstones.has("reduced", digest):
                Path(copy.name).unlink()
            else:
                put(Path(copy.name), landed / digest)
        except BaseException:
            Path(copy.name).unlink(missing_ok=True)
            raise
    return digest


def _copy(path: Path, target: IO[bytes]) -> str:
    try:
        source = copying.open_unfollowed(path)
    except OSError:
        raise Unreadable(
            "This is a link, or a file that cannot be opened.",
            "Drop the file itself, readable by this programme.",
        ) from None
    try:
        before = os.fstat(source)
        if not stat.S_ISREG(before.st_mode) or before.st_nlink != 1:
            raise Unreadable("This is not an ordinary file.", "Drop a copy of the export itself.")
        if before.st_size > LARGEST:
            raise Unreadable("This file is larger than 2 GB.", "Export fewer columns and drop that file.")
        digest = _copy_open(source, target)
        copying.refuse_growing(path, before, os.fstat(source), time.time())
        return digest
    finally:
        os.close(source)


def _copy_open(source: int, target: IO[bytes]) -> str:
    digest = hashlib.sha256()
    try:
        while chunk := os.read(source, _CHUNK):
            digest.update(chunk)
            target.write(chunk)
        target.flush()
        os.fsync(target.fileno())
    except OSError:
        raise Unreadable(
            "This file could not be copied: the disk is full, or the drive of the inbox is not available.",
            "Make room or reconnect the drive, and run again.",
        ) from None
    return digest.hexdigest()
