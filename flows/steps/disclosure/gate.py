"""Disclosure rule 10: what follows for few people from everything that is published, now and before, taken together.

Whoever can name a set of fewer than five people, as the difference of two published groups or as those who are counted
in the same groups, may learn their mean by solving for it. The gate solves first: over all sums of scores that agree
with every published figure, the mean of such a set must range over at least half of the scale, and no class may be
proven for all of them, unless a single figure that may stand by itself tells as much.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

Unit = tuple[str, str]
# Sums nearer to each other than this are the same to the solver.
_SAME = 1e-3
_ORDER = {"collective": 0, "organisation": 1, "programme": 2}


class Domain(NamedTuple):
    """A group in a release; release 0 is the one that is being made."""

    release: int
    unit: Unit


# People who are counted in the same groups.
Atom = frozenset[Domain]


class Part(NamedTuple):
    """So many people who are counted in the same groups; `answered` has a 1 for each figure that they are part of."""

    domains: Atom
    answered: str
    people: int


class Told(NamedTuple):
    """What a published figure says of a sum over a group: from `low` to `high`."""

    domain: Domain
    low: float
    high: float


@dataclass(frozen=True)
class Leak:
    """A set of people of which too much follows: those who are counted in the same groups, and how many they are."""

    target: frozenset[Atom]
    people: int

    @property
    def domains(self) -> Atom:
        """Every group in which some of them are counted."""
        return frozenset().union(*self.target)


@dataclass(frozen=True)
class _Known:
    """One figure of some people: how many are counted in the same groups, and the rule for what must stay open."""

    sizes: dict[Atom, int]
    most: float
    set_from: int
    set_range: float

    def leaks(self, told: Sequence[Told]) -> Iterator[Leak]:
        for target in _small_sets(self.sizes, told, self.set_from):
            if self.is_pinned(told, target):
                yield Leak(target, sum(self.sizes[atom] for atom in target))

    def is_pinned(self, told: Sequence[Told], target: frozenset[Atom]) -> bool:
        people = sum(self.sizes[atom] for atom in target)
        lowest, highest = feasible_sum(self.sizes, told, target, self.most)
        if self.most == 1.0:
            is_narrow = lowest > people - 1 + _SAME
        else:
            is_narrow = highest - lowest < self.set_range * self.most * people - _SAME
        return is_narrow and highest - lowest < self._width_by_one_figure(told, target) - _SAME

    def _width_by_one_figure(self, told: Sequence[Told], target: frozenset[Atom]) -> float:
        """What stays open for these people by any one figure alone: rules 1 to 4 settle what that may tell."""
        most, people = self.most, sum(self.sizes[atom] for atom in target)
        low, high = 0.0, most * people
        for entry in told:
            inside = sum(self.sizes[atom] for atom in target if entry.domain in atom)
            others = sum(size for atom, size in self.sizes.items() if entry.domain in atom) - inside
            low = max(low, entry.low - most * others)
            high = min(high, entry.high + most * (people - inside))
        return high - low


def unsafe(
    parts: Sequence[Part], told: Sequence[Told], most: float, set_from: int, set_range: float
) -> tuple[Unit, ...]:
    """The units of release 0 to withhold so that no set below `set_from` people is pinned down.

    Each person adds 0 to `most` to a sum. A set is pinned down when its mean is known to less than `set_range` of that,
    or, where people are counted, when everyone in it is proven to add 1. What earlier releases pin down by themselves
    stays as it is.
    """
    known, shown = _known(parts, told, most, set_from, set_range)
    hidden: list[Unit] = []
    beyond: set[frozenset[Atom]] = set()
    while leak := next((found for found in known.leaks(shown) if found.target not in beyond), None):
        unit = _to_withhold(known, leak, shown)
        if unit is None:
            beyond.add(leak.target)
        else:
            hidden.append(unit)
            shown = _without(shown, unit)
    return tuple(hidden)


def leaks(parts: Sequence[Part], told: Sequence[Told], most: float, set_from: int, set_range: float) -> Iterator[Leak]:
    """Every nameable set below `set_from` people that is pinned down by what is told."""
    known, shown = _known(parts, told, most, set_from, set_range)
    yield from known.leaks(shown)


def _known(
    parts: Sequence[Part], told: Sequence[Told], most: float, set_from: int, set_range: float
) -> tuple[_Known, list[Told]]:
    sizes: dict[Atom, int] = {}
    for part in parts:
        sizes[part.domains] = sizes.get(part.domains, 0) + part.people
    mine = {domain for domains in sizes for domain in domains}
    shown = [entry for entry in told if entry.domain in mine and entry.domain.unit[0] != "programme"]
    return _Known(sizes, most, set_from, set_range), shown


def _without(told: Sequence[Told], unit: Unit) -> list[Told]:
    return [entry for entry in told if entry.domain != Domain(0, unit)]


def _to_withhold(known: _Known, leak: Leak, told: Sequence[Told]) -> Unit | None:
    """The smallest unit of this release that tells of these people, or else without which less follows for them.

    None when earlier releases tell it alone.
    """
    units = sorted({e.domain.unit for e in told if e.domain.release == 0}, key=lambda unit: (_ORDER[unit[0]], unit[1]))
    if known.is_pinned([entry for entry in told if entry.domain.release], leak.target):
        return None
    near = [unit for unit in units if Domain(0, unit) in leak.domains]
    if near:
        return near[0]
    return next((unit for unit in units if not known.is_pinned(_without(told, unit), leak.target)), units[0])


def _small_sets(sizes: dict[Atom, int], told: Sequence[Told], set_from: int) -> list[frozenset[Atom]]:
    """Nameable sets of fewer people: those counted in the same groups, and differences of two published groups."""
    domains = sorted({entry.domain for entry in told})
    found = {frozenset([atom]) for atom, people in sizes.items() if people < set_from and atom & set(domains)}
    inside = {domain: frozenset(atom for atom in sizes if domain in atom) for domain in domains}
    for first in domains:
        for second in domains:
            rest = inside[first] - inside[second]
            if rest and sum(sizes[atom] for atom in rest) < set_from:
                found.add(rest)
    return sorted(found, key=lambda target: (len(target), sorted(map(sorted, target))))


def feasible_sum(
    sizes: dict[Atom, int],
    told: Sequence[Told],
    target: frozenset[Atom],
    most: float,
) -> tuple[float, float]:
    """The least and the largest sum over the people of `target` that agrees with everything told."""
    from scipy.optimize import linprog

    atoms = sorted(sizes, key=sorted)
    bounds = [(0.0, most * sizes[atom]) for atom in atoms]
    rows = np.array([[float(entry.domain in atom) for atom in atoms] for entry in told]).reshape(len(told), len(atoms))
    limits = np.concatenate([rows, -rows]), np.array([e.high for e in told] + [-e.low for e in told])
    objective = np.array([float(atom in target) for atom in atoms])
    ends = []
    for sign in (1.0, -1.0):
        solved = linprog(sign * objective, A_ub=limits[0], b_ub=limits[1] + 1e-6, bounds=bounds, method="highs")
        if solved.status != 0:
            # Figures that no scores agree with were not made of these people; nothing follows from them.
            return 0.0, most * sum(sizes[atom] for atom in target)
        ends.append(sign * solved.fun)
    return ends[0], ends[1]
