"""What holds for one collective and not for another, decided on published levels and their intervals."""

from collections.abc import Sequence
from dataclasses import dataclass

from flows.steps.render.figures import Unit
from flows.steps.render.findings import leaders
from flows.steps.render.levels import Level


@dataclass(frozen=True)
class Apart:
    """A motive of which two collectives have levels with intervals that do not overlap."""

    high: Level
    high_unit: Unit
    low: Level
    low_unit: Unit

    @property
    def points(self) -> float:
        """The distance between both levels, in POMP points."""
        return (self.high.mean or 0.0) - (self.low.mean or 0.0)


def furthest_apart(units: Sequence[Unit]) -> Apart | None:
    """The motive and the two collectives that differ most, among those whose intervals do not overlap."""
    levels = [(level, unit) for unit in units for level in unit.motives if level.ci_low is not None]
    pairs = [
        Apart(high, high_unit, low, low_unit)
        for high, high_unit in levels
        for low, low_unit in levels
        if high.scale == low.scale and (high.ci_low or 0.0) > (low.ci_high or 100.0)
    ]
    return max(pairs, key=lambda pair: pair.points, default=None)


def led_by(units: Sequence[Unit], scale: str) -> tuple[Unit, ...]:
    """The collectives in which a motive clearly comes first."""
    found = ((unit, leaders(unit)) for unit in units)
    return tuple(unit for unit, first in found if first.certainty == "clear" and first.levels[0].scale == scale)


def is_any_marked(units: Sequence[Unit]) -> bool:
    """Whether any level has clearly changed or lies outside similar collectives."""
    return any(level.is_outside or unit.clear_change(level.scale) for unit in units for level in unit.shown_levels)


@dataclass(frozen=True)
class Lowest:
    """The collective with the lowest level of a scale, or two of which it cannot be told which one is lowest.

    `is_sure` where their intervals are below those of all others.
    """

    units: tuple[Unit, ...]
    levels: tuple[Level, ...]
    is_sure: bool


def lowest(units: Sequence[Unit], scale: str) -> Lowest | None:
    """The lowest collective; None where fewer than two show a level of the scale, or several may share the lowest."""
    shown = [(unit, level) for unit in units if (level := unit.level(scale)) and level.mean is not None]
    shown.sort(key=lambda entry: entry[1].mean or 0.0)
    if len(shown) < 2:
        return None
    end = shown[0][1].ci_high
    near = [entry for entry in shown if end is None or (entry[1].ci_low or 0.0) <= end]
    if len(near) == 2 < len(shown):
        return Lowest(tuple(unit for unit, _ in near), tuple(level for _, level in near), is_sure=True)
    if shown[0][1].mean == shown[1][1].mean:
        return None
    unit, level = shown[0]
    return Lowest((unit,), (level,), is_sure=len(near) == 1)
