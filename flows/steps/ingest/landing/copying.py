"""Detects incomplete files in the inbox: a partial copy that ends at a line break looks like a complete file.

A file that changes while it is read is incomplete. Slow writers can mark a complete file by a file with the same name
plus `.done`, or plus `.sha256` with its fingerprint.
"""

import os
import re
import stat
import time
from collections.abc import Callable, Iterable
from copy import copy
from pathlib import Path

from flows.steps.ingest.readers.unreadable import Unreadable

DONE, FINGERPRINT = ".done", ".sha256"
# Seconds; a copy in progress touches the file more often than this, even at 1 Mbit/s.
REST = 0.5
_MARKER_SIZE = 4096
_STILL_COPIED = Unreadable(
    "This file is still being copied to the inbox.",
    "Wait until it is complete and run again.",
)
_OTHER_FINGERPRINT = Unreadable(
    "This file is not the one that its .sha256 file describes: it is still being copied, or was damaged on the way.",
    "Copy both again, or remove the .sha256 file if it belongs to an older export.",
)


def open_unfollowed(path: Path) -> int:
    """Open a file for reading without following a link or waiting for the other end of a pipe."""
    return os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)


def let_come_to_rest(
    paths: Iterable[Path], now: Callable[[], float] = time.time, wait: Callable[[float], None] = time.sleep
) -> None:
    """Wait once if any file was modified just now, so that a file that is still growing changes again."""
    if any(_is_younger(_modified(path), now(), REST) and not _is_done(path) for path in paths):
        wait(REST)


def refuse_growing(path: Path, before: os.stat_result, after: os.stat_result, now: float) -> None:
    """Refuse a file that changed while it was read, or since `let_come_to_rest` began to wait.

    Raises:
        Unreadable: it is still being copied.
    """
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
        raise copy(_STILL_COPIED)
    # Half of the wait, because clocks are imprecise.
    if _is_younger(after.st_mtime, now, REST / 2) and not _is_done(path):
        raise copy(_STILL_COPIED)


def refuse_other_fingerprint(path: Path, sha256: str) -> None:
    """Refuse a file whose fingerprint differs from its `.sha256` marker; a file without a marker passes.

    Raises:
        Unreadable: the fingerprints differ, or the marker has none.
    """
    marker = _marker(path, FINGERPRINT)
    if os.path.lexists(marker) and sha256 not in _fingerprints(marker):
        raise copy(_OTHER_FINGERPRINT)


def _marker(path: Path, ending: str) -> Path:
    return path.with_name(path.name + ending)


def _is_done(path: Path) -> bool:
    return any(os.path.lexists(_marker(path, ending)) for ending in (DONE, FINGERPRINT))


def _fingerprints(marker: Path) -> set[str]:
    """Every SHA-256 at the start of a marker: tools write the name before it, after it or not at all."""
    try:
        file = open_unfollowed(marker)
    except OSError:
        return set()
    try:
        text = os.read(file, _MARKER_SIZE) if stat.S_ISREG(os.fstat(file).st_mode) else b""
    finally:
        os.close(file)
    return {match.decode().lower() for match in re.findall(rb"\b[0-9A-Fa-f]{64}\b", text)}


def _modified(path: Path) -> float:
    try:
        return path.lstat().st_mtime
    except OSError:
        return 0.0


def _is_younger(modified: float, now: float, seconds: float) -> bool:
    """Whether a file is younger than `seconds`; a future time comes from another clock and does not count."""
    return 0 <= now - modified < seconds
