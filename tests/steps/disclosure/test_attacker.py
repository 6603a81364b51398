"""What an attacker with a solver learns of few people: from planted leaks all of it, from real releases nothing."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from random import Random

import duckdb
import pytest

from flows.commands import erase
from flows.foundation.contracts import Release
from flows.programme import decisions
from flows.steps.validate import checks
from tests import programmes
from tests.selection import ordinarily
from tests.steps.disclosure import attacker, delivered
from tests.steps.render.settings import SETTING

SCALES = ("benefit", "community")


def exact(people: int) -> float:
    """A step at which a mean gives back the sum of all scores."""
    return 0.01


def _people(first: int, last: int) -> attacker.People:
    return frozenset((f"m{number}", "first") for number in range(first, last + 1))


def _mean(people: attacker.People, scores: Mapping[attacker.Answer, int], step: float) -> float:
    true = sum(scores[answer] for answer in people) * attacker.POINTS_PER_GRID_STEP / len(people)
    return round(round(true / step) * step, 6)


def _write(path: Path, rows: Sequence[tuple], rest: Sequence[tuple] = ()) -> Path:
    """The levels of collectives and rest groups on a scale, as they are published: type, id, mean, figures_of."""
    with duckdb.connect(str(path)) as connection:
        connection.execute(
            "create table scale_levels"
            " (unit_type varchar, unit_id varchar, mean double, figures_of varchar, scale varchar)"
        )
        for row in rows:
            connection.execute("insert into scale_levels values (?, ?, ?, ?, 'benefit')", row)
        connection.execute(
            "create table rest_groups (organisation_id varchar, table_name varchar, key varchar, figure varchar,"
            " number double, figures_of varchar)"
        )
        for organisation, mean in rest:
            connection.execute(
                "insert into rest_groups values (?, 'scale_levels', 'benefit', 'mean', ?, null)", [organisation, mean]
            )
    return path


SCORES = {(f"m{number}", "first"): number * 5 % 13 for number in range(1, 60)}
NEWCOMER = ("m13", "first")


def test_numbers_of_two_months_tell_the_class_of_a_newcomer_whatever_was_put_together(tmp_path):
    """All motives in one month and only the largest beside the others in the next."""
    first, second = _people(1, 20), _people(1, 21)
    counts = [
        {"benefit": 10, "community": 5, "mixed": 5},
        {"benefit": 11, "other": 10},
    ]
    releases = []
    for number, (people, published) in enumerate(zip((first, second), counts, strict=True)):
        path = _write(tmp_path / f"{number}.duckdb", [])
        with duckdb.connect(str(path)) as connection:
            connection.execute("create table scales (scale text, kind text, orientation text)")
            connection.execute(
                "insert into scales values ('benefit', 'motive', 'self'), ('community', 'motive', 'community')"
            )
            connection.execute(
                "create table dominant_motives"
                " (unit_type text, unit_id text, scale text, count bigint, figures_of text)"
            )
            for name, count in published.items():
                connection.execute(
                    "insert into dominant_motives values ('collective', 'watch', ?, ?, null)", [name, count]
                )
        releases.append(attacker.Release(path, f"2026-0{8 + number}", {"watch": people}, {"watch": "town"}))
    found = attacker.attack_classes(releases, "dominant_motives")
    assert ("dominant_motives benefit", _people(21, 21)) in {(entry.scale, entry.people) for entry in found}


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
        carried: Mapping[str, tuple[str, attacker.People]] | None = None,
        rest: attacker.People = frozenset(),
    ) -> None:
        """One organisation, of which some collectives are withheld, some are carried forward, and some are the rest."""
        carried = carried or {}
        behind = {name: carried.get(name, (None, people)) for name, people in collectives.items()}
        rows = [
            ("collective", name, None if name in withheld else self._mean(people), figures_of)
            for name, (figures_of, people) in behind.items()
        ]
        path = _write(self.folder / f"{period}.duckdb", rows, [("town", self._mean(rest))] if rest else [])
        self.releases.append(attacker.Release(path, period, collectives, dict.fromkeys(collectives, "town")))

    def _mean(self, people: attacker.People) -> float:
        return _mean(people, SCORES, self.step_of(len(people)))

    def findings(self) -> tuple[attacker.Finding, ...]:
        return attacker.attack(self.releases, "benefit", attacker.levels(self.step_of))


@pytest.fixture
def planted(tmp_path: Path) -> Callable[[Callable[[int], float]], Planted]:
    return partial(Planted, tmp_path)


def test_two_exact_means_give_back_the_score_of_a_newcomer(planted):
    leak = planted(exact)
    leak.release("2026-08", {"watch": _people(1, 12)})
    leak.release("2026-09", {"watch": _people(1, 13)})
    [found] = leak.findings()
    score = SCORES[NEWCOMER] * attacker.POINTS_PER_GRID_STEP
    assert (found.people, found.low, found.high) == (_people(13, 13), score, score)


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
    assert found.high < 50


def test_a_rest_group_gives_back_few_people_when_another_month_tells_of_the_others(planted):
    leak = planted(exact)
    leak.release(
        "2026-08",
        {"care": _people(21, 24), "park": _people(31, 33)},
        ["care", "park"],
        rest=_people(21, 24) | _people(31, 33),
    )
    leak.release("2026-09", {"care": _people(21, 25), "park": _people(31, 33)}, ["park"])
    assert leak.findings()


def test_a_newcomer_to_a_collective_that_is_carried_forward_is_safe_under_exact_means(planted):
    safe = planted(exact)
    before, after = _people(1, 12), _people(1, 13)
    safe.release("2026-08", {"watch": before, "energy": _people(20, 40)})
    safe.release("2026-09", {"watch": after, "energy": _people(20, 40)}, carried={"watch": ("2026-08", before)})
    assert safe.findings() == ()


def test_a_figure_that_is_carried_forward_without_having_been_told_is_noticed(planted):
    wrong = planted(exact)
    wrong.release("2026-08", {"watch": _people(1, 12)})
    wrong.release("2026-09", {"watch": _people(1, 13)}, carried={"watch": ("2026-08", _people(1, 13))})
    with pytest.raises(ValueError, match="no release of that month told it"):
        wrong.findings()


@dataclass(frozen=True)
class Given:
    """One answer of a member, as it stands in the export."""

    row: Mapping[str, object]

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
    """A made-up programme over some months: members join, change their mind, move, are members of two collectives and
    are erased; collectives are renamed and merged.
    """

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
        self.erased: list[str] = []

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
        self.erased = []
        if not releases:
            self.begins(month)
        elif month > max(release.period for release in releases):
            self.goes_on(month)
            self.is_reorganised(month)
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
        # Who moves stays in the first collective with the answer that was given there.
        for member in self.random.sample(sorted(self.members), self.random.choice([0, 0, 1, 2])):
            self.members[member] = self._some_collective()
            self._answers(month, member)

    def is_reorganised(self, month: str) -> None:
        """Sometimes a collective has another name, or two are one, or somebody wants to be forgotten."""
        if self.random.random() < 0.2:
            self._becomes(self._some_collective(), f"new-{month}")
        if self.random.random() < 0.2 and len(self.organisation_of) > 2:
            first, second = self.random.sample(sorted(self.organisation_of), 2)
            self._becomes(first, second)
        if self.random.random() < 0.3:
            self._is_forgotten(self.random.choice(sorted(self.members)))

    def _becomes(self, old: str, new: str) -> None:
        self.organisation_of.setdefault(new, self.organisation_of[old])
        del self.organisation_of[old]
        self.all_fives = {new if name == old else name for name in self.all_fives}
        self.members = {member: new if name == old else name for member, name in self.members.items()}
        self.given = [
            replace(given, row={**given.row, "group": new}) if given.collective == old else given
            for given in self.given
        ]

    def _is_forgotten(self, member: str) -> None:
        del self.members[member]
        self.given = [given for given in self.given if given.answer[0] != member]
        self.erased.append(member)

    def hears_late(self, month: str) -> None:
        """Answers of some people who never answered before, given in a month that is over."""
        collective = self._some_collective()
        for _ in range(self.random.randint(0, 7)):
            self._joins(month, self.random.choice([collective, self._some_collective()]))

    def _some_collective(self) -> str:
        return self.random.choice(sorted(self.organisation_of))

    def _joins(self, month: str, collective: str) -> None:
        member = f"m{len(self.members) + 1 + 1000 * len(self.given)}"
        self.members[member] = collective
        self._answers(month, member)

    def _answers(self, month: str, member: str) -> None:
        collective = self.members[member]
        number = 1 + max((int(given.answer[1][1:]) for given in self.given), default=0)
        submitted = f"{month}-{self.random.randint(1, 28):02} 12:{number // 60 % 60:02}:{number % 60:02}"
        row = programmes.answers(
            number, group=collective, values=self._values(collective), submitted=submitted, member=member
        )
        self.given.append(Given(row))

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

    def counted(self, period: str) -> dict[str, attacker.People]:
        """Whose answers count in each collective at the end of a month."""
        known = [given for given in self.given if str(given.row["submitted"])[:7] <= period]
        known.sort(key=lambda given: str(given.row["submitted"]))
        newest = {(given.answer[0], given.collective): given for given in known}
        return {
            name: frozenset(given.answer for given in newest.values() if given.collective == name)
            for name in self.organisation_of
        }

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


def _released(folder: Path, town: Town, publish: Publish) -> list[attacker.Release]:
    """A made-up programme, released month after month by the real pipeline."""
    programme = programmes.make(folder / "programme")
    town.register(programme)
    programmes.plain_source(programme, programmes.ITEMS)
    releases: list[attacker.Release] = []
    for number, month in enumerate(town.months()):
        town.lives_through(month, releases)
        for member in town.erased:
            erase.erase(programme.settings, member, None, None, in_advance=True)
        town.register(programme)
        programme.export(f"{number + 1}-{month}.csv", [given.row for given in town.given])
        if releases and month <= max(release.period for release in releases):
            _count_late_answers(programme, month)
        made = publish(programme, month)
        public = programme.settings.folder.public
        statements = delivered.statements(made.folder, public if public.exists() else None)
        assert delivered.disagreeing(statements) == ()
        published = made.folder / f"motiefmix_{month}.duckdb"
        releases.append(attacker.Release(published, month, town.counted(month), dict(town.organisation_of), statements))
    return releases


def _count_late_answers(programme: programmes.TestProgramme, month: str) -> None:
    """The owner decides that answers which came after their month was released count."""
    programme.validate(month)
    late = programme.query("select series, answer_key from validated.late_responses order by all")
    decisions.add(
        programme.settings.folder.decisions,
        [decisions.Decision("late", series, key, "accept", "2026-11-02") for series, key in late],
    )


def _released_without_protection(folder: Path, town: Town) -> list[attacker.Release]:
    """The same, but every group of five or more has a rounded mean, and no figure stands still."""
    releases: list[attacker.Release] = []
    scores: dict[attacker.Answer, int] = {}
    for number, month in enumerate(town.months()):
        town.lives_through(month, releases)
        collectives = town.counted(month)
        scores |= {given.answer: given.score("benefit") for given in town.given}
        rows = [
            (
                "collective",
                name,
                _mean(people, scores, attacker.step_of(len(people))) if len(people) >= 5 else None,
                None,
            )
            for name, people in collectives.items()
        ]
        path = _write(folder / f"{number}.duckdb", rows)
        releases.append(attacker.Release(path, month, collectives, dict(town.organisation_of)))
    return releases


def _finds_nothing(folder: Path, seed: int, publish: Publish) -> None:
    town = Town(seed)
    releases = _released(folder, town, publish)
    for scale in SCALES:
        assert attacker.attack(releases, scale) == ()
    assert attacker.attack(releases, SCALES[0], attacker.SHARES) == ()
    assert attacker.attack(releases, "", attacker.ENTROPIES) == ()
    for distribution in ("orientations", "dominant_motives"):
        assert attacker.attack_classes(releases, distribution) == ()


@pytest.mark.slow
def test_releases_of_random_programmes_without_protection_do_tell(tmp_path):
    leaking = 0
    for seed in range(5):
        folder = tmp_path / str(seed)
        folder.mkdir()
        leaking += bool(attacker.attack(_released_without_protection(folder, Town(seed)), "benefit"))
    assert leaking >= 3


@pytest.fixture
def without_checks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Great Expectations takes as long as all statistics, and what it finds changes no answer of these programmes."""

    class Contented:
        def run(self, suite: checks.Suite, rows: object) -> list[checks.Outcome]:
            return []

    monkeypatch.setattr(checks, "checker", Contented)


# What is in public/ is copied from the releases: `test_reports_of_random_programmes` reads it too.
_unpublished = partial(programmes.release, is_public=False)


# The first twenty have every order of months, people who answer all fives and are erased, and collectives that get
# another name or become one; the one that stays takes the least time.
ORDINARY_SEEDS = (9,)


@pytest.mark.usefixtures("without_checks")
@pytest.mark.parametrize("seed", ordinarily(range(20), only=ORDINARY_SEEDS))
def test_releases_of_random_programmes_tell_nothing_of_few_people(tmp_path, seed):
    _finds_nothing(tmp_path, seed, _unpublished)


@pytest.mark.slow
@pytest.mark.usefixtures("without_checks")
@pytest.mark.parametrize("seed", range(100, 400))
def test_releases_of_many_random_programmes_tell_nothing_of_few_people(tmp_path, seed):
    _finds_nothing(tmp_path, seed, _unpublished)


def _with_reports(programme: programmes.TestProgramme, month: str) -> Release:
    return programmes.release_with_reports(programme, SETTING, month)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(400, 410))
def test_reports_of_random_programmes_tell_nothing_of_few_people_either(tmp_path, seed):
    _finds_nothing(tmp_path, seed, _with_reports)
