"""Disclosure rule 10: what follows for few people from everything that is published, now and before, taken together.

Whoever can name a set of fewer than five people, as the difference of two published groups or as those who are counted
in the same groups, may learn their mean by solving for it. The gate solves first: over all sums of scores that agree
with every published figure, the mean of such a set must range over at least half of the scale, and no class may be
proven for all of them.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

Unit = tuple[str, str]
_ORDER = {"collective": 0, "organisation": 1, "programme": 2}


class Domain(NamedTuple):
    """A group in a release; release 0 is the one that is being made."""

    release: int
    unit: Unit


class Part(NamedTuple):
    """So many people who are counted in the same groups; `answered` has a 1 for each figure that they are part of."""

    domains: frozenset[Domain]
    answered: str
    people: int


class Told(NamedTuple):
    """What a published figure says of a sum over a group: from `low` to `high`."""

    domain: Domain
    low: float
    high: float


def unsafe(
    parts: Sequence[Part], told: Sequence[Told], most: float, set_from: int, set_range: float
) -> tuple[Unit, ...]:
    """The units of release 0 to withhold so that no set below `set_from` people is pinned down.

    Each person adds 0 to `most` to a sum. A set is pinned down when its mean is known to less than `set_range` of that,
    or when everyone in it is proven to add `most`.
    """
    sizes: dict[frozenset[Domain], int] = {}
    for part in parts:
        sizes[part.domains] = sizes.get(part.domains, 0) + part.people
    mine = {domain for domains in sizes for domain in domains}
    shown = [entry for entry in told if entry.domain in mine and entry.domain.unit[0] != "programme"]
    hidden: list[Unit] = []
    while True:
        targets = _small_sets(sizes, shown, set_from)
        if not targets:
            return tuple(hidden)
        leak = next((target for target in targets if _is_pinned(sizes, shown, target, most, set_range)), None)
        if leak is None:
            return tuple(hidden)
        unit = _to_withhold(leak, shown)
        if unit is None:
            return tuple(hidden)
        hidden.append(unit)
        shown = [entry for entry in shown if entry.domain != Domain(0, unit)]


def _small_sets(
    sizes: dict[frozenset[Domain], int], told: Sequence[Told], set_from: int
) -> list[frozenset[frozenset[Domain]]]:
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


def _is_pinned(
    sizes: dict[frozenset[Domain], int],
    told: Sequence[Told],
    target: frozenset[frozenset[Domain]],
    most: float,
    set_range: float,
) -> bool:
    people = sum(sizes[atom] for atom in target)
    lowest, highest = feasible_sum(sizes, told, target, most)
    proves_all = most == 1.0 and lowest > people - 1 + 1e-6
    return proves_all or (most != 1.0 and highest - lowest < set_range * most * people - 1e-6)


def feasible_sum(
    sizes: dict[frozenset[Domain], int],
    told: Sequence[Told],
    target: frozenset[frozenset[Domain]],
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


def _to_withhold(leak: frozenset[frozenset[Domain]], told: Sequence[Told]) -> Unit | None:
    """The smallest kind of unit of this release that tells of these people."""
    touching: Iterator[Domain] = (
        entry.domain for entry in told if entry.domain.release == 0 and any(entry.domain in atom for atom in leak)
    )
    return min((domain.unit for domain in touching), key=lambda unit: (_ORDER[unit[0]], unit[1]), default=None)
