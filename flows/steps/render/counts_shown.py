"""Of which collectives numbers of members are shown, and what it takes where they are not."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from flows.steps.render.figures import Unit


@dataclass(frozen=True)
class Lacking:
    """Collectives of which the number of members who take part mainly for the community is not shown.

    `short`: too few answers, each with the number that it lacks; `few`: too few, where their number is not told or is
    that of an earlier month; `hidden`: enough, but somebody could be recognised.
    """

    short: tuple[tuple[Unit, int], ...]
    few: tuple[Unit, ...]
    hidden: tuple[Unit, ...]


def too_few(units: Sequence[Unit], distributions_from: int) -> tuple[Unit, ...]:
    """Those of which fewer answered than numbers of members need."""
    return tuple(unit for unit in units if (unit.respondents or 0) < distributions_from)


def lacking(units: Sequence[Unit], distributions_from: int) -> Lacking:
    """The collectives without that number, by what it takes to get it."""
    without = [unit for unit in units if all(entry.name != "community" for entry in unit.orientations)]
    few = too_few(without, distributions_from)
    told = [unit for unit in few if unit.respondents is not None and not unit.figures_of]
    return Lacking(
        short=tuple((unit, distributions_from - (unit.respondents or 0)) for unit in told),
        few=tuple(unit for unit in few if unit not in told),
        hidden=tuple(unit for unit in without if unit not in few),
    )


def without_main_reason(units: Sequence[Unit], distributions_from: int) -> tuple[Unit, ...]:
    """The collectives that are divided by orientation, but not by whether members have one main reason.

    Empty where nobody is divided by that.
    """
    if not any(unit.dominant_motives for unit in units):
        return ()
    known = (unit for unit in units if any(entry.name == "community" for entry in unit.orientations))
    without = [unit for unit in known if not unit.dominant_motives]
    few = too_few(without, distributions_from)
    return tuple(unit for unit in without if unit not in few)


def left_out(
    units: Sequence[Unit], kind: Literal["orientations", "dominant_motives"], counted: int, distributions_from: int
) -> tuple[Unit, ...]:
    """The collectives whose members are not among the `counted` of an organisation.

    A count of an organisation is the sum of the published ones of its collectives, and of its small collectives
    together where that is published.
    """
    own = [getattr(unit, kind)[0].respondents for unit in units if getattr(unit, kind)]
    others = (unit for unit in units if not getattr(unit, kind) and unit.state != "nobody")
    together = counted > sum(own)
    return tuple(unit for unit in others if not together or (unit.respondents or 0) >= distributions_from)
