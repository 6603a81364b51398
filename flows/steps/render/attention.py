"""What needs attention in a report: the few facts that are large and certain, the most important first.

Three kinds of facts count, each decided on published figures: a level that clearly changed, a level that lies outside
similar collectives with its whole interval, and a condition that lies below all others. A report names the collective.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from flows.steps.render.figures import OrganisationFigures, Unit
from flows.steps.render.findings import leaders, weakest_condition
from flows.steps.render.levels import Change, Level

MOST_ON_FIRST_PAGE = 3
MOST_OF_A_COLLECTIVE = 2
# Twelve reports a year with p < .05 would give a false alarm in .27 of years even where nothing changes.
ALARM_BELOW = 0.01

Kind = Literal["fell", "lower", "lowest", "rose", "higher"]
_GOOD_NEWS = ("rose", "higher")


@dataclass(frozen=True)
class Place:
    """A unit in which a fact holds, its level, the clear change of that level if any, and the weight of the fact.

    The weight is in POMP points: halfway between the size that was seen and the smallest size that is very likely.
    """

    unit: Unit
    level: Level
    change: Change | None
    weight: float


@dataclass(frozen=True)
class Item:
    """A fact about one scale, in one unit or in several; the place with the largest weight comes first."""

    kind: Kind
    scale: str
    label: str
    places: tuple[Place, ...]

    @property
    def is_good_news(self) -> bool:
        """Whether it is a rise, or higher than elsewhere."""
        return self.kind in _GOOD_NEWS

    @property
    def collectives(self) -> tuple[Unit, ...]:
        """The collectives in which it holds; none where it is about the organisation as a whole."""
        return tuple(place.unit for place in self.places if place.unit.unit_type == "collective")

    @property
    def first(self) -> Place:
        """The place with the largest weight."""
        return self.places[0]


def of_report(figures: OrganisationFigures) -> tuple[Item, ...]:
    """What the first page says needs attention.

    Concerns come before good news. Motives count when they change; that one is higher than elsewhere needs no action.
    """
    units = figures.collectives if figures.is_single else (figures.whole, *figures.collectives)
    facts = [fact for unit in units for fact in _facts(unit, ("condition", "outcome"), ALARM_BELOW)]
    return _ranked([*_where_it_is_clear(facts), *_lowest(figures.about)])[:MOST_ON_FIRST_PAGE]


def is_alone(item: Item, units: Sequence[Unit]) -> bool:
    """Whether a collective changed, and in no other one the same scale clearly did; False where there is no other."""
    others = [unit for unit in units if unit not in item.collectives and unit.level(item.scale)]
    is_told = len(item.collectives) == 1 and any(
        change.scale == item.scale for unit in others for change in unit.changes
    )
    return is_told and not any(unit.clear_change(item.scale) for unit in others)


def of_unit(unit: Unit) -> tuple[Item, ...]:
    """What stands out in one collective, for its own page: motives beside others included."""
    facts = _facts(unit, ("motive", "condition", "outcome"), alarm_below=1.0)
    return _ranked([*facts, *_lowest(unit)])[:MOST_OF_A_COLLECTIVE]


def _facts(unit: Unit, comparable: Sequence[str], alarm_below: float) -> list[tuple[Kind, Place]]:
    """The changes of a unit, and the levels outside similar collectives that did not change."""
    found: list[tuple[Kind, Place]] = []
    for level in unit.shown_levels:
        change = unit.clear_change(level.scale)
        if change and _is_surer(change, alarm_below):
            found.append(("rose" if change.rises else "fell", _changed(unit, level, change)))
        elif level.kind in comparable and level.is_outside:
            found.append(("higher" if level.verdict == "higher" else "lower", _outside(unit, level)))
    return found


def is_alarm(change: Change) -> bool:
    """Whether a clear change is so certain that the first page may call it one."""
    return _is_surer(change, ALARM_BELOW)


def _is_surer(change: Change, bound: float) -> bool:
    return change.p_adjusted is None or change.p_adjusted < bound


def _changed(unit: Unit, level: Level, change: Change) -> Place:
    return Place(unit, level, change, (abs(change.difference) + change.size[0]) / 2)


def _outside(unit: Unit, level: Level) -> Place:
    mean, low, high = (value or 0.0 for value in (level.mean, level.ci_low, level.ci_high))
    p25, p75 = level.p25 or 0.0, level.p75 or 0.0
    seen, least = (mean - p75, low - p75) if level.verdict == "higher" else (p25 - mean, p25 - high)
    return Place(unit, level, None, (seen + max(least, 0.0)) / 2)


def _lowest(unit: Unit) -> list[tuple[Kind, Place]]:
    lowest = weakest_condition(unit)
    if lowest is None:
        return []
    following = unit.of_kind("condition")[-2]
    seen = (following.mean or 0.0) - (lowest.mean or 0.0)
    least = (following.ci_low or 0.0) - (lowest.ci_high or 0.0)
    return [("lowest", Place(unit, lowest, None, (seen + least) / 2))]


def _where_it_is_clear(facts: Iterable[tuple[Kind, Place]]) -> list[tuple[Kind, Place]]:
    """Leave out what holds for the organisation as a whole where single collectives show the same."""
    every = list(facts)
    in_collectives = {(kind, place.level.scale) for kind, place in every if place.unit.unit_type == "collective"}
    return [
        (kind, place)
        for kind, place in every
        if place.unit.unit_type == "collective" or (kind, place.level.scale) not in in_collectives
    ]


def _ranked(facts: Iterable[tuple[Kind, Place]]) -> tuple[Item, ...]:
    """One item for each kind and scale, concerns first, each by its largest weight; a scale is the lowest only once."""
    items: dict[tuple[Kind, str], Item] = {}
    for kind, place in facts:
        key = kind, place.level.scale
        known = items.get(key, Item(kind, place.level.scale, place.level.label, ()))
        places = sorted((*known.places, place), key=lambda one: (-one.weight, one.unit.name))
        items[key] = replace(known, places=tuple(places))
    told = {item.scale for item in items.values() if item.kind != "lowest"}
    kept = [item for item in items.values() if item.kind != "lowest" or item.scale not in told]
    return tuple(sorted(kept, key=lambda item: (item.is_good_news, -item.first.weight, item.scale)))


Question = Literal["fell", "lower", "lowest", "rose", "higher", "leader"]


def question(item: Item | None, unit: Unit) -> tuple[Question, str] | None:
    """The question that fits what stands out, and the label it is about; else about the one motive that leads."""
    if item:
        return item.kind, item.label
    found = leaders(unit)
    return ("leader", found.levels[0].label) if found.certainty == "clear" else None
