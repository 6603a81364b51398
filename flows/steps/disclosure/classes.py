"""Disclosure rule 10 for counts: no class may be provable for every member of a set of few people.

All coarsening levels of all releases are expressed in finest classes. Among all tables consistent with the published
counts, the maximum-entropy table is positive wherever any of them is; iterative proportional fitting (Deming and
Stephan, 1940) finds it. Where it leaves nobody of a set outside a class, a linear programme decides.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from flows.steps.disclosure.nameable import Floats
from flows.steps.disclosure.sums import System

_ROUNDS = 200
_SAME = 1e-6
# With this many fitted people outside a class, not all of a set are in it; fitting converges slowly near zero.
_SURELY = 0.05


class Count(NamedTuple):
    """The number of people of a group (a row index of the system) in some of the finest classes together."""

    group: int
    classes: frozenset[str]
    people: int


@dataclass(frozen=True)
class Table:
    """Sets of people in the same groups (rows) by finest classes (columns), with the published counts as margins."""

    system: System
    classes: tuple[str, ...]
    counts: tuple[Count, ...]

    @classmethod
    def of(cls, system: System, counts: Sequence[Count]) -> "Table":
        """A table with every class that occurs in the counts."""
        return cls(system, tuple(sorted({name for count in counts for name in count.classes})), tuple(counts))

    def proven(self, targets: Sequence[Floats]) -> Iterator[tuple[int, frozenset[str]]]:
        """Yield each set (its index in `targets`) with classes that provably contain all of its members.

        Tests single finest classes and the unions that were published; not all classes together, which is trivial.
        """
        published = {count.classes for count in self.counts} | {frozenset([name]) for name in self.classes}
        groups = [chosen for chosen in published if len(chosen) < len(self.classes)]
        fitted = self._fitted() if targets else None
        for place, target in enumerate(targets):
            people = float(target @ self.system.sizes)
            for chosen in sorted(groups, key=sorted):
                if fitted is not None and target @ fitted @ self._columns(chosen) < people - _SURELY:
                    continue
                if self.is_proven(target, chosen):
                    yield place, chosen

    def is_proven(self, target: Floats, chosen: frozenset[str]) -> bool:
        """Whether all of a set are in these classes in every table consistent with the counts."""
        from scipy.optimize import Bounds, LinearConstraint, milp

        rows, columns = len(self.system.sizes), len(self.classes)
        limits = [LinearConstraint(np.kron(np.eye(rows), np.ones(columns)), self.system.sizes, self.system.sizes)]
        if self.counts:
            margins = np.array([np.kron(self.system.inside[c.group], self._columns(c.classes)) for c in self.counts])
            numbers = [count.people for count in self.counts]
            limits.append(LinearConstraint(margins, numbers, numbers))
        solved = milp(
            np.kron(target, self._columns(chosen)),
            constraints=limits,
            bounds=Bounds(0, np.repeat(self.system.sizes, columns)),
        )
        return bool(solved.success) and solved.fun > float(target @ self.system.sizes) - 1 + _SAME

    def _columns(self, chosen: frozenset[str]) -> Floats:
        return np.array([float(name in chosen) for name in self.classes])

    def _fitted(self) -> Floats | None:
        """The maximum-entropy table; None when fitting does not converge to the counts."""
        table = np.outer(self.system.sizes, np.full(len(self.classes), 1 / max(len(self.classes), 1)))
        blocks = [(np.outer(self.system.inside[c.group], self._columns(c.classes)), c.people) for c in self.counts]
        for _ in range(_ROUNDS):
            for block, people in blocks:
                total = (table * block).sum()
                table = table * np.where(block > 0, people / total if total > 0 else 0, 1)
            sums = table.sum(axis=1)
            table *= np.divide(self.system.sizes, sums, out=np.zeros_like(sums), where=sums > 0)[:, None]
            if all(abs((table * block).sum() - people) < _SURELY / 10 for block, people in blocks):
                return table
        return None


def counts_of(rows: Mapping[int, int], published: Sequence[tuple[int, tuple[str, ...], float]]) -> list[Count]:
    """Published counts of contribution groups as `Count`; `rows` has the row index of each group in a system."""
    return [Count(rows[cell], frozenset(classes), round(people)) for cell, classes, people in published]
