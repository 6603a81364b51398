"""The differencing check (disclosure rule 10): asks the solvers about each cluster, and writes the verdicts.

`sums` and `classes` are pure; a cluster without new figures in this release is not solved again.
"""

import hashlib
import os
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import cached_property
from multiprocessing import get_context
from typing import Literal, NamedTuple

from flows import warehouse
from flows.programme.policy import SET_FROM, SET_RANGE
from flows.steps.disclosure import cluster_tables, sums
from flows.steps.disclosure.classes import Table, counts_of
from flows.steps.disclosure.clusters import THIS_RELEASE, Bound, Cell, Cluster, Figure
from flows.steps.disclosure.nameable import CountedIn, Floats, small_sets

_STEPS = "select scale, items * (maximum - minimum) from reference.scales"
# The most that one person contributes to a sum.
_MOST = {"scale_levels": 100.0, "motive_mix": 1.0, "diversity": 1.0}
# Groups further away add no information: every group in between is itself wide enough.
_LINKS = 3
# Starting a process pool costs as much as solving this many clusters.
_WORTH_A_POOL = 1000


@dataclass(frozen=True)
class Leak:
    """A set of few people about whom a release discloses too much, by which figure, and their groups."""

    figure: Figure
    people: int
    cells: tuple[Cell, ...]


class _SamePeople(NamedTuple):
    """Key of figures over the same people, which can be solved together."""

    are_means: bool
    cells: tuple[int, ...]
    bounded: frozenset[int]
    counts: frozenset[tuple[CountedIn, int]]


@dataclass(frozen=True)
class _Published:
    """What is published of one figure near the newest release.

    `cells` are the groups by which people can be named, also those without a bound: who is in a withheld group is known
    to its members. `counts` has the number of people in each combination of these groups.
    """

    figure: Figure
    bounds: tuple[Bound, ...]
    cells: tuple[int, ...]
    counts: Mapping[CountedIn, int]

    @property
    def same_people(self) -> _SamePeople:
        """The key by which figures are solved together."""
        return _SamePeople(self.figure.name in _MOST, self.cells, self.bounded, frozenset(self.counts.items()))

    @cached_property
    def bounded(self) -> frozenset[int]:
        """The groups of which the figure is published."""
        return frozenset(bound.cell for bound in self.bounds)

    @cached_property
    def system(self) -> sums.System:
        """The groups and their people as equations."""
        return sums.System.of(self.counts, self.cells)

    @cached_property
    def small_sets(self) -> list[Floats]:
        """The sets of few people that can be named in it."""
        return small_sets(self.counts, self.cells, self.bounded, SET_FROM)

    def without(self, cell: int) -> "_Published":
        """The same with one bound less."""
        return replace(self, bounds=tuple(bound for bound in self.bounds if bound.cell != cell))


class Verdict(NamedTuple):
    """The figures of a cluster to withhold, and the fingerprint of what is then published of it, which is safe."""

    withheld: tuple[tuple[Cell, Figure], ...]
    safe: str


@dataclass(frozen=True)
class Check:
    """The differencing check of a cluster; `steps` has the number of score steps of each scale.

    Clusters with a fingerprint in `safe` have been solved and found safe.
    """

    steps: Mapping[str, int]
    newest: int = THIS_RELEASE
    safe: frozenset[str] = frozenset()

    def fingerprint(self, cluster: Cluster) -> str:
        """A hash of all that the verdict on a cluster follows from."""
        return hashlib.sha256(repr((sorted(self.steps.items()), cluster.equations(self.newest))).encode()).hexdigest()

    def is_known_safe(self, cluster: Cluster) -> bool:
        """Whether it has been solved and found safe."""
        return bool(self.safe) and self.fingerprint(cluster) in self.safe

    def verdicts(self, cluster: Cluster) -> list[Verdict]:
        """The verdict on a cluster."""
        withheld = self.withheld(cluster)
        return [Verdict(tuple(withheld), self.fingerprint(cluster.without(withheld)))]

    def withheld(self, cluster: Cluster) -> list[tuple[Cell, Figure]]:
        """The figures of the newest release to withhold so that no set of few people is pinned down."""
        withheld = []
        for published in self._suspects(cluster):
            while found := next(self._pinned(cluster, published), None):
                cell = self._to_withhold(cluster, published.bounds, found)
                withheld.append((cluster.cells[cell], published.figure))
                published = published.without(cell)
        return withheld

    def leaks(self, cluster: Cluster) -> list[Leak]:
        """Every set of few people whose values the newest release narrows too far, and earlier releases do not."""
        found = []
        for published in self._suspects(cluster):
            for target in self._pinned(cluster, published):
                people = sum(published.counts[atom] for atom in target)
                cells = sorted({cluster.cells[cell] for atom in target for cell in atom.groups})
                found.append(Leak(published.figure, people, tuple(cells)))
        return found

    def _suspects(self, cluster: Cluster) -> Iterator[_Published]:
        """Figures in the newest release that may pin down a set of few people.

        Figures over the same people are solved together.
        """
        alike: dict[_SamePeople, list[_Published]] = defaultdict(list)
        for figure, every in cluster.figures.items():
            if bounds := self._chained(cluster, figure, every):
                published = self._published(cluster, figure, tuple(bounds))
                alike[published.same_people].append(published)
        for same, suspects in alike.items():
            system = suspects[0].system
            targets = self._within_reach(cluster, suspects[0])
            if targets and not same.are_means:
                yield from suspects
            elif targets:
                bounds_of = [self._published_bounds(entry, entry.bounds, system) for entry in suspects]
                pinned = {number for number, _ in system.pinned(bounds_of, targets, SET_RANGE / 100)}
                yield from (suspects[number] for number in sorted(pinned))

    def _published(self, cluster: Cluster, figure: Figure, bounds: tuple[Bound, ...]) -> _Published:
        """The bounds, with all groups by which people of the newly published groups can be named."""
        bounded = {bound.cell for bound in bounds}
        beside = cluster.cells_beside({cell for cell in bounded if self._is_new(cluster, cell)})
        counts = cluster.people_of(figure, bounded | beside)
        # Two groups of the same people name the same sets.
        of_people: dict[frozenset[tuple[CountedIn, int]], int] = {}
        for cell in sorted(beside | bounded, key=lambda cell: (cell not in bounded, cell)):
            people = frozenset((atom, atom.submission_in(cell)) for atom in counts if cell in atom.groups)
            of_people.setdefault(people, cell)
        cells = tuple(sorted(bounded.union(of_people.values())))
        return _Published(figure, bounds, cells, cluster.people_of(figure, cells))

    def _chained(self, cluster: Cluster, figure: Figure, bounds: Sequence[Bound]) -> list[Bound]:
        """Bounds on the groups that are linked to those of the newest release by at most three shared sets of people.

        Each link is a set of people that two groups share; empty where the newest release has no bounds.
        """
        atoms = [atom.groups for atom in cluster.people_of(figure, {bound.cell for bound in bounds})]
        reached = {bound.cell for bound in bounds if self._is_new(cluster, bound.cell)}
        for _ in range(_LINKS):
            reached = reached.union(*(atom for atom in atoms if not reached.isdisjoint(atom)))
        return [bound for bound in bounds if bound.cell in reached]

    def _is_new(self, cluster: Cluster, cell: int) -> bool:
        return cluster.cells[cell].release == self.newest

    def _within_reach(self, cluster: Cluster, published: _Published) -> list[Floats]:
        """Sets of few people in the groups with new bounds, or in groups that share people with those.

        All others are separated from the newest release by at least two groups, each with sufficiently wide bounds.
        """
        groups = published.system.inside.astype(bool)
        renewed = [cell in published.bounded and self._is_new(cluster, cell) for cell in published.cells]
        touched = groups[renewed].any(axis=0)
        near = groups[(groups & touched).any(axis=1)].any(axis=0)
        return [target for target in published.small_sets if (target.astype(bool) & near).any()]

    def _pinned(self, cluster: Cluster, published: _Published) -> Iterator[frozenset[CountedIn]]:
        """Sets (as cells of their people) that all bounds together pin down, but those of earlier releases do not."""
        system = published.system
        targets = self._within_reach(cluster, published)
        if not targets:
            return
        former = [bound for bound in published.bounds if not self._is_new(cluster, bound.cell)]
        places = self._means_pinned if published.figure.name in _MOST else self._classes_proven
        for place in places(published, former, system, targets):
            yield frozenset(atom for atom, chosen in zip(published.counts, targets[place], strict=True) if chosen)

    def _classes_proven(
        self, published: _Published, former: Sequence[Bound], system: sums.System, targets: Sequence[Floats]
    ) -> Iterator[int]:
        rows = {cell: row for row, cell in enumerate(published.cells)}
        counts, counts_before = (
            counts_of(rows, [(bound.cell, bound.classes, bound.low) for bound in bounds])
            for bounds in (published.bounds, former)
        )
        before = Table.of(system, counts_before)
        for place, chosen in Table.of(system, counts).proven(targets):
            if not before.is_proven(targets[place], chosen & frozenset(before.classes)):
                yield place

    def _means_pinned(
        self, published: _Published, former: Sequence[Bound], system: sums.System, targets: Sequence[Floats]
    ) -> Iterator[int]:
        together = self._published_bounds(published, published.bounds, system)
        before = self._published_bounds(published, former, system)
        for _, place in system.pinned([together], targets, SET_RANGE / 100):
            if not system.is_pinned(before, targets[place], SET_RANGE / 100):
                yield place

    def _published_bounds(
        self, published: _Published, bounds: Iterable[Bound], system: sums.System
    ) -> sums.PublishedBounds:
        """One bound for each group of the system; a group without one can have any sum that its people can have."""
        figure = published.figure
        steps = self.steps.get(figure.scale) if figure.name == "scale_levels" else None
        known = {bound.cell: (bound.low, bound.high) for bound in bounds}
        most = _MOST[figure.name]
        everybody = [(0.0, most * people) for people in system.inside @ system.sizes]
        ends = [known.get(cell, whole) for cell, whole in zip(published.cells, everybody, strict=True)]
        return sums.in_units([low for low, _ in ends], [high for _, high in ends], most, steps)

    def _to_withhold(self, cluster: Cluster, bounds: Sequence[Bound], target: frozenset[CountedIn]) -> int:
        """The smallest cell of the newest release that the set is part of, or else the smallest of the release."""
        mine = sorted({bound.cell for bound in bounds if self._is_new(cluster, bound.cell)})
        near = [cell for cell in mine if any(cell in atom.groups for atom in target)]
        sizes = {cell: sum(atom.people for atom in cluster.atoms if cell in atom.cells) for cell in mine}
        return min(near or mine, key=lambda cell: (sizes[cell], cluster.cells[cell]))


def fill_differencing_verdicts(connection: warehouse.Connection) -> None:
    """Decide which figures to withhold because, with everything published before, they would disclose few people."""
    check = Check(dict(connection.execute(_STEPS).fetchall()))
    found: list[Verdict] = _in_all(cluster_tables.read_clusters(connection, THIS_RELEASE), check, "verdicts")
    rows = {(cell.unit_type, cell.unit_id, figure) for verdict in found for cell, figure in verdict.withheld}
    warehouse.append(
        connection,
        "disclosure.differencing_verdicts",
        (
            {"unit_type": unit_type, "unit_id": unit_id, "figure": figure.name, "scale": figure.scale}
            for unit_type, unit_id, figure in sorted(rows)
        ),
    )
    connection.execute("truncate disclosure.safe_clusters")
    warehouse.append(connection, "disclosure.safe_clusters", ({"fingerprint": verdict.safe} for verdict in found))


def leaks_of(found: Iterable[Cluster], check: Check) -> list[Leak]:
    """Every leak in the newest release, over all clusters."""
    unsolved = (cluster for cluster in found if not check.is_known_safe(cluster))
    return _in_all(unsolved, replace(check, safe=frozenset()), "leaks")


Method = Literal["verdicts", "leaks"]


def _in_all(found: Iterable[Cluster], check: Check, method: Method) -> list:  # type: ignore[type-arg]
    """The verdicts on many clusters, in parallel processes where there are enough of them."""
    asked = list(found)
    processes = min(os.cpu_count() or 1, len(asked) // _WORTH_A_POOL)
    if processes < 2:
        return [entry for cluster in asked for entry in getattr(check, method)(cluster)]
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        size = max(1, len(asked) // (4 * processes))
        shares = [asked[start : start + size] for start in range(0, len(asked), size)]
        return [
            entry for part in pool.map(_share, shares, [check] * len(shares), [method] * len(shares)) for entry in part
        ]


def _share(share: Sequence[Cluster], check: Check, method: Method) -> list:  # type: ignore[type-arg]
    return [entry for cluster in share for entry in getattr(check, method)(cluster)]
