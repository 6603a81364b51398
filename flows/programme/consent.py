"""Reads the answer to the consent question: yes, no, or unknown to the source."""

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Literal

from flows.foundation.text_comparison import same_text

Answer = Literal["yes", "no", "unknown"]
# For older sources without `no:`. It is safe to read these texts as a refusal, but none as a yes.
_SURELY_NO = frozenset(
    {"no", "n", "nee", "neen", "nein", "non", "não", "nao", "nej", "nei", "ei", "nie", "ne", "hayır", "нет", "لا",
     "false", "onwaar", "falsch", "faux", "0"}
)  # fmt: skip
# Separators of several ticks in one cell, safest first: a label may contain a comma, and codes contain no space.
_BETWEEN_TICKS = (r"[;|\n]", r"[;|\n,]", r"\s+")


def answer_of(text: str, yes: Iterable[str], no: Iterable[str], several: bool) -> Answer:
    """Interpret a cell by the texts that the source names; an empty cell is no consent.

    Only with `several` is a cell split into ticks: then every tick must be known, and all must agree.
    """
    if same_text(text) == "":
        return "no"
    meant = _meaning(yes, no)
    whole = meant(text)
    if whole != "unknown" or not several:
        return whole
    readings = ({meant(tick) for tick in ticks} for ticks in _ways_to_split(text))
    return next((reading.pop() for reading in readings if len(reading) == 1 and "unknown" not in reading), "unknown")


def _meaning(yes: Iterable[str], no: Iterable[str]) -> Callable[[str], Answer]:
    for_yes, for_no = set(map(same_text, yes)), set(map(same_text, no)) or _SURELY_NO

    def meaning(text: str) -> Answer:
        key = same_text(text)
        return "yes" if key in for_yes else "no" if key in for_no else "unknown"

    return meaning


def _ways_to_split(text: str) -> Iterator[list[str]]:
    """Each way to read a cell as ticks; one in which a tick would fall apart into nothing is none."""
    least = 1
    for separator in _BETWEEN_TICKS:
        ticks = [tick for tick in re.split(separator, text) if same_text(tick)]
        if len(ticks) >= least:
            yield ticks
            least = len(ticks)
