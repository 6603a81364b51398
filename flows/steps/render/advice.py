"""Selects the suggestions for a group: at most three rules of the programme that fire on its published figures."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from flows.programme.suggestions import Condition, Rule
from flows.steps.render.figures import Level, Unit
from flows.steps.render.findings import differ_beyond_error, rises, weakest_condition

MOST_SUGGESTIONS = 3


@dataclass(frozen=True)
class Advice:
    """A suggestion that fired, its first condition that holds, and the level concerned."""

    rule: Rule
    because: Condition
    level: Level | None

    def text(self, language: str) -> str:
        """The suggestion: what can help."""
        return _in(self.rule.text, language)

    def source(self, language: str) -> str:
        """The source of the evidence."""
        return _in(self.rule.source, language)

    def strength(self, language: str) -> str:
        """How strong the evidence is."""
        return _in(self.rule.strength, language)


def _in(texts: Mapping[str, str], language: str) -> str:
    """A text in the reader's language, or else in any available one."""
    return texts.get(language) or next(iter(texts.values()))


def advice(unit: Unit, rules: Sequence[Rule]) -> tuple[Advice, ...]:
    """The first three rules with a condition that holds, in the order of their file."""
    fired = []
    for rule in rules:
        because = next((condition for condition in rule.when if _holds(condition, unit)), None)
        if because:
            level = next((level for level in unit.levels if level.scale == because.scale), None)
            fired.append(Advice(rule, because, level))
    return tuple(fired[:MOST_SUGGESTIONS])


def _holds(condition: Condition, unit: Unit) -> bool:
    if condition.members_differ:
        return bool(differ_beyond_error(unit.diversity))
    if condition.fell:
        return any(
            change.scale == condition.scale and change.is_change and not rises(change) for change in unit.changes
        )
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
