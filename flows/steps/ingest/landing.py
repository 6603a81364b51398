"""Copies a file of the inbox, untouched, to `private/landed/<sha256>`: the copy that everything is read from."""

import hashlib
import os
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

from flows.steps.ingest.unreadable import Unreadable
from flows.steps.plain_text import refuse_unprintable

LARGEST = 2 * 1024**3
_CHUNK = 1024 * 1024
_SKIPPED_ENDINGS = (".done", ".sha256", ".part", ".tmp", ".crdownload")


def inbox_files(inbox: Path) -> Iterator[Path]:
    """Everything in the inbox that could be an export, in the order of the names; markers and hidden files are not."""
    for folder, folders, names in os.walk(inbox, followlinks=False):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            if not name.startswith((".", "~$")) and not name.endswith(_SKIPPED_ENDINGS):
                yield Path(folder) / name


def printable_name(path: Path, inbox: Path) -> str:
    """The file's path inside the inbox.

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


def land(path: Path, landed: Path) -> str:
    """Copy one file under its SHA-256 and return that; a file that lies there already is not copied again.

    Links, folders and devices are refused, and nothing is followed: the copy is what gets parsed.

    Raises:
        Unreadable: it is no ordinary file, or too large.
    """
    with tempfile.NamedTemporaryFile(dir=landed, delete=False) as copy:
        try:
            digest = _copy(path, copy.fileno())
            os.fsync(copy.fileno())
            Path(copy.name).replace(landed / digest)
        except BaseException:
            Path(copy.name).unlink(missing_ok=True)
            raise
    return digest


def _copy(path: Path, target: int) -> str:
    try:
        source = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        raise Unreadable(
            "This is a link, or a file that cannot be opened.",
            "Drop the file itself, readable for this programme.",
        ) from None
    try:
        status = os.fstat(source)
        if not stat.S_ISREG(status.st_mode) or status.st_nlink != 1:
            raise Unreadable("This is no ordinary file.", "Drop a copy of the export itself.")
        if status.st_size > LARGEST:
            raise Unreadable("This file is larger than 2 GB.", "Export fewer columns, or split the export by date.")
        digest = hashlib.sha256()
        while chunk := os.read(source, _CHUNK):
            digest.update(chunk)
            os.write(target, chunk)
        return digest.hexdigest()
    finally:
        os.close(source)
