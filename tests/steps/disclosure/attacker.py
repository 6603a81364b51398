"""A reader who knows who is in which collective and who answered when, and works out from all published means together
what few people answered. Written apart from the gate: it knows the files that are published and the rules, no code.

Each release is read from its database, and from everything else that is delivered when `delivered` has read it: a mean
that is drawn or printed otherwise than it is published tells more than that.

What one person scored on a scale of three items of 1 to 5 is a whole number of grid steps from 0 to 12. Each published
mean bounds the sum of the scores of the people behind it, so that the lowest and the highest mean that any few of them
can have is an integer programme.
"""

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
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
HALF_OF_THE_SCALE = 50.0
# Published numbers are rounded to 1e-6, so that the sum of a few hundred people is sure to 1e-3 grid steps.
SLACK = 1e-3

Answer = tuple[str, str]
"""A person, and which of his or her answers."""
People = frozenset[Answer]


def step_of(people: int) -> float:
    """The step to which the mean of so many people is rounded."""
    return next((step for step in (0.5, 1, 2.5, 5, 10) if (2 * people + 1) * step >= 100), 10)


@dataclass(frozen=True)
class Release:
    """What was published of a period, and whose answers counted in it by then. In the order in which they were made.

    `told` is what `delivered` read of everything else that was made of it.
    """

    published: Path
    period: str
    collectives: Mapping[str, People]
    totals: Mapping[Unit, People]
    told: Sequence[Statement] = ()


@dataclass(frozen=True)
class Row:
    """The published level of a unit on one scale."""

    mean: float | None
    figures_of: str | None
    computed_over: str | None


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
    def is_told(self) -> bool:
        return self.mean is not None or bool(self.leaked)


@dataclass(frozen=True)
class Finding:
    """What the published means tell of few people: their mean lies from `low` to `high`."""

    scale: str
    why: str
    people: People
    low: float
    high: float


def attack(releases: Sequence[Release], scale: str, step_of: Callable[[int], float] = step_of) -> tuple[Finding, ...]:
    """All that each release tells of few people on a scale beside the earlier ones, and should not.

    What earlier ones told alone, of people who could not be told from others until one of them left, is not held
    against the release after which they can: those figures were of five people or more.
    """
    figures = figures_of_releases(releases, scale)
    findings: dict[People, Finding] = {}
    for newest in range(len(releases)):
        known = [figure for figure in figures if figure.release <= newest]
        for finding in _told_by(newest, known, scale, step_of):
            findings.setdefault(finding.people, finding)
    return tuple(findings.values())


def _told_by(newest: int, figures: Sequence[Figure], scale: str, step_of: Callable[[int], float]) -> Iterator[Finding]:
    means = Means(figures, step_of)
    before = Means(
        [replace(entry, mean=None, leaked=()) if entry.release == newest else entry for entry in figures], step_of
    )
    for together in means.alike:
        low, high = means.range_of_one(together)
        if _is_exact(low, high) and not _is_exact(*before.range_of_one(together)):
            yield from (Finding(scale, "score known exactly", frozenset([answer]), low, high) for answer in together)
    for people, why in few_people(figures, means).items():
        most = min(HALF_OF_THE_SCALE, means.left_open_by_a_single_one(people) - SLACK)
        low, high = means.range_of(people)
        if high - low < most:
            low_before, high_before = before.range_of(people)
            if high_before - low_before >= most:
                yield Finding(scale, why, people, low, high)


def attack_classes(releases: Sequence[Release], scale: str) -> tuple[Finding, ...]:
    """Few people of whom all are proven to be in one class, by the numbers of people in classes of each release.

    Months are not laid beside each other: what class somebody is in depends on how well the scales measure that month.
    """
    findings = []
    people_of = {(figure.release, figure.unit): figure.people for figure in figures_of_releases(releases, scale)}
    for number, release in enumerate(releases):
        units = {unit: people for (other, unit), people in people_of.items() if other == number}
        for label, counts in _classes(release.published).items():
            figures = [Figure(number, unit, people, counts.get(unit)) for unit, people in units.items()]
            numbers = Numbers(figures, step_of)
            for people, why in few_people(figures, numbers).items():
                if numbers.least(people) == len(people):
                    findings.append(Finding(label, why, people, 100, 100))
    return tuple(findings)


def _classes(published: Path) -> dict[str, dict[Unit, int]]:
    found: dict[str, dict[Unit, int]] = defaultdict(dict)
    with duckdb.connect(str(published), read_only=True) as connection:
        for table, column in (("orientations", "orientation"), ("dominant_motives", "scale")):
            for unit_type, unit_id, label, count in connection.execute(
                f'select unit_type, unit_id, {column}, "count" from {table}'
                f" where \"count\" is not null and {column} <> 'other'"
            ).fetchall():
                found[f"{table} {label}"][unit_type, unit_id] = count
    return found


def _is_exact(low: float, high: float) -> bool:
    return high - low < POINTS_PER_GRID_STEP / 2


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
        if figure.unit[0] == "collective" and figure.mean is None:
            yield f"{_name(figure)} is withheld", figure.people


def _differences(figures: Sequence[Figure]) -> Nameable:
    for one, other in permutations(figures, 2):
        if one.unit == other.unit:
            yield f"{_name(one)} without {_name(other)}", one.people - other.people


def _remainders(figures: Sequence[Figure]) -> Nameable:
    for figure in figures:
        inside = [other for other in figures if other.is_told and other.people < figure.people]
        same_release = [other for other in inside if other.release == figure.release]
        for which, others in (("the same release", same_release), ("all releases", inside)):
            rest = figure.people.difference(*(other.people for other in others))
            yield f"{_name(figure)} without what is published inside it in {which}", rest


def _counted_alike(means: "Means") -> Nameable:
    for together in means.alike:
        yield "people who are counted in the same figures", together


def _name(figure: Figure) -> str:
    return f"{' '.join(figure.unit)} in release {figure.release + 1}"


class Means:
    """All published means together, as bounds on sums of whole grid steps.

    People who are counted in exactly the same figures are exchangeable: one integer variable stands for their sum.
    """

    most = GRID_STEPS
    """What a person adds at most."""

    def __init__(self, figures: Sequence[Figure], step_of: Callable[[int], float]) -> None:
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
            (figure.people, *self._bounds(figure.mean, len(figure.people), step_of(len(figure.people)) / 2))
            for figure in figures
            if figure.mean is not None
        ]
        self.bounds = self.published + [
            (figure.people, *self._bounds(value, len(figure.people), within))
            for figure in figures
            for value, within in figure.leaked
        ]

    def _bounds(self, mean: float, people: int, within: float) -> tuple[int, int]:
        return _bounds_of_sum(mean, people, within)

    @cached_property
    def _constraints(self) -> list[LinearConstraint]:
        return [LinearConstraint(self._row(people), low, high) for people, low, high in self.bounds]

    def _row(self, people: People) -> numpy.ndarray:
        """1 for each variable that counts in a set of people; a set is made of whole variables."""
        return numpy.array([float(group <= people) for group in self.alike])

    def range_of(self, people: People) -> tuple[float, float]:
        """The lowest and the highest mean that these people can have, in points."""
        low, high = self._sums(people)
        return low * POINTS_PER_GRID_STEP / len(people), high * POINTS_PER_GRID_STEP / len(people)

    def range_of_one(self, together: People) -> tuple[float, float]:
        """The lowest and the highest score of any one of people who are counted in the same figures."""
        low, high = self._sums(together)
        low -= self.most * (len(together) - 1)
        return max(0, low) * POINTS_PER_GRID_STEP, min(self.most, high) * POINTS_PER_GRID_STEP

    def _sums(self, people: People) -> tuple[int, int]:
        row = self._row(people)
        if row @ self.sizes != len(people):
            raise ValueError("These people are no set that follows from the figures.")
        return self._extreme(row), -self._extreme(-row)

    def _extreme(self, row: numpy.ndarray) -> int:
        solved = milp(
            row,
            constraints=self._constraints,
            bounds=Bounds(0, self.most * self.sizes),
            integrality=numpy.ones(len(row)),
        )
        if not solved.success:
            raise ValueError(f"The published means contradict who is said to be behind them: {solved.message}")
        return round(solved.fun)

    def least(self, people: People) -> int:
        """The least sum of these people."""
        return self._sums(people)[0]

    def left_open_by_a_single_one(self, people: People) -> float:
        """The width of what is left for the mean of these people by the one published mean that tells most of them."""
        widths = [GRID_STEPS * len(people)]
        for counted, low, high in self.published:
            inside, outside = len(people & counted), len(people - counted)
            lowest = max(0, low - GRID_STEPS * (len(counted) - inside))
            highest = min(GRID_STEPS * inside, high)
            widths.append(highest - lowest + GRID_STEPS * outside)
        return min(widths) * POINTS_PER_GRID_STEP / len(people)

    def allow(self, scores: Mapping[Answer, int]) -> bool:
        """Whether these scores, in grid steps, agree with every published mean."""
        return all(low <= sum(scores[answer] for answer in people) <= high for people, low, high in self.bounds)


class Numbers(Means):
    """Numbers of people in a class, exact: each person is in it or not."""

    most = 1

    def _bounds(self, mean: float, people: int, within: float) -> tuple[int, int]:
        return int(mean), int(mean)


def _bounds_of_sum(mean: float, people: int, within: float) -> tuple[int, int]:
    """The lowest and the highest sum in grid steps of which the mean is no further than that from a mean."""
    low, high = ((mean + shift) * people / POINTS_PER_GRID_STEP for shift in (-within, within))
    return max(0, math.ceil(low - SLACK)), min(GRID_STEPS * people, math.floor(high + SLACK))


def figures_of_releases(releases: Sequence[Release], scale: str) -> list[Figure]:
    """Every mean of every release, with the people behind it.

    Of a collective whose figures stood still, and of its part in the totals, those of the earlier release.
    """
    standing: list[Standing] = []
    figures = []
    for number, release in enumerate(releases):
        rows = _read(release.published, scale)
        standing.append(_whose_figures_stand(release, rows, standing))
        parts = standing[-1].parts
        for unit, row in rows.items():
            if collective := row.computed_over or (unit[1] if unit[0] == "collective" else None):
                people = frozenset(answer for answer, _ in parts[collective])
            else:
                people = frozenset(answer for part in parts.values() for answer, totals in part if unit in totals)
            figure = Figure(number, unit, people, row.mean, _leaked(release, unit, scale, row.mean))
            if people:
                figures.append(figure)
            elif figure.is_told:
                raise ValueError(f"A mean of nobody was published: {unit}")
    return figures


def _leaked(release: Release, unit: Unit, scale: str, mean: float | None) -> tuple[tuple[float, float], ...]:
    """What a release tells of a mean beside its database, and more than that; each value once."""
    return tuple(
        dict.fromkeys(
            (told.value, told.resolution / 2)
            for told in release.told
            if (told.unit, told.scale, told.what) == (unit, scale, "mean") and not told.agrees_with(mean)
        )
    )


Part = frozenset[tuple[Answer, frozenset[Unit]]]
"""The answers that count in a collective, each with the totals in which it counts too."""


@dataclass(frozen=True)
class Standing:
    """Whose answers are behind the figures of each collective in a release, and of which period those are."""

    period: str
    version: int
    parts: Mapping[str, Part]
    periods: Mapping[str, str]


def _whose_figures_stand(release: Release, rows: Mapping[Unit, Row], earlier: Sequence[Standing]) -> Standing:
    version = 1 + sum(other.period == release.period for other in earlier)
    base = _base(release.period, earlier)
    parts, periods = {}, {}
    for collective, people in release.collectives.items():
        part = frozenset(
            (answer, frozenset(unit for unit, counted in release.totals.items() if answer in counted))
            for answer in people
        )
        figures_of = rows["collective", collective].figures_of
        has_own = base is not None and base.periods[collective] == release.period
        # A new version does not say that figures of its own period stood still; the rule says it.
        if has_own and any(_few_differ(part, other.parts[collective]) for other in earlier):
            figures_of = figures_of or release.period
        if figures_of is None:
            parts[collective], periods[collective] = part, release.period
        elif base is not None and base.periods[collective] == figures_of:
            parts[collective], periods[collective] = base.parts[collective], figures_of
        else:
            raise ValueError(f"Figures of {figures_of} stand in {release.period}, but not in the release before it.")
    return Standing(release.period, version, parts, periods)


def _base(period: str, earlier: Sequence[Standing]) -> Standing | None:
    """The release whose figures stand: the newest one of the period or an earlier month, or else the first month."""
    before = [other for other in earlier if other.period <= period]
    if before:
        return max(before, key=lambda other: (other.period, other.version))
    return min(earlier, key=lambda other: (other.period, other.version), default=None)


def _few_differ(one: Part, other: Part) -> bool:
    return 1 <= len({person for (person, _), _ in one ^ other}) < FEW_PEOPLE


def _read(published: Path, scale: str) -> dict[Unit, Row]:
    with duckdb.connect(str(published), read_only=True) as connection:
        rows: Iterable[tuple] = connection.execute(
            "select unit_type, unit_id, mean, figures_of, computed_over from scale_levels where scale = ?", [scale]
        ).fetchall()
    return {(unit_type, unit_id): Row(*row) for unit_type, unit_id, *row in rows}
