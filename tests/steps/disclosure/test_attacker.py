"""What an attacker with a solver learns of few people: from planted leaks all of it, from real releases nothing."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from random import Random

import duckdb
import pytest

from flows.steps import decisions
from flows.steps.contracts import Release
from tests import programmes
from tests.steps.disclosure import attacker, delivered
from tests.steps.render.settings import SETTING

SCALES = ("benefit", "community")
TOWN = ("organisation", "town")
PROGRAMME = ("programme", "programme")


def exact(people: int) -> float:
    """A step at which a mean gives back the sum of all scores."""
    return 0.01


def _people(first: int, last: int) -> attacker.People:
    return frozenset((f"m{number}", "first") for number in range(first, last + 1))


def _mean(people: attacker.People, scores: Mapping[attacker.Answer, int], step: float) -> float:
    true = sum(scores[answer] for answer in people) * attacker.POINTS_PER_GRID_STEP / len(people)
    return round(round(true / step) * step, 6)


def _write(path: Path, rows: Sequence[tuple]) -> Path:
    """The levels of units on a scale, as they are published: type, id, mean, figures_of."""
    with duckdb.connect(str(path)) as connection:
        connection.execute(
            "create table scale_levels"
            " (unit_type varchar, unit_id varchar, mean double, figures_of varchar, computed_over varchar,"
            " scale varchar)"
        )
        connection.executemany("insert into scale_levels values (?, ?, ?, ?, null, 'benefit')", rows)
    return path


SCORES = {(f"m{number}", "first"): number * 5 % 13 for number in range(1, 60)}
NEWCOMER = ("m13", "first")


def test_a_total_of_a_class_tells_that_all_of_a_withheld_collective_are_in_it(tmp_path):
    watch, care = _people(1, 20), _people(31, 34)
    path = _write(
        tmp_path / "classes.duckdb",
        [("collective", "watch", None, None), ("collective", "care", None, None), (*TOWN, None, None)],
    )
    with duckdb.connect(str(path)) as connection:
        connection.execute("create table dominant_motives (unit_type text, unit_id text, scale text, count bigint)")
        connection.execute("create table orientations (unit_type text, unit_id text, orientation text, count bigint)")
        connection.execute(
            "insert into orientations values ('collective', 'watch', 'self', 12),"
            " ('collective', 'watch', 'community', 8),"
            " ('organisation', 'town', 'self', 12), ('organisation', 'town', 'community', 12)"
        )
    release = attacker.Release(path, "2026-08", {"watch": watch, "care": care}, {TOWN: watch | care})
    assert {(found.scale, found.people) for found in attacker.attack_classes([release], "benefit")} == {
        ("orientations community", care)
    }


@dataclass
class Planted:
    """Releases made by hand, in which nobody protects anything."""

    folder: Path
    step_of: Callable[[int], float]
    releases: list[attacker.Release] = field(default_factory=list)

    def release(
        self,
        period: str,
        collectives: Mapping[str, attacker.People],
        withheld: Sequence[str] = (),
        standing: Mapping[str, tuple[str, attacker.People]] | None = None,
    ) -> None:
        """One organisation, of which some collectives are withheld and the figures of some stood still."""
        standing = standing or {}
        behind = {name: standing.get(name, (None, people)) for name, people in collectives.items()}
        rows = [
            ("collective", name, None if name in withheld else self._told(people), figures_of)
            for name, (figures_of, people) in behind.items()
        ]
        rows.append((*TOWN, self._told(frozenset().union(*(people for _, people in behind.values()))), None))
        path = _write(self.folder / f"{period}.duckdb", rows)
        counted = frozenset().union(*collectives.values())
        self.releases.append(attacker.Release(path, period, collectives, {TOWN: counted}))

    def _told(self, people: attacker.People) -> float:
        return _mean(people, SCORES, self.step_of(len(people)))

    def findings(self) -> tuple[attacker.Finding, ...]:
        return attacker.attack(self.releases, "benefit", self.step_of)


@pytest.fixture
def planted(tmp_path: Path) -> Callable[[Callable[[int], float]], Planted]:
    return partial(Planted, tmp_path)


def test_two_exact_means_give_back_the_score_of_a_newcomer(planted):
    leak = planted(exact)
    leak.release("2026-08", {"watch": _people(1, 12)})
    leak.release("2026-09", {"watch": _people(1, 13)})
    [found] = leak.findings()
    score = SCORES[NEWCOMER] * attacker.POINTS_PER_GRID_STEP
    assert (found.why, found.people, found.low, found.high) == ("score known exactly", _people(13, 13), score, score)


def test_rounded_means_keep_the_score_of_a_newcomer_in_the_middle_of_the_scale(planted):
    safe = planted(attacker.step_of)
    safe.release("2026-08", {"watch": _people(2, 13)})
    safe.release("2026-09", {"watch": _people(2, 14)})
    assert safe.findings() == ()


def test_rounded_means_tell_on_which_half_of_the_scale_a_newcomer_at_its_end_is(planted):
    leak = planted(attacker.step_of)
    leak.release("2026-08", {"watch": _people(1, 12)})
    leak.release("2026-09", {"watch": _people(1, 13)})
    [found] = leak.findings()
    assert SCORES[NEWCOMER] == 0
    assert (found.people, found.low) == (_people(13, 13), 0)
    assert found.high < attacker.HALF_OF_THE_SCALE


def test_an_exact_total_gives_back_the_mean_of_the_only_withheld_collective(planted):
    leak = planted(exact)
    groups = {"watch": _people(1, 10), "energy": _people(11, 21), "care": _people(22, 24)}
    leak.release("2026-08", groups, withheld=["care"])
    [found] = leak.findings()
    assert found.people == groups["care"]
    assert found.why == "collective care in release 1 is withheld"
    assert found.low == found.high == pytest.approx(_mean(groups["care"], SCORES, 1e-6))


def test_a_total_gives_back_a_newcomer_to_a_collective_that_is_always_withheld(planted):
    leak = planted(exact)
    leak.release("2026-08", {"watch": _people(1, 10), "care": _people(20, 30)}, withheld=["care"])
    leak.release("2026-09", {"watch": _people(1, 10), "care": _people(20, 31)}, withheld=["care"])
    assert [found.people for found in leak.findings()] == [_people(31, 31)]


def test_a_newcomer_to_a_collective_whose_figures_stood_still_is_safe_under_exact_means(planted):
    safe = planted(exact)
    before, after = _people(1, 12), _people(1, 13)
    safe.release("2026-08", {"watch": before, "energy": _people(20, 40)})
    safe.release("2026-09", {"watch": after, "energy": _people(20, 40)}, standing={"watch": ("2026-08", before)})
    assert safe.findings() == ()


@dataclass(frozen=True)
class Given:
    """One answer of a member, as it stands in the export."""

    row: Mapping[str, object]
    organisation: str

    @property
    def answer(self) -> attacker.Answer:
        return str(self.row["member"]), str(self.row["id"])

    @property
    def collective(self) -> str:
        return str(self.row["group"])

    def score(self, scale: str) -> int:
        """Grid steps from 0 to 12."""
        items = programmes.INSTRUMENT.scales[scale].items
        return sum(
            5 - int(self.row[item]) if programmes.INSTRUMENT.items[item].reverse else int(self.row[item]) - 1
            for item in items
        )


class Town:
    """A made-up programme over some months, in which members join, change their mind and move."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.organisation_of = {
            f"{organisation}-{letter}": organisation
            for organisation in ("town", "county")[: self.random.choice([1, 2])]
            for letter in "abcd"[: self.random.randint(2, 4)]
        }
        self.all_fives = {name for name in self.organisation_of if self.random.random() < 0.1}
        self.members: dict[str, str] = {}
        self.given: list[Given] = []

    def register(self, programme: programmes.TestProgramme) -> None:
        organisations = sorted(set(self.organisation_of.values()))
        programme.register(
            [{"organisation_id": name, "name": name, "language": "nl"} for name in organisations],
            [
                {"collective_id": name, "organisation_id": organisation, "name": name, "type": "watch", "members": "40"}
                for name, organisation in self.organisation_of.items()
            ],
        )

    def lives_through(self, month: str, releases: Sequence[attacker.Release]) -> None:
        """What happens before a month is released."""
        if not releases:
            self.begins(month)
        elif month > max(release.period for release in releases):
            self.goes_on(month)
        else:
            self.hears_late(month)

    def begins(self, month: str) -> None:
        for collective in self.organisation_of:
            for _ in range(self.random.randint(3, 14)):
                self._joins(month, collective)

    def goes_on(self, month: str) -> None:
        for _ in range(self.random.randint(0, 7)):
            self._joins(month, self._some_collective())
        for member in self.random.sample(sorted(self.members), self.random.choice([0, 0, 1, 2, 5])):
            self._answers(month, member)
        for member in self.random.sample(sorted(self.members), self.random.choice([0, 0, 1, 2])):
            self.members[member] = self._some_collective()
            self._answers(month, member)

    def hears_late(self, month: str) -> None:
        """Answers of some people who never answered before, given in a month that is over."""
        collective = self._some_collective()
        for _ in range(self.random.randint(0, 7)):
            self._joins(month, self.random.choice([collective, self._some_collective()]))

    def _some_collective(self) -> str:
        return self.random.choice(list(self.organisation_of))

    def _joins(self, month: str, collective: str) -> None:
        member = f"m{len(self.members) + 1}"
        self.members[member] = collective
        self._answers(month, member)

    def _answers(self, month: str, member: str) -> None:
        collective = self.members[member]
        number = len(self.given) + 1
        submitted = f"{month}-{self.random.randint(1, 28):02} 12:{number // 60:02}:{number % 60:02}"
        row = programmes.answers(
            number, group=collective, values=self._values(collective), submitted=submitted, member=member
        )
        self.given.append(Given(row, self.organisation_of[collective]))

    def _values(self, collective: str) -> list[int]:
        """A level per scale and noise around it; nobody gives quite the same answers twice, but for all fives."""
        values = {}
        for scale in programmes.INSTRUMENT.scales.values():
            level = 5 if collective in self.all_fives else self.random.randint(1, 5)
            for item in scale.items:
                noise = 0 if collective in self.all_fives else self.random.choice([-1, 0, 0, 0, 1])
                number = min(5, max(1, level + noise))
                values[item] = 6 - number if programmes.INSTRUMENT.items[item].reverse else number
        return [values[item] for item in programmes.ITEMS]

    def counted(self, period: str) -> tuple[dict[str, attacker.People], dict[attacker.Unit, attacker.People]]:
        """Whose answers count in each collective, and in each total, at the end of a month."""
        known = [given for given in self.given if str(given.row["submitted"])[:7] <= period]
        known.sort(key=lambda given: str(given.row["submitted"]))
        in_collectives = {(given.answer[0], given.collective): given for given in known}
        in_organisations = {(given.answer[0], given.organisation): given for given in known}
        in_programme = {given.answer[0]: given for given in known}
        collectives = {
            name: frozenset(given.answer for given in in_collectives.values() if given.collective == name)
            for name in self.organisation_of
        }
        totals = {
            ("organisation", name): frozenset(
                given.answer for given in in_organisations.values() if given.organisation == name
            )
            for name in set(self.organisation_of.values())
        }
        totals[PROGRAMME] = frozenset(given.answer for given in in_programme.values())
        return collectives, totals

    def months(self) -> list[str]:
        """The months in the order in which they are released: sometimes one again, or one from before the first."""
        return self.random.choice(
            [
                ["2026-08", "2026-09", "2026-10"],
                ["2026-08", "2026-09", "2026-10", "2026-09"],
                ["2026-08", "2026-09", "2026-08", "2026-10"],
                ["2026-08", "2026-09", "2026-10", "2026-07"],
            ]
        )


Publish = Callable[[programmes.TestProgramme, str], Release]


def _released(folder: Path, town: Town, publish: Publish = programmes.release) -> list[attacker.Release]:
    """A made-up programme, released month after month by the real pipeline."""
    programme = programmes.make(folder / "programme")
    town.register(programme)
    programmes.plain_source(programme, programmes.ITEMS)
    releases: list[attacker.Release] = []
    for number, month in enumerate(town.months()):
        town.lives_through(month, releases)
        programme.export(f"{number + 1}-{month}.csv", [given.row for given in town.given])
        if releases and month <= max(release.period for release in releases):
            _count_late_answers(programme, month)
        made = publish(programme, month)
        told = delivered.statements(made.folder, programme.settings.places.public)
        assert delivered.disagreeing(told) == ()
        published = made.folder / f"motiefmix_{month}.duckdb"
        releases.append(attacker.Release(published, month, *town.counted(month), told))
    return releases


def _count_late_answers(programme: programmes.TestProgramme, month: str) -> None:
    """The owner decides that answers which came after their month was released count."""
    programme.validate(month)
    late = programme.query("select series, answer_key from validated.late_responses order by all")
    decisions.add(
        programme.settings.places.decisions,
        [decisions.Decision("late", series, key, "accept", "2026-11-02") for series, key in late],
    )


def _released_without_protection(folder: Path, town: Town) -> list[attacker.Release]:
    """The same, but every group of five or more has a rounded mean, and no figure stands still."""
    releases = []
    for number, month in enumerate(town.months()):
        town.lives_through(month, releases)
        collectives, totals = town.counted(month)
        scores = {given.answer: given.score("benefit") for given in town.given}
        units = {("collective", name): people for name, people in collectives.items()} | totals
        rows = [
            (*unit, _mean(people, scores, attacker.step_of(len(people))) if len(people) >= 5 else None, None)
            for unit, people in units.items()
        ]
        releases.append(attacker.Release(_write(folder / f"{number}.duckdb", rows), month, collectives, totals))
    return releases


def _finds_nothing(folder: Path, seed: int, publish: Publish = programmes.release) -> None:
    town = Town(seed)
    releases = _released(folder, town, publish)
    for scale in SCALES:
        scores = {given.answer: given.score(scale) for given in town.given}
        means = attacker.Means(attacker.figures_of_releases(releases, scale), attacker.step_of)
        assert means.allow(scores), "the attacker is wrong about who is behind which mean"
        assert attacker.attack(releases, scale) == ()
    assert attacker.attack_classes(releases, SCALES[0]) == ()


def test_releases_of_random_programmes_without_protection_do_tell(tmp_path):
    leaking = 0
    for seed in range(5):
        folder = tmp_path / str(seed)
        folder.mkdir()
        leaking += bool(attacker.attack(_released_without_protection(folder, Town(seed)), "benefit"))
    assert leaking >= 3


def test_releases_of_a_random_programme_tell_nothing_of_few_people(tmp_path):
    _finds_nothing(tmp_path, seed=0)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(100, 200))
def test_releases_of_many_random_programmes_tell_nothing_of_few_people(tmp_path, seed):
    _finds_nothing(tmp_path, seed)


def _with_reports(programme: programmes.TestProgramme, month: str) -> Release:
    return programmes.release_with_reports(programme, SETTING, month)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(200, 210))
def test_reports_of_random_programmes_tell_nothing_of_few_people_either(tmp_path, seed):
    _finds_nothing(tmp_path, seed, _with_reports)
