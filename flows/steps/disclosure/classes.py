"""Disclosure rule 10 for counts: no class may be provable for every member of a set of few people.

All coarsening levels of all releases are read in finest classes. Of all tables that agree with every told number
the one of largest entropy has people wherever some table has; iterative proportional fitting (Deming and Stephan,
1940) finds it. Where it leaves nobody of a set outside a class, a linear programme has the last word.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from flows.steps.disclosure.sums import System

Floats = npt.NDArray[np.float64]
_ROUNDS = 200
_SAME = 1e-6
# This many people outside a class prove that not all of a set are in it; fitting converges slowly near zero.
_SURELY = 0.05


class Count(NamedTuple):
    """So many people of a group (its place among the rows of a system) are in some of the finest classes."""

    group: int
    classes: frozenset[str]
    people: int


@dataclass(frozen=True)
class Table:
    """People who are part of the same groups (rows) by finest classes (columns), and what is told of them."""

    system: System
    classes: tuple[str, ...]
    counts: tuple[Count, ...]

    @classmethod
    def of(cls, system: System, counts: Sequence[Count]) -> "Table":
        """With every class that occurs in what is told."""
        return cls(system, tuple(sorted({name for count in counts for name in count.classes})), tuple(counts))

    def proven(self, targets: Sequence[Floats]) -> Iterator[tuple[int, frozenset[str]]]:
        """Which sets (their place in `targets`) are proven to be in which classes as a whole.

        In a class of the finest ones, or in what is told together; not in all of them, which says nothing.
        """
        told = {count.classes for count in self.counts} | {frozenset([name]) for name in self.classes}
        groups = [chosen for chosen in told if len(chosen) < len(self.classes)]
        fitted = self._fitted() if targets else None
        for place, target in enumerate(targets):
            people = float(target @ self.system.sizes)
            for chosen in sorted(groups, key=sorted):
                if fitted is not None and target @ fitted @ self._columns(chosen) < people - _SURELY:
                    continue
                if self.is_proven(target, chosen):
                    yield place, chosen

    def is_proven(self, target: Floats, chosen: frozenset[str]) -> bool:
        """Whether in every table that agrees with what is told all of a set are in these classes."""
        from scipy.optimize import Bounds, LinearConstraint, milp

        rows, columns = len(self.system.sizes), len(self.classes)
        limits = [LinearConstraint(np.kron(np.eye(rows), np.ones(columns)), self.system.sizes, self.system.sizes)]
        if self.counts:
            told = np.array([np.kron(self.system.inside[c.group], self._columns(c.classes)) for c in self.counts])
            numbers = [count.people for count in self.counts]
            limits.append(LinearConstraint(told, numbers, numbers))
        solved = milp(
            np.kron(target, self._columns(chosen)),
            constraints=limits,
            bounds=Bounds(0, np.repeat(self.system.sizes, columns)),
        )
        return bool(solved.success) and solved.fun > float(target @ self.system.sizes) - 1 + _SAME

    def _columns(self, chosen: frozenset[str]) -> Floats:
        return np.array([float(name in chosen) for name in self.classes])

    def _fitted(self) -> Floats | None:
        """The table of largest entropy; None when fitting does not come near what is told."""
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


def counts_of(rows: Mapping[int, int], told: Sequence[tuple[int, tuple[str, ...], float]]) -> list[Count]:
    """Told numbers as counts; `rows` says at which place of a system each cell stands."""
    return [Count(rows[cell], frozenset(classes), round(people)) for cell, classes, people in told]
