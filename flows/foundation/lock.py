"""A lock file: one run, or one decision, at a time."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from flows.foundation.errors import Locked


@contextmanager
def held(lock: Path, root: Path, patience: float = 0) -> Iterator[None]:
    """Hold the lock of the programme in `root`; files written meanwhile are readable by their owner only.

    Raises:
        Locked: another process still holds it after so many seconds of `patience`.
    """
    before = os.umask(0o077)
    try:
        with FileLock(lock, timeout=patience):
            yield
    except Timeout:
        raise Locked(f"Another run is busy in {root}. Wait until it is done; see: motiefmix status") from None
    finally:
        os.umask(before)
