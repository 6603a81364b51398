"""The programme's lock: one run, or one decision, at a time."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from filelock import FileLock, Timeout

from flows.steps.mistakes import Locked
from flows.steps.places import Places


@contextmanager
def held(places: Places) -> Iterator[None]:
    """Hold the lock for as long as something is changed; what is written meanwhile is for its owner alone.

    Raises:
        Locked: somebody else holds it; nobody waits.
    """
    before = os.umask(0o077)
    try:
        with FileLock(places.lock, timeout=0):
            if (places.rotation / "ready").exists():
                from flows.steps.forgetting import rotation

                # A change of the key was stopped half-way: nothing may be read before it is through.
                rotation.finish(places)
            yield
    except Timeout:
        raise Locked(f"Another run is busy in {places.root}. Wait until it is done; see: motiefmix status") from None
    finally:
        os.umask(before)
