"""Which people contribute to which published figures: the attacker's background knowledge.

A cluster is one independent set of equations: all groups linked by shared people, now or in an earlier release.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from flows.steps.disclosure.nameable import CountedIn

# The release that is being made; earlier ones have numbers from 1 on.
THIS_RELEASE = 0
_ANSWERED, _IN_MIX = "1", -1
# Bounds that differ by less come from the same published figure.
_DECIMALS = 6


class Cell(NamedTuple):
    """A contribution group: a group with figures of one family (levels, mix or classes) in a release."""

    release: int
    family: str
    unit_type: str
    unit_id: str


class Atom(NamedTuple):
    """People who are in the same groups and have the same pattern of answered scales.

    `answered` has, for each cell, a digit per scale (1: has a score) and a last one for the mix. Cells with the same
    number in `submissions` count the same submission of a person.
    """

    cells: tuple[int, ...]
    answered: tuple[str, ...]
    submissions: tuple[int, ...]
    people: int

    def counted_in(self, cells: frozenset[int]) -> CountedIn:
        """Where these people count, of these cells."""
        if len(set(self.submissions)) == 1:
            return CountedIn(cells)
        found: dict[int, set[int]] = defaultdict(set)
        for cell, submission in zip(self.cells, self.submissions, strict=True):
            if cell in cells:
                found[submission].add(cell)
        return CountedIn(cells, frozenset(map(frozenset, found.values())) if len(found) > 1 else frozenset())


class Bound(NamedTuple):
    """Bounds that a published figure puts on a sum over the people of a cell, from `low` to `high`.

    Each person adds a score from 0 to 100 (figure scale_levels), a share from 0 to 1 (motive_mix), the evenness of
    a mix from 0 to 1 (diversity), or 1 for being in some of the finest classes of a distribution.
    """

    cell: int
    figure: str
    scale: str
    classes: tuple[str, ...]
    low: float
    high: float


class Figure(NamedTuple):
    """A figure that is published of a cluster: its name and, where it has one, its scale."""

    name: str
    scale: str


@dataclass(frozen=True)
class Cluster:
    """Cells that share people, their atoms and published bounds; `scales` lists the scales of each release in order."""

    cells: Mapping[int, Cell]
    atoms: tuple[Atom, ...]
    bounds: tuple[Bound, ...]
    scales: Mapping[int, tuple[str, ...]]

    @property
    def figures(self) -> dict[Figure, list[Bound]]:
        """The bounds of each figure."""
        found: dict[Figure, list[Bound]] = defaultdict(list)
        for bound in self.bounds:
            found[Figure(bound.figure, bound.scale)].append(bound)
        return found

    def without(self, withheld: Collection[tuple[Cell, Figure]]) -> "Cluster":
        """The same cluster without some of its figures."""
        kept = (
            bound
            for bound in self.bounds
            if (self.cells[bound.cell], Figure(bound.figure, bound.scale)) not in withheld
        )
        return replace(self, bounds=tuple(kept))

    def equations(self, newest: int) -> tuple[object, ...]:
        """All that the check looks at, in the same form whatever numbers the cells and the newest release have."""
        names = {number: cell._replace(release=_place(cell.release, newest)) for number, cell in self.cells.items()}
        people: dict[tuple[object, ...], int] = defaultdict(int)
        for atom in self.atoms:
            people[_entries(atom, names)] += atom.people
        bounds = sorted(
            (names[bound.cell], *bound[1:4], round(bound.low, _DECIMALS), round(bound.high, _DECIMALS))
            for bound in self.bounds
        )
        releases = {cell.release for cell in self.cells.values()}
        scales = sorted((_place(release, newest), self.scales[release]) for release in releases)
        return tuple(sorted(people.items())), tuple(bounds), tuple(scales)

    def cells_beside(self, cells: Collection[int]) -> set[int]:
        """These cells, and all of the cluster that share people with any of them."""
        chosen = frozenset(cells)
        beside = set(chosen).union(*(atom.cells for atom in self.atoms if not chosen.isdisjoint(atom.cells)))
        # An atom also has cells of other families.
        return beside.intersection(self.cells)

    def people_of(self, figure: Figure, cells: Iterable[int]) -> dict[CountedIn, int]:
        """The number of people in a figure for each combination of these cells."""
        wanted = frozenset(cells)
        counts: dict[CountedIn, int] = defaultdict(int)
        for atom in self.atoms:
            inside = wanted.intersection(atom.cells)
            if inside and self._is_part(atom, figure, inside):
                counts[atom.counted_in(inside)] += atom.people
        return counts

    def _is_part(self, atom: Atom, figure: Figure, inside: frozenset[int]) -> bool:
        for cell, answered in zip(atom.cells, atom.answered, strict=True):
            if cell in inside:
                scales = self.scales[self.cells[cell].release]
                place = scales.index(figure.scale) if figure.name == "scale_levels" else _IN_MIX
                return answered[place] == _ANSWERED
        return False


def _entries(atom: Atom, names: Mapping[int, Cell]) -> tuple[tuple[Cell, str, int], ...]:
    """Where an atom counts and with which scales; submissions are numbered by the first place of each."""
    parts = zip(atom.cells, atom.answered, atom.submissions, strict=True)
    entries = sorted((names[cell], answered, given) for cell, answered, given in parts if cell in names)
    first: dict[int, int] = {}
    return tuple(
        (cell, answered, first.setdefault(given, place)) for place, (cell, answered, given) in enumerate(entries)
    )


def _place(release: int, newest: int) -> int:
    return THIS_RELEASE if release == newest else release


def clusters(
    cells: Mapping[int, Cell], atoms: Sequence[Atom], bounds: Iterable[Bound], scales: Mapping[int, tuple[str, ...]]
) -> Iterator[Cluster]:
    """Split groups into independent clusters, family by family.

    Nothing links two families: levels, mixes and classes are different figures of the same people.
    """
    root = _roots(cells, atoms)
    of_root: dict[int, dict[int, Cell]] = defaultdict(dict)
    for number, cell in cells.items():
        of_root[root[number]][number] = cell
    atoms_of: dict[int, list[Atom]] = defaultdict(list)
    for atom in atoms:
        for name in {root[cell] for cell in atom.cells}:
            atoms_of[name].append(atom)
    bounds_of: dict[int, list[Bound]] = defaultdict(list)
    for bound in bounds:
        bounds_of[root[bound.cell]].append(bound)
    for name, inside in of_root.items():
        yield Cluster(inside, tuple(atoms_of[name]), tuple(bounds_of[name]), scales)


def _roots(cells: Mapping[int, Cell], atoms: Iterable[Atom]) -> dict[int, int]:
    """For each group the representative of its connected component within the family (union-find)."""
    tied = {number: number for number in cells}

    def root(cell: int) -> int:
        while tied[cell] != cell:
            tied[cell] = tied[tied[cell]]
            cell = tied[cell]
        return cell

    for atom in atoms:
        by_family: dict[str, int] = {}
        for number in atom.cells:
            first = by_family.setdefault(cells[number].family, number)
            tied[root(number)] = root(first)
    return {number: root(number) for number in cells}
