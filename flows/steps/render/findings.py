"""Selects the findings that a report shows first, by rules over published numbers and their intervals."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Literal

from flows.steps.render.figures import Diversity, OrganisationFigures, Unit
from flows.steps.render.levels import Change, Level

# More indistinguishable motives than this are not a finding.
MOST_LEADERS = 3
# The last decimal of a printed level.
PRINTED_STEP = 0.1
# Parts of the differences between members that lie between collectives.
NEARLY_NONE_BETWEEN, MINOR_PART_BETWEEN = 0.1, 0.4
# Parts of the motives that count for a typical member: from four fifths on nearly all, from two fifths on several.
NEARLY_ALL, SEVERAL = 0.8, 0.4


@dataclass(frozen=True)
class Leaders:
    """The motives that weigh most. `certainty` says how far the order can be trusted:

    clear: one motive, with its interval above all others; tied: several indistinguishable motives; none: too many
    intervals overlap with the highest; unknown: too few answers for intervals; withheld: nothing shown.
    """

    certainty: Literal["clear", "tied", "none", "unknown", "withheld"]
    levels: tuple[Level, ...] = ()


def leaders(unit: Unit) -> Leaders:
    """The motives down to the lowest whose interval overlaps that of the highest one: no rank is left out."""
    if not unit.motives:
        return Leaders("withheld")
    highest = unit.motives[0]
    lowest_likely = highest.ci_low
    if lowest_likely is None:
        ties = tuple(level for level in unit.motives if level.mean == highest.mean)
        return Leaders("unknown", ties[:MOST_LEADERS])
    reach = [place for place, level in enumerate(unit.motives) if (level.ci_high or level.mean or 0.0) >= lowest_likely]
    reaching = unit.motives[: reach[-1] + 1]
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


def breadth_of_mix(motives_in_play: float, motives: int) -> Literal["nearly_all", "several", "few"]:
    """How many of the motives count for a typical member, in a word; `motives_in_play` is from 1 to `motives`."""
    part = motives_in_play / motives
    return "nearly_all" if part >= NEARLY_ALL else "several" if part >= SEVERAL else "few"


def where_members_differ(diversity: Diversity) -> Literal["within", "mostly_within", "between"] | None:
    """Whether the differences between members lie within collectives or between them; None where that is not known.

    `within` where less than a tenth of them lies between collectives, `mostly_within` where it is less than two fifths.
    """
    between, of_members = diversity.between_groups_share, diversity.between_share
    if between is None or not of_members or not diversity.members_differ:
        return None
    part = between / of_members
    if part < NEARLY_NONE_BETWEEN:
        return "within"
    return "mostly_within" if part < MINOR_PART_BETWEEN else "between"


def is_of_printed_levels(change: Change, mean: float) -> bool:
    """Whether a difference is that of the two printed levels; in a total it is that of its parts, weighted."""
    return change.mean_then is not None and abs(mean - change.mean_then - change.difference) < PRINTED_STEP / 2


def weakest_condition(unit: Unit) -> Level | None:
    """The lowest condition, if its interval is below that of every other.

    Ends of intervals are rounded outwards, so intervals that touch do not overlap.
    """
    *others, lowest = unit.of_kind("condition") or (None,)
    if lowest is None or not others:
        return None
    end = lowest.ci_high
    is_below = end is not None and all(other.ci_low is not None and end <= other.ci_low for other in others)
    return lowest if is_below else None


def outstanding(unit: Unit) -> tuple[tuple[Level, ...], tuple[Level, ...]]:
    """The motives that weigh most and least in the mix: those indistinguishable from the highest and the lowest one.

    The weight of a motive is its level minus the mean of all, so its rank is as certain as that of the level. A side
    with too many motives for a finding is empty; both are empty if a motive is on both sides. What weighs most is above
    the mean of all, what weighs least below.
    """
    found = leaders(unit)
    mean_of_all = fmean(level.mean or 0.0 for level in unit.motives) if unit.motives else 0.0
    most = found.levels if found.certainty in ("clear", "tied") else ()
    highest_likely = unit.motives[-1].ci_high if unit.motives else None
    if highest_likely is None:
        return (), ()
    least = tuple(level for level in unit.motives if (level.ci_low or 0.0) <= highest_likely)
    if len(least) > MOST_LEADERS:
        least = ()
    if set(most) & set(least):
        return (), ()
    return (
        tuple(level for level in most if (level.mean or 0.0) > mean_of_all),
        tuple(level for level in least if (level.mean or 0.0) < mean_of_all),
    )


def first_page_levels(unit: Unit, chosen: Sequence[str]) -> tuple[Level, ...]:
    """The levels that stand in large figures on the first page: the scales that the questionnaire chose, where shown.

    Without a choice: the first outcome and the lowest condition.
    """
    if chosen:
        return tuple(level for scale in chosen if (level := unit.level(scale)))
    return unit.of_kind("outcome")[:1] + unit.of_kind("condition")[-1:]


@dataclass(frozen=True)
class Point:
    """A published level in the month at this place of the axis, from 0 on."""

    place: int
    mean: float
    is_carried: bool


@dataclass(frozen=True)
class Panel:
    """The levels of one scale over the months, oldest first; a month without a figure has no point."""

    label: str
    points: tuple[Point, ...]


def over_time(unit: Unit, months: Sequence[str]) -> tuple[Panel, ...]:
    """A panel for each shown scale that has a figure in at least two of the months."""
    panels = []
    for level in unit.shown_levels:
        past = [entry for entry in unit.earlier.get(level.scale, ()) if entry.period in months]
        points = [Point(months.index(entry.period), entry.mean, entry.is_carried) for entry in past]
        now = Point(len(months) - 1, level.mean or 0.0, level.figures_of is not None)
        if points:
            panels.append(Panel(level.label, (*points, now)))
    return tuple(panels)


def scales_in_order(figures: OrganisationFigures) -> tuple[Level, ...]:
    """A level of each scale that any collective shows, in the order of the organisation's: the columns of the grid."""
    shown = {level.scale for unit in figures.collectives for level in unit.shown_levels}
    return tuple(level for level in figures.whole.levels if level.scale in shown)
