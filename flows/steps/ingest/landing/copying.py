"""Whether a file in the inbox is whole: one that is still being copied, cut at a line end, looks like a whole one.

A file that changes while it is looked at is not whole. Whoever drops files slowly can say when one is: by a file of the
same name and `.done`, or by one with `.sha256` that holds its fingerprint.
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
# A copy that is under way writes more often than this: over a line of 1 Mbit/s four times a second.
REST = 0.5
_MARKER_SIZE = 4096
_STILL_COPIED = Unreadable(
    "This file is still being copied to the inbox.",
    "Wait until all of it is there and run again.",
)
_OTHER_FINGERPRINT = Unreadable(
    "This file is not the one that its .sha256 file describes: it is still being copied, or was damaged on the way.",
    "Copy both again, or take the .sha256 file out if it is that of an older export.",
)


def open_unfollowed(path: Path) -> int:
    """Open a file for reading without following a link or waiting for the other end of a pipe."""
    return os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)


def let_come_to_rest(
    paths: Iterable[Path], now: Callable[[], float] = time.time, wait: Callable[[float], None] = time.sleep
) -> None:
    """Wait once, and only when one of some files was changed just now: then one that is changed again still grows."""
    if any(_is_younger(_modified(path), now(), REST) and not _is_done(path) for path in paths):
        wait(REST)


def refuse_growing(path: Path, before: os.stat_result, after: os.stat_result, now: float) -> None:
    """Refuse a file that changed while it was read, or since `let_come_to_rest` began to wait.

    Raises:
        Unreadable: it is still being copied.
    """
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
        raise copy(_STILL_COPIED)
    # Half of the wait, since clocks are not exact.
    if _is_younger(after.st_mtime, now, REST / 2) and not _is_done(path):
        raise copy(_STILL_COPIED)


def refuse_other_fingerprint(path: Path, sha256: str) -> None:
    """Refuse a file that is not the one its marker describes; one without such a marker passes.

    Raises:
        Unreadable: the fingerprints differ, or there is none in the marker.
    """
    marker = _marker(path, FINGERPRINT)
    if os.path.lexists(marker) and sha256 not in _fingerprints(marker):
        raise copy(_OTHER_FINGERPRINT)


def _marker(path: Path, ending: str) -> Path:
    return path.with_name(path.name + ending)


def _is_done(path: Path) -> bool:
    return any(os.path.lexists(_marker(path, ending)) for ending in (DONE, FINGERPRINT))


def _fingerprints(marker: Path) -> set[str]:
    """Every SHA-256 in the beginning of a marker: tools write the name before, behind or not at all."""
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
    """Whether so little time passed since; a time in the future is that of another clock and says nothing."""
    return 0 <= now - modified < seconds
