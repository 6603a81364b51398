"""Disclosure rule 10: what follows for few people from everything that is published, now and before, taken together.

Whoever can name a set of fewer than five people, as the difference of two published groups or as those who are counted
in the same groups, may learn their mean by solving for it. The gate solves first: over all sums of scores that agree
with every published figure, the mean of such a set must range over at least half of the scale, and no class may be
proven for all of them, unless a single figure that may stand by itself tells as much.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

import numpy as np

Unit = tuple[str, str]
# Sums nearer to each other than this are the same to the solver.
_SAME = 1e-3
# By so many steps a range may be narrower in whole steps than in fractions: one at each end, and one to spare.
_ROUNDING = 3
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
    """What a published figure says of a sum over a group: from `low` to `high`, in what each person adds."""

    domain: Domain
    low: float
    high: float


@dataclass(frozen=True)
class Leak:
    """A set of people of which too much follows: those who are counted in the same groups, and how many they are."""

    target: frozenset[Atom]
    people: int
    # The release that pinned them down.
    release: int = 0

    @property
    def domains(self) -> Atom:
        """Every group in which some of them are counted."""
        return frozenset().union(*self.target)


@dataclass(frozen=True)
class _Known:
    """One figure of some people: how many are counted in the same groups, and the rule for what must stay open."""

    sizes: dict[Atom, int]
    most: int
    set_from: int
    set_range: float | None
    _systems: "dict[tuple[Told, ...], _System]" = field(default_factory=dict, compare=False)

    def leaks(self, told: Sequence[Told]) -> Iterator[Leak]:
        for target in _small_sets(self.sizes, self.set_from):
            if self.is_pinned(told, target):
                yield Leak(target, sum(self.sizes[atom] for atom in target))

    def is_pinned(self, told: Sequence[Told], target: frozenset[Atom]) -> bool:
        system = self._system(told)
        limit = self.most * sum(self.sizes[atom] for atom in target)
        # Fractions are solved sooner, and what is wide in fractions is as wide in whole steps.
        if self.set_range is None:
            if system.least(target, in_steps=False) <= limit - 1 or system.least(target) < limit:
                return False
            return self._width_by_one_figure(told, target) > 0
        narrow = min(math.ceil(self.set_range * limit), self._width_by_one_figure(told, target))
        if system.most(target, in_steps=False) - system.least(target, in_steps=False) >= narrow + _ROUNDING:
            return False
        return system.most(target) - system.least(target) < narrow

    def _system(self, told: Sequence[Told]) -> "_System":
        """The same for the same figures, of which many sets are asked."""
        asked = tuple(told)
        if asked not in self._systems:
            self._systems[asked] = _System(self.sizes, told, self.most)
        return self._systems[asked]

    def _width_by_one_figure(self, told: Sequence[Told], target: frozenset[Atom]) -> int:
        """What stays open for these people by any one figure alone: rules 1 to 4 settle what that may tell."""
        most, people = self.most, sum(self.sizes[atom] for atom in target)
        low, high = 0, most * people
        for entry in told:
            inside = sum(self.sizes[atom] for atom in target if entry.domain in atom)
            others = sum(size for atom, size in self.sizes.items() if entry.domain in atom) - inside
            low = max(low, _up(entry.low) - most * others)
            high = min(high, _down(entry.high) + most * (people - inside))
        return high - low


def unsafe(
    parts: Sequence[Part], told: Sequence[Told], most: int, set_from: int, set_range: float | None
) -> tuple[Unit, ...]:
    """The units of release 0 to withhold so that no set below `set_from` people is pinned down.

    Each person adds a whole number from 0 to `most` to a sum. A set is pinned down when its mean is known to less than
    `set_range` of that, or without such a range, when everyone in it is proven to add `most`. What earlier releases pin
    down by themselves stays as it is.
    """
    known, shown = _known(parts, told, most, set_from, set_range)
    hidden: list[Unit] = []
    # What is open stays open when less is told, so every set is looked at once.
    for target in _small_sets(known.sizes, set_from):
        while known.is_pinned(shown, target):
            unit = _to_withhold(known, target, shown)
            if unit is None:
                break
            hidden.append(unit)
            shown = _without(shown, unit)
    return tuple(hidden)


def leaks(
    parts: Sequence[Part], told: Sequence[Told], most: int, set_from: int, set_range: float | None
) -> Iterator[Leak]:
    """Every nameable set below `set_from` people that a release pinned down, in the order of their numbers.

    A set that could not be named yet when the figures that pin it down were released is none: those told of more people
    then, and who leaves a group later is no fault of theirs.
    """
    known, shown = _known(parts, told, most, set_from, set_range)
    for leak in known.leaks(shown):
        first = next(
            release
            for release in sorted({entry.domain.release for entry in shown})
            if known.is_pinned([entry for entry in shown if entry.domain.release <= release], leak.target)
        )
        if _could_be_named(known.sizes, leak.target, first):
            yield replace(leak, release=first)


def _could_be_named(sizes: dict[Atom, int], target: frozenset[Atom], release: int) -> bool:
    """Whether nobody outside a set was counted, up to a release, as somebody inside it."""

    def until_then(atom: Atom) -> Atom:
        return frozenset(domain for domain in atom if domain.release <= release)

    inside = {until_then(atom) for atom in target}
    return inside.isdisjoint(until_then(atom) for atom in sizes if atom not in target)


def _known(
    parts: Sequence[Part], told: Sequence[Told], most: int, set_from: int, set_range: float | None
) -> tuple[_Known, list[Told]]:
    sizes: dict[Atom, int] = {}
    for part in parts:
        sizes[part.domains] = sizes.get(part.domains, 0) + part.people
    mine = {domain for domains in sizes for domain in domains}
    shown = [entry for entry in told if entry.domain in mine]
    return _Known(sizes, most, set_from, set_range), shown


def _without(told: Sequence[Told], unit: Unit) -> list[Told]:
    return [entry for entry in told if entry.domain != Domain(0, unit)]


def _to_withhold(known: _Known, target: frozenset[Atom], told: Sequence[Told]) -> Unit | None:
    """The smallest unit of this release that tells of these people, or else without which less follows for them.

    None when earlier releases tell it alone.
    """
    units = sorted({e.domain.unit for e in told if e.domain.release == 0}, key=lambda unit: (_ORDER[unit[0]], unit[1]))
    if known.is_pinned([entry for entry in told if entry.domain.release], target):
        return None
    near = [unit for unit in units if any(Domain(0, unit) in atom for atom in target)]
    if near:
        return near[0]
    return next((unit for unit in units if not known.is_pinned(_without(told, unit), target)), units[0])


def _small_sets(sizes: dict[Atom, int], set_from: int) -> list[frozenset[Atom]]:
    """Nameable sets of fewer people: counted in the same groups, a whole group, or one group without another.

    Some of them belong to the collectives that are looked at; of others only totals are known here.
    """
    few = {atom for atom, people in sizes.items() if people < set_from}
    own = {atom for atom in few if any(domain.unit[0] == "collective" for domain in atom)}
    found = {frozenset([atom]) for atom in own}
    inside: dict[Domain, set[Atom]] = {}
    for atom in sizes:
        for domain in atom:
            inside.setdefault(domain, set()).add(atom)
    # What few people make up consists of atoms of few people.
    near = [domain for domain, atoms in inside.items() if not atoms.isdisjoint(own)]
    for first in near:
        for second in ({}, *inside.values()):
            rest = inside[first].difference(second)
            if rest <= few and not rest.isdisjoint(own) and sum(sizes[atom] for atom in rest) < set_from:
                found.add(frozenset(rest))
    return sorted(found, key=lambda target: (len(target), sorted(map(sorted, target))))


class _System:
    """All sums of whole steps that agree with everything told."""

    def __init__(self, sizes: dict[Atom, int], told: Sequence[Told], most: int) -> None:
        self._atoms = list(sizes)
        self._highest = most * np.array([sizes[atom] for atom in self._atoms])
        self._rows = np.array([[float(entry.domain in atom) for atom in self._atoms] for entry in told])
        self._low = np.array([_up(entry.low) for entry in told])
        self._high = np.array([_down(entry.high) for entry in told])

    def least(self, target: frozenset[Atom], in_steps: bool = True) -> int:
        """The least sum over the people of a set; rounded outwards when not everybody has to add a whole number.

        0 when no sums agree: such figures were not made of these people, and nothing follows from them.
        """
        end = self._end(target, 1, in_steps)
        return 0 if end is None else math.floor(end + _SAME)

    def most(self, target: frozenset[Atom], in_steps: bool = True) -> int:
        """The largest sum over the people of a set, in the same way."""
        end = self._end(target, -1, in_steps)
        everything = sum(highest for atom, highest in zip(self._atoms, self._highest, strict=True) if atom in target)
        return int(everything) if end is None else math.ceil(-end - _SAME)

    def _end(self, target: frozenset[Atom], sign: int, in_steps: bool) -> float | None:
        from scipy.optimize import Bounds, LinearConstraint, milp

        solved = milp(
            [sign * float(atom in target) for atom in self._atoms],
            constraints=LinearConstraint(self._rows, self._low, self._high) if len(self._rows) else None,
            bounds=Bounds(0, self._highest),
            integrality=np.full(len(self._atoms), in_steps),
        )
        return float(solved.fun) if solved.success else None


def feasible_sum(sizes: dict[Atom, int], told: Sequence[Told], target: frozenset[Atom], most: int) -> tuple[int, int]:
    """The least and the largest sum over the people of `target` that agrees with everything told."""
    system = _System(sizes, told, most)
    return system.least(target), system.most(target)


def _up(x: float) -> int:
    return math.ceil(x - _SAME)


def _down(x: float) -> int:
    return math.floor(x + _SAME)
