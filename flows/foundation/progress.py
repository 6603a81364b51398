"""How far a stage has come, for whoever wants to see it."""

from collections.abc import Callable
from typing import NamedTuple


class Progress(NamedTuple):
    """So many of so many are done, and what is, or was, the one at hand: a name, never an answer."""

    done: int
    total: int
    name: str


ProgressCallback = Callable[[Progress], None]


def no_progress(_: Progress) -> None:
    """Tells nobody."""
