"""Selects the suggestions of a report: at most three rules of the programme that fire on its published figures."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from flows.programme.languages import available
from flows.programme.suggestions import Condition, Rule
from flows.steps.render import attention
from flows.steps.render.figures import OrganisationFigures, Unit
from flows.steps.render.findings import differ_beyond_error, weakest_condition
from flows.steps.render.levels import Level

MOST_SUGGESTIONS = 3


@dataclass(frozen=True)
class Advice:
    """A suggestion that fired, its first condition that holds, and the units for which it holds."""

    rule: Rule
    because: Condition
    units: tuple[Unit, ...]

    @property
    def level(self) -> Level | None:
        """The level that the condition is about, in the first of the units."""
        return self.units[0].level(self.because.scale) if self.because.scale else None

    @property
    def other_level(self) -> Level | None:
        """The level that the second condition is about."""
        also = self.because.also
        return self.units[0].level(also.scale) if also and also.scale else None

    def reach(self, level: Level) -> tuple[float | None, float | None]:
        """The ends of the intervals of a level in all of the units."""
        there = [one for unit in self.units if (one := unit.level(level.scale))]
        lows = [one.ci_low for one in there if one.ci_low is not None]
        highs = [one.ci_high for one in there if one.ci_high is not None]
        return min(lows, default=None), max(highs, default=None)

    def text(self, language: str) -> str:
        """The suggestion: what can help."""
        return available(self.rule.text, language).text

    def source(self, language: str) -> str:
        """The source of the evidence."""
        return available(self.rule.source, language).text

    def strength(self, language: str) -> str:
        """How strong the evidence is."""
        return available(self.rule.strength, language).text


def advice(figures: OrganisationFigures, rules: Sequence[Rule], recent: Collection[str] = ()) -> tuple[Advice, ...]:
    """At most three suggestions: those about what needs attention first, then in the order of their file.

    `recent` are the names of suggestions in the reports of the two months before: one of these is given again only as
    the first, about what needs attention.
    """
    urgent = [item.scale for item in attention.of_report(figures)]
    fired = [given for rule in rules if (given := _fired(rule, figures))]
    fired.sort(key=lambda given: _place(given.because.scale, urgent))
    fresh = [
        given
        for place, given in enumerate(fired)
        if given.rule.name not in recent or (place == 0 and given.because.scale in urgent)
    ]
    return tuple(fresh[:MOST_SUGGESTIONS])


def _place(scale: str | None, urgent: Sequence[str]) -> int:
    return urgent.index(scale) if scale in urgent else len(urgent)


def _fired(rule: Rule, figures: OrganisationFigures) -> Advice | None:
    """The first condition that holds for the organisation, or else for single collectives."""
    groups = ((figures.about,), () if figures.is_single else figures.collectives)
    for condition in rule.when:
        for units in groups:
            if there := tuple(unit for unit in units if _holds(condition, unit)):
                return Advice(rule, condition, there)
    return None


def _holds(condition: Condition, unit: Unit) -> bool:
    if condition.also and not _holds(condition.also, unit):
        return False
    if condition.members_differ:
        return bool(differ_beyond_error(unit.diversity))
    if condition.fell:
        change = unit.clear_change(condition.scale or "")
        return change is not None and not change.rises
    if condition.surely_lowest:
        weakest = weakest_condition(unit)
        return weakest is not None and weakest.scale == condition.scale
    return _surely(unit, condition.scale, lambda level: _beyond(level, condition))


def _surely(unit: Unit, scale: str | None, test: Callable[[Level], bool]) -> bool:
    return any(level.scale == scale and level.ci_low is not None and test(level) for level in unit.levels)


def _beyond(level: Level, condition: Condition) -> bool:
    low, high = level.ci_low or 0.0, level.ci_high or 0.0
    if condition.surely_below is not None:
        return high < condition.surely_below
    return condition.surely_above is not None and low > condition.surely_above
