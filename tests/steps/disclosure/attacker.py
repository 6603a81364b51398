"""A reader who knows who is in which collective and who answered when, and works out what few people answered.

From all published figures together. Written apart from the differencing check: it knows the files that are published
and the rules, no code. Each release is read from its database, and from everything else that is delivered when
`delivered` has read it: a mean that is drawn or printed otherwise than it is published tells more than that. Totals,
changes and comparisons are not attacked: that they are arithmetic on what is attacked is shown elsewhere (test_columns,
test_totals).

What one person scored on a scale of three items of 1 to 5 is a whole number of grid steps from 0 to 12; a share of a
mix and the evenness of a mix is any number from 0 to 1. Each published mean bounds the sum over the people behind it,
so that the lowest and the highest mean that any few of them can have is a linear or an integer programme.
"""

import math
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import permutations
from pathlib import Path

import duckdb
import numpy
from scipy.optimize import Bounds, LinearConstraint, milp

from tests.steps.disclosure.delivered import Statement, Unit

GRID_STEPS = 12
POINTS_PER_GRID_STEP = 100 / GRID_STEPS
FEW_PEOPLE = 5
# Published numbers are rounded to 1e-6, so that the sum of a few hundred people is sure to 1e-3 grid steps.
SLACK = 1e-3

Answer = tuple[str, str]
"""A person, and which of his or her answers."""
People = frozenset[Answer]
REST = "rest"


def step_of(people: int) -> float:
    """The step to which the mean of so many people is rounded."""
    return next((step for step in (0.5, 1, 2.5, 5, 10) if (2 * people + 1) * step >= 100), 10)


@dataclass(frozen=True)
class Release:
    """What was published of a period, and whose answers counted in it by then. In the order in which they were made.

    `organisation_of` is of every collective; `statements` are what `delivered` read of everything else that was made.
    """

    published: Path
    period: str
    collectives: Mapping[str, People]
    organisation_of: Mapping[str, str]
    statements: Sequence[Statement] = ()

    def people(self, unit: Unit, small_below: int) -> People:
        """Who is behind the figures of a collective, or of the small collectives of an organisation together."""
        kind, name = unit
        if kind == "collective":
            return self.collectives.get(name, frozenset())
        small = (
            people
            for collective, people in self.collectives.items()
            if self.organisation_of.get(collective) == name and len(people) < small_below
        )
        return frozenset().union(*small)


@dataclass(frozen=True)
class Family:
    """Figures that are means of people: where they stand, and how a mean bounds what people add (0 to `most`).

    `within` is how far a mean of so many people can lie from the published one.
    """

    table: str
    column: str
    key: str
    small_below: int
    most: int
    is_whole: bool
    unit: float
    within: Callable[[int], float]


def levels(step: Callable[[int], float] = step_of) -> Family:
    """Mean scores, in grid steps."""
    return Family("scale_levels", "mean", "scale", 5, GRID_STEPS, True, POINTS_PER_GRID_STEP, lambda n: step(n) / 2)


# Shares are rounded by largest remainder: at most a whole portion away.
SHARES = Family("motive_mix", "mean_share", "scale", 10, 1, False, 1.0, lambda n: step_of(n) / 200)
# The largest entropy of six motives stands for 1.
ENTROPIES = Family(
    "diversity", "entropy_within", "", 10, 1, False, math.log(6), lambda n: math.log(6) * (step_of(n) / 200 + 0.01)
)


@dataclass(frozen=True)
class Figure:
    """A mean that is published or withheld in a release, and the people behind it.

    `leaked` are values that are told otherwise than the mean is published, or although it is withheld, each with how
    far from the true mean it can be.
    """

    release: int
    unit: Unit
    people: People
    mean: float | None
    leaked: tuple[tuple[float, float], ...] = ()

    @property
    def is_published(self) -> bool:
        return self.mean is not None or bool(self.leaked)


@dataclass(frozen=True)
class Finding:
    """What the published means tell of few people: their mean lies from `low` to `high`."""

    scale: str
    why: str
    people: People
    low: float
    high: float


def attack(releases: Sequence[Release], scale: str, family: Family | None = None) -> tuple[Finding, ...]:
    """All that each release tells of few people on a scale beside the earlier ones, and should not.

    What earlier ones told alone, of people who could not be told from others until one of them left, is not held
    against the release after which they can: those figures were of five people or more.
    """
    family = family or levels()
    figures = figures_of_releases(releases, scale, family)
    findings: dict[People, Finding] = {}
    for newest in range(len(releases)):
        known = [figure for figure in figures if figure.release <= newest]
        if any(figure.is_published and figure.release == newest for figure in known):
            for finding in _disclosed_by(newest, known, scale, family):
                findings.setdefault(finding.people, finding)
    return tuple(findings.values())


def _disclosed_by(newest: int, figures: Sequence[Figure], scale: str, family: Family) -> Iterator[Finding]:
    means = Means(figures, family)
    before = Means(
        [replace(entry, mean=None, leaked=()) if entry.release == newest else entry for entry in figures], family
    )
    for people, why in few_people(figures, means).items():
        most = min(50.0, means.left_open_by_a_single_one(people)) - SLACK
        low, high = means.range_of(people)
        if high - low < most:
            low_before, high_before = before.range_of(people)
            if high_before - low_before >= most:
                yield Finding(scale, why, people, low, high)


def few_people(figures: Sequence[Figure], means: "Means") -> dict[People, str]:
    """Every set of 1 to 4 people that a reader can name, with how it comes about, each once."""
    named: dict[People, str] = {}
    for nameable in (_withheld(figures), _differences(figures), _remainders(figures), _counted_alike(means)):
        for why, people in nameable:
            if 1 <= len(people) < FEW_PEOPLE:
                named.setdefault(people, why)
    return named


Nameable = Iterator[tuple[str, People]]


def _withheld(figures: Sequence[Figure]) -> Nameable:
    for figure in figures:
        if figure.unit[0] == "collective" and not figure.is_published:
            yield f"{_name(figure)} is withheld", figure.people


def _differences(figures: Sequence[Figure]) -> Nameable:
    for one, other in permutations(figures, 2):
        if one.people & other.people:
            yield f"{_name(one)} without {_name(other)}", one.people - other.people


def _remainders(figures: Sequence[Figure]) -> Nameable:
    for figure in figures:
        inside = [other for other in figures if other.is_published and other.people < figure.people]
        rest = figure.people.difference(*(other.people for other in inside))
        yield f"{_name(figure)} without what is published inside it", rest


def _counted_alike(means: "Means") -> Nameable:
    for together in means.alike:
        yield "people who are counted in the same figures", together


def _name(figure: Figure) -> str:
    return f"{' '.join(figure.unit)} in release {figure.release + 1}"


class Means:
    """All published means together, as bounds on sums of what people add.

    People who are counted in exactly the same figures are exchangeable: one variable stands for their sum.
    """

    def __init__(self, figures: Sequence[Figure], family: Family) -> None:
        self._family = family
        where = defaultdict(set)
        for people in {figure.people for figure in figures}:
            for answer in people:
                where[answer].add(people)
        groups = defaultdict(set)
        for answer, sets in where.items():
            groups[frozenset(sets)].add(answer)
        self.alike = tuple(frozenset(group) for group in groups.values())
        self.sizes = numpy.array([len(group) for group in self.alike])
        self.published = [
            (figure.people, *self._bounds(figure.mean, len(figure.people), family.within(len(figure.people))))
            for figure in figures
            if figure.mean is not None
        ]
        self.bounds = self.published + [
            (figure.people, *self._bounds(value, len(figure.people), within))
            for figure in figures
            for value, within in figure.leaked
        ]

    def _bounds(self, mean: float, people: int, within: float) -> tuple[float, float]:
        """The lowest and the highest sum of which the mean is no further than that from a mean."""
        most = self._family.most * people
        low, high = ((mean + shift) * people / self._family.unit for shift in (-within, within))
        if self._family.table == "scale_levels" and people < 10:
            # Of fewer than ten an end of the scale is told as the step before it.
            low = 0 if mean <= step_of(people) else low
            high = most if mean >= 100 - step_of(people) else high
        if self._family.is_whole:
            low, high = math.ceil(low - SLACK), math.floor(high + SLACK)
        return max(0, low), min(most, high)

    @cached_property
    def _constraints(self) -> list[LinearConstraint]:
        return [LinearConstraint(self._row(people), low, high) for people, low, high in self.bounds]

    def _row(self, people: People) -> numpy.ndarray:
        """1 for each variable that counts in a set of people; a set is made of whole variables."""
        return numpy.array([float(group <= people) for group in self.alike])

    def range_of(self, people: People) -> tuple[float, float]:
        """The lowest and the highest mean that these people can have, from 0 to 100."""
        row = self._row(people)
        if row @ self.sizes != len(people):
            raise ValueError("These people are no set that follows from the figures.")
        scale = 100 / (self._family.most * len(people))
        return self._extreme(row) * scale, -self._extreme(-row) * scale

    def _extreme(self, row: numpy.ndarray) -> float:
        solved = milp(
            row,
            constraints=self._constraints,
            bounds=Bounds(0, self._family.most * self.sizes),
            integrality=numpy.full(len(row), float(self._family.is_whole)),
        )
        if not solved.success:
            raise ValueError(f"The published means contradict who is said to be behind them: {solved.message}")
        return round(solved.fun) if self._family.is_whole else float(solved.fun)

    def left_open_by_a_single_one(self, people: People) -> float:
        """The width of what is left for the mean of these people by the one published mean that tells most of them."""
        most = self._family.most
        widths: list[float] = [most * len(people)]
        for counted, low, high in self.published:
            inside, outside = len(people & counted), len(people - counted)
            lowest = max(0, low - most * (len(counted) - inside))
            highest = min(most * inside, high)
            widths.append(highest - lowest + most * outside)
        return min(widths) * 100 / (most * len(people))

    def allow(self, scores: Mapping[Answer, float]) -> bool:
        """Whether these values agree with every published mean."""
        return all(
            low - SLACK <= sum(scores[answer] for answer in people) <= high + SLACK for people, low, high in self.bounds
        )


def figures_of_releases(releases: Sequence[Release], scale: str, family: Family) -> list[Figure]:
    """Every mean of every release that was computed of its answers, and every group without one.

    Figures that are carried forward tell nothing that the month they are of did not.
    """
    figures: list[Figure] = []
    for number, release in enumerate(releases):
        rows = _read(release, scale, family)
        for unit, (mean, figures_of) in rows.items():
            people = release.people(unit, family.small_below)
            if figures_of is not None:
                _stands_already(releases, figures, unit, mean, figures_of)
                mean = None
            leaked = _leaked(release, unit, scale, rows[unit][0]) if family.table == "scale_levels" else ()
            if people:
                figures.append(Figure(number, unit, people, mean, leaked))
            elif mean is not None:
                raise ValueError(f"A mean of nobody was published: {unit}")
    return figures


def _stands_already(
    releases: Sequence[Release], figures: Sequence[Figure], unit: Unit, mean: float | None, figures_of: str
) -> None:
    if not any(releases[figure.release].period == figures_of and figure.mean == mean for figure in figures):
        raise ValueError(f"A figure of {figures_of} stands for {unit}, but no release of that month told it: {mean}")


def _leaked(release: Release, unit: Unit, scale: str, mean: float | None) -> tuple[tuple[float, float], ...]:
    """What a release tells of a mean beside its database, and more than that; each value once."""
    return tuple(
        dict.fromkeys(
            (entry.value, entry.resolution / 2)
            for entry in release.statements
            if (entry.unit, entry.scale, entry.what) == (unit, scale, "mean") and not entry.agrees_with(mean)
        )
    )


def _read(release: Release, scale: str, family: Family) -> dict[Unit, tuple[float | None, str | None]]:
    key = f" and {family.key} = ?" if family.key else ""
    with duckdb.connect(str(release.published), read_only=True) as connection:
        rows = connection.execute(
            f"select unit_type, unit_id, {family.column}, figures_of from {family.table}"
            f" where unit_type = 'collective'{key}",
            [scale] if family.key else [],
        ).fetchall()
        rows += connection.execute(
            f"select '{REST}', organisation_id, number, figures_of from rest_groups"
            " where table_name = ? and figure = ? and key = ?",
            [family.table, family.column, scale if family.key else ""],
        ).fetchall()
    return {(kind, name): (value, figures_of if value is not None else None) for kind, name, value, figures_of in rows}


def attack_classes(releases: Sequence[Release], distribution: str) -> tuple[Finding, ...]:
    """Few people of whom all are proven to be in one class, by the numbers of people in classes of all releases.

    Everything is read in finest classes, whatever was put together; what was put together as `other` is the rest.
    """
    published: list[tuple[int, People, frozenset[str], int]] = []
    for number, release in enumerate(releases):
        published += [(number, *row) for row in _counts(release, distribution)]
    findings: dict[tuple[People, frozenset[str]], Finding] = {}
    for newest in range(len(releases)):
        known = [entry for entry in published if entry[0] <= newest]
        if any(entry[0] == newest for entry in known):
            table, before = _Table(known), _Table([entry for entry in known if entry[0] < newest])
            for people in table.few():
                for classes in table.named:
                    if table.all_in(people, classes) and not before.all_in(people, classes):
                        name = f"{distribution} {'+'.join(sorted(classes))}"
                        findings.setdefault((people, classes), Finding(name, "proven", people, 100, 100))
    return tuple(findings.values())


class _Table:
    """Sums of people by finest class that agree with all published numbers."""

    def __init__(self, published: Sequence[tuple[int, People, frozenset[str], int]]) -> None:
        self._published = published
        where = defaultdict(set)
        for _, people, _, _ in published:
            for answer in people:
                where[answer].add(people)
        groups = defaultdict(set)
        for answer, sets in where.items():
            groups[frozenset(sets)].add(answer)
        self._alike = [frozenset(group) for group in groups.values()]
        self._classes = sorted({name for *_, classes, _ in published for name in classes})
        self.named = {classes for *_, classes, _ in published if len(classes) < len(self._classes)} | {
            frozenset([name]) for name in self._classes
        }

    def few(self) -> set[People]:
        sets = {people for _, people, _, _ in self._published}
        named = set(self._alike) | {one - other for one in sets for other in sets}
        return {people for people in named if 1 <= len(people) < FEW_PEOPLE}

    def all_in(self, people: People, classes: frozenset[str]) -> bool:
        """Whether all of these people are in one of the classes in every table."""
        if not people <= frozenset().union(*self._alike) or not classes <= set(self._classes):
            return False
        rows, columns = len(self._alike), len(self._classes)
        sizes = [len(group) for group in self._alike]
        constraints = [LinearConstraint(numpy.kron(numpy.eye(rows), numpy.ones(columns)), sizes, sizes)]
        for _, counted, inside, number in self._published:
            constraints.append(LinearConstraint(self._cells(counted, inside), number, number))
        solved = milp(
            self._cells(people, classes),
            constraints=constraints,
            bounds=Bounds(0, numpy.repeat(sizes, columns)),
            integrality=numpy.ones(rows * columns),
        )
        return bool(solved.success) and round(solved.fun) == len(people)

    def _cells(self, people: People, classes: frozenset[str]) -> numpy.ndarray:
        return numpy.kron(
            [float(group <= people) for group in self._alike], [float(name in classes) for name in self._classes]
        )


def _counts(release: Release, distribution: str) -> Iterator[tuple[People, frozenset[str], int]]:
    column = {"orientations": "orientation", "dominant_motives": "scale"}[distribution]
    with duckdb.connect(str(release.published), read_only=True) as connection:
        rows = connection.execute(
            f'select unit_type, unit_id, {column}, "count" from {distribution}'
            " where unit_type = 'collective' and \"count\" is not null and figures_of is null"
        ).fetchall()
        rows += connection.execute(
            f"select '{REST}', organisation_id, key, number from rest_groups"
            " where table_name = ? and figure = 'count' and figures_of is null",
            [distribution],
        ).fetchall()
        oriented = dict(connection.execute("select scale, orientation from scales where kind = 'motive'").fetchall())
    finest = {"self", "balanced", "community"} if distribution == "orientations" else {*oriented, "mixed"}
    named = defaultdict(set)
    for kind, name, label, _ in rows:
        named[kind, name].add(label)
    for kind, name, label, number in rows:
        if label == "other":
            classes = finest - named[kind, name]
        elif label.startswith("orientation_"):
            classes = {scale for scale, side in oriented.items() if label == f"orientation_{side}"}
        else:
            classes = {label}
        yield release.people((kind, name), 20), frozenset(classes), int(number)
