"""What a reader is told first, by rule: from published numbers and their intervals only."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from flows.steps.policy import COMPARISON_RELIABILITY
from flows.steps.render.figures import Band, Change, Diversity, Level, MixPart, Unit

# More motives than this, not to be told apart, are no finding.
MOST_LEADERS = 3


@dataclass(frozen=True)
class Leaders:
    """Which motives weigh most. `certainty` says how far the order can be trusted:

    clear: one motive, its interval lies above all others; tied: several that cannot be told apart; none: all
    intervals overlap with that of the highest; unknown: too few answers for intervals; withheld: nothing shown.
    """

    certainty: Literal["clear", "tied", "none", "unknown", "withheld"]
    levels: tuple[Level, ...] = ()


def leaders(unit: Unit) -> Leaders:
    """The motives whose interval reaches the interval of the highest one."""
    if not unit.motives:
        return Leaders("withheld")
    highest = unit.motives[0]
    lowest_likely = highest.ci_low
    if lowest_likely is None:
        ties = tuple(level for level in unit.motives if level.mean == highest.mean)
        return Leaders("unknown", ties[:MOST_LEADERS])
    reaching = tuple(level for level in unit.motives if (level.ci_high or level.mean or 0) >= lowest_likely)
    if len(reaching) == 1:
        return Leaders("clear", reaching)
    return Leaders("tied", reaching) if len(reaching) <= MOST_LEADERS else Leaders("none", unit.motives[:1])


@dataclass(frozen=True)
class Balance:
    """Whether community or self motives are higher in the levels of a group, and by how many points."""

    side: Literal["community", "self", "even"]
    points: float


def balance(unit: Unit, least: float = 5.0) -> Balance | None:
    """The group's balance; smaller than `least` points counts as even."""
    points = unit.diversity.balance
    if points is None:
        return None
    side: Literal["community", "self", "even"] = "even"
    if abs(points) >= least:
        side = "community" if points > 0 else "self"
    return Balance(side, abs(points))


def differ_beyond_error(diversity: Diversity) -> bool | None:
    """Whether members differ clearly more than measurement error alone would give: at least twice as much."""
    if diversity.between_share is None or diversity.between_share_by_error is None:
        return None
    return diversity.between_share >= 2 * diversity.between_share_by_error and diversity.between_share > 0


def rises(change: Change) -> bool:
    """The direction of a change that is none of chance: the side of 0 on which its interval lies."""
    return (change.ci_low or 0) + (change.ci_high or 0) > 0


def size(change: Change) -> tuple[float, float]:
    """The least and the largest number of points by which a level very likely moved, in its direction."""
    low, high = change.ci_low or 0.0, change.ci_high or 0.0
    return (max(low, 0.0), high) if rises(change) else (max(-high, 0.0), -low)


Place = Literal["above", "below", "within", "uncertain"]


def place(band: Band) -> Place:
    """Where a collective stands beside the middle half of similar ones.

    Uncertain where its mean cannot be told well enough from those of others (reliability below .70, or unknown for a
    level).
    """
    if band.label is not None and (band.reliability is None or band.reliability < COMPARISON_RELIABILITY):
        return "uncertain"
    if band.mean > band.p75:
        return "above"
    return "below" if band.mean < band.p25 else "within"


def compared(bands: Sequence[Band]) -> list[tuple[Place, list[Band]]]:
    """The bands by place, those that stand out first; places without any are left out."""
    places: tuple[Place, ...] = ("above", "below", "within", "uncertain")
    found = [(where, [band for band in bands if place(band) == where]) for where in places]
    return [(where, there) for where, there in found if there]


def weakest_condition(unit: Unit) -> Level | None:
    """The lowest condition, when its interval lies below that of every other."""
    conditions = unit.of_kind("condition")
    if len(conditions) < 2:
        return None
    lowest, following = conditions[-1], conditions[-2]
    if lowest.ci_high is None or following.ci_low is None or lowest.ci_high >= following.ci_low:
        return None
    return lowest


def outstanding(parts: Sequence[MixPart]) -> tuple[MixPart | None, MixPart | None]:
    """The motives that weigh most and least, highest first; None for a side on which two weigh alike."""
    if len(parts) < 2:
        return None, None
    first, last = parts[0], parts[-1]
    return (
        first if first.relative_importance != parts[1].relative_importance else None,
        last if last.relative_importance != parts[-2].relative_importance else None,
    )
