"""Progress of a stage, reported to a callback."""

from collections.abc import Callable
from typing import NamedTuple


class Progress(NamedTuple):
    """`done` of `total` items are finished; `name` is the current item's name, never an answer."""

    done: int
    total: int
    name: str


ProgressCallback = Callable[[Progress], None]


def no_progress(_: Progress) -> None:
    """Ignore progress."""
