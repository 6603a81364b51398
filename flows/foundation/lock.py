"""A lock file: one run, or one decision, at a time."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from flows.foundation.errors import Locked


@contextmanager
def held(lock: Path, root: Path) -> Iterator[None]:
    """Hold the lock of the programme in `root`; files written meanwhile are readable by their owner only.

    Raises:
        Locked: another process holds it; nobody waits.
    """
    before = os.umask(0o077)
    try:
        with FileLock(lock, timeout=0):
            yield
    except Timeout:
        raise Locked(f"Another run is busy in {root}. Wait until it is done; see: motiefmix status") from None
    finally:
        os.umask(before)
