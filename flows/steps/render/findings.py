"""Selects the findings that a report shows first, by rules over published numbers and their intervals."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Literal

from flows.steps.render.figures import Change, Diversity, Level, Unit

# More indistinguishable motives than this are not a finding.
MOST_LEADERS = 3


@dataclass(frozen=True)
class Leaders:
    """The motives that weigh most. `certainty` says how far the order can be trusted:

    clear: one motive, with its interval above all others; tied: several indistinguishable motives; none: too many
    intervals overlap with the highest; unknown: too few answers for intervals; withheld: nothing shown.
    """

    certainty: Literal["clear", "tied", "none", "unknown", "withheld"]
    levels: tuple[Level, ...] = ()


def leaders(unit: Unit) -> Leaders:
    """The motives whose interval overlaps that of the highest one."""
    if not unit.motives:
        return Leaders("withheld")
    highest = unit.motives[0]
    lowest_likely = highest.ci_low
    if lowest_likely is None:
        ties = tuple(level for level in unit.motives if level.mean == highest.mean)
        return Leaders("unknown", ties[:MOST_LEADERS])
    reaching = tuple(level for level in unit.motives if (level.ci_high or level.mean or 0.0) >= lowest_likely)
    if len(reaching) == 1:
        return Leaders("clear", reaching)
    if len(reaching) <= MOST_LEADERS:
        return Leaders("tied", reaching)
    return Leaders("none", tuple(level for level in unit.motives if level.mean == highest.mean))


@dataclass(frozen=True)
class Balance:
    """Whether community or self motives are higher in a group, by how many points, and whether it may be chance."""

    side: Literal["community", "self", "even"]
    points: float
    may_be_chance: bool


def balance(unit: Unit, least: float = 5.0) -> Balance | None:
    """The group's balance; a difference below `least` points counts as even."""
    points = unit.diversity.balance
    if points is None:
        return None
    side: Literal["community", "self", "even"] = "even"
    if abs(points) >= least:
        side = "community" if points > 0 else "self"
    return Balance(side, abs(points), _may_be_chance(unit, points))


def _may_be_chance(unit: Unit, points: float) -> bool:
    """Whether a balance could lose its sign if all levels were at the least favourable ends of their intervals.

    This is conservative compared with an interval of the balance itself: the standard error of a mean is at most the
    mean of the standard errors. Also true where a level has no interval.
    """
    sides = ("community", "self") if points > 0 else ("self", "community")
    higher, lower = ([level for level in unit.motives if level.orientation == side] for side in sides)
    if not higher or not lower or any(level.ci_low is None for level in higher + lower):
        return True
    return fmean(level.ci_low or 0.0 for level in higher) <= fmean(level.ci_high or 0.0 for level in lower)


def differ_beyond_error(diversity: Diversity) -> bool | None:
    """Whether members differ clearly more than measurement error alone would give, by the verdict on exact figures."""
    return diversity.members_differ


def rises(change: Change) -> bool:
    """Whether a significant change is a rise: the side of 0 on which its interval lies."""
    return (change.ci_low or 0) + (change.ci_high or 0) > 0


def size(change: Change) -> tuple[float, float]:
    """The smallest and largest number of points by which a level very likely changed, in its direction."""
    low, high = change.ci_low or 0.0, change.ci_high or 0.0
    return (max(low, 0.0), high) if rises(change) else (max(-high, 0.0), -low)


def fell_in(units: Sequence[Unit], scale: str) -> list[Unit]:
    """The units in which a level that fell overall also clearly fell by itself."""
    return [
        unit
        for unit in units
        if any(change.scale == scale and change.is_change and not rises(change) for change in unit.changes)
    ]


Place = Literal["higher", "lower", "similar", "uncertain"]


def compared(levels: Sequence[Level]) -> list[tuple[Place, list[Level]]]:
    """The levels with a band, grouped by place, outstanding ones first; empty places are left out."""
    places: tuple[Place, ...] = ("higher", "lower", "similar", "uncertain")
    found = [
        (where, [level for level in levels if level.mean is not None and level.verdict == where]) for where in places
    ]
    return [(where, there) for where, there in found if there]


def weakest_condition(unit: Unit) -> Level | None:
    """The lowest condition, if its interval is below that of every other."""
    conditions = unit.of_kind("condition")
    if len(conditions) < 2:
        return None
    lowest, following = conditions[-1], conditions[-2]
    if lowest.ci_high is None or following.ci_low is None or lowest.ci_high >= following.ci_low:
        return None
    return lowest


def outstanding(unit: Unit) -> tuple[tuple[Level, ...], tuple[Level, ...]]:
    """The motives that weigh most and least in the mix: those indistinguishable from the highest and the lowest one.

    The weight of a motive is its level minus the mean of all, so its rank is as certain as that of the level. A side
    with too many motives for a finding is empty; both are empty if a motive is on both sides.
    """
    found = leaders(unit)
    most = found.levels if found.certainty in ("clear", "tied") else ()
    highest_likely = unit.motives[-1].ci_high if unit.motives else None
    if highest_likely is None:
        return (), ()
    least = tuple(level for level in unit.motives if (level.ci_low or 0.0) <= highest_likely)
    if len(least) > MOST_LEADERS:
        least = ()
    return (most, least) if not set(most) & set(least) else ((), ())


Finding = Literal["within", "between", "change", "condition", "comparison", "alike_conditions", "steady", "mix", "few"]


def three(unit: Unit) -> tuple[Finding, ...]:
    """The findings on the first page: the mix within people, the differences between them, and one more.

    The third is the first that applies: something changed, a condition is lowest, a motive stands out among similar
    collectives, nothing changed, no condition is lowest, the place of motives in the mix. Empty where nothing is shown.
    """
    if not unit.motives:
        return ()
    candidates: tuple[tuple[Finding, bool], ...] = (
        ("change", any(change.is_change for change in unit.changes)),
        ("condition", weakest_condition(unit) is not None),
        ("comparison", any(where in ("higher", "lower") for where, _ in compared(unit.motives))),
        ("steady", bool(unit.changes)),
        ("alike_conditions", sum(level.ci_low is not None for level in unit.of_kind("condition")) > 1),
        ("mix", bool(unit.shown_mix)),
        ("few", True),
    )
    return ("within", "between", next(name for name, is_there in candidates if is_there))


Question = Literal["fell", "condition", "differ", "leader", "more_answers"]


def question(unit: Unit) -> tuple[Question, Change | Level | tuple[Level, ...] | None]:
    """The question for the next meeting, chosen by the most informative finding, and the figures it concerns."""
    fell = [change for change in unit.changes if change.is_change and not rises(change)]
    if fell:
        return "fell", fell[0]
    if weakest := weakest_condition(unit):
        return "condition", weakest
    if differ_beyond_error(unit.diversity):
        return "differ", None
    if unit.motives:
        return "leader", leaders(unit).levels
    return "more_answers", None
