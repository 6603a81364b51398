"""No rule of disclosure control is decoration: with all of them nothing leaks, and without one a planted leak does.

The differencing check would withhold what another rule leaves open, so it is switched off with the rule that is tested.
"""

from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb
import pytest

from flows import warehouse
from flows.commands import erase
from flows.foundation.contracts import Audit
from flows.programme import loading as programme_module
from flows.programme.policy import Policy
from flows.steps import publish
from flows.steps.disclosure import differencing
from flows.warehouse import models
from tests import programmes
from tests.steps.disclosure import attacker

SCALE = "benefit"
ITEMS = programmes.INSTRUMENT.scales[SCALE].items
NAMES = ("watch", "energy", "care")


@dataclass
class Town:
    """A programme of collectives, and who answered in which; everybody answers once and the same on all items."""

    programme: programmes.TestProgramme
    answers: dict[str, dict[int, tuple[int, str]]]

    def release(self, period: str, **joining: dict[int, int]) -> attacker.Release:
        """Members (by number) join collectives with an answer from 1 to 5 (0: they skip the scale), in that month."""
        rows = []
        for name, members in joining.items():
            for member, answer in members.items():
                self.answers.setdefault(name, {})[member] = (answer, period)
                rows.append(_row(name, member, answer, period))
        if rows:
            self.programme.export(f"{period}.csv", rows)
        folder = programmes.release(self.programme, period, is_public=False).folder
        collectives = {name: self._counted(name, period) for name in NAMES}
        owners = dict.fromkeys(NAMES, "town")
        return attacker.Release(folder / f"motiefmix_{period}.duckdb", period, collectives, owners)

    def _counted(self, name: str, period: str) -> attacker.People:
        members = self.answers.get(name, {})
        return frozenset((f"m{n}", "first") for n, (answer, since) in members.items() if answer and since <= period)


def _row(name: str, member: int, answer: int, period: str) -> dict[str, object]:
    values = dict(zip(programmes.ITEMS, programmes.coherent(member), strict=True))
    for item in ITEMS:
        values[item] = (6 - answer if programmes.INSTRUMENT.items[item].reverse else answer) if answer else ""
    row = programmes.answers(member, group=name, submitted=f"{period}-05 12:00:00")
    return {**row, **values}


@pytest.fixture
def town(tmp_path) -> Town:
    return _made(tmp_path)


def _made(folder: Path) -> Town:
    made = programmes.make(folder / "programme")
    made.register(
        collectives=[{**programmes.COLLECTIVES[0], "collective_id": name, "name": name.title()} for name in NAMES]
    )
    programmes.plain_source(made, programmes.ITEMS)
    return Town(made, {})


@pytest.fixture
def switched_off(monkeypatch) -> Callable[[str], None]:
    """Switches off a rule, by its number, and with each of them the differencing check and the audit."""

    def switch(rule: str) -> None:
        monkeypatch.setattr(differencing, "_in_all", lambda *_: [])
        monkeypatch.setattr(publish, "refuse_unsafe", lambda *_: Audit())
        policies = {
            "1": {"levels_from": 1},
            "3": {"class_from": 1, "distributions_from": 1, "full_from": 1},
            "5": {"set_from": 1},
            "9": {"file_counts_in": 1},
            "7": {"benchmark_peers": 1, "benchmark_organisations": 1},
        }
        if rule in policies:
            changed = policies[rule]
            monkeypatch.setattr(programme_module, "Policy", lambda **given: replace(Policy(**given), **changed))
        if rule == "2":
            monkeypatch.setattr(models, "load_macros", _with_fine_steps(warehouse.load_macros))
        if rule == "4":
            alike = _rewritten("disclosure.first_decisions", "figures.is_alike or", "")
            monkeypatch.setattr(models, "read_models", alike)
        if rule == "7":
            half = _rewritten("published.benchmarks", "and 2 * compared", "or 2 * compared")
            monkeypatch.setattr(models, "read_models", half)
        if rule == "6":
            # As if a response were known by its place in one export, which is another in the next.
            known = (
                "member_hash(cast(response as varchar) || cast((select count(*) from counted.responses) as varchar))"
            )
            forgetful = _rewritten(
                "counted.members", "when is_anonymous\n", f"when is_anonymous then {known} when false\n"
            )
            monkeypatch.setattr(models, "read_models", forgetful)

    return switch


def _with_fine_steps(load: Callable) -> Callable:
    def loaded(connection) -> None:
        load(connection)
        connection.execute("create or replace temp macro level_step(n) as 0.01")

    return loaded


def _rewritten(table: str, rule: str, instead: str) -> Callable:
    read = warehouse.read_models

    def rewritten(schemas):
        found = read(schemas)
        if table in found:
            assert rule in found[table].sql
            found[table] = replace(found[table], sql=found[table].sql.replace(rule, instead))
        return found

    return rewritten


def _rows(release: attacker.Release, query: str) -> list[tuple]:
    with duckdb.connect(str(release.published), read_only=True) as connection:
        return connection.execute(query).fetchall()


def _mixed(first: int, last: int) -> dict[int, int]:
    return {member: 1 + member * 2 % 5 for member in range(first, last + 1)}


def _leaks(*releases: attacker.Release, step=attacker.step_of) -> set[frozenset]:
    return {found.people for found in attacker.attack(releases, SCALE, attacker.levels(step))}


def _people(first: int, last: int) -> frozenset:
    return frozenset((f"m{n}", "first") for n in range(first, last + 1))


JOINING = {"watch": _mixed(1, 28), "energy": _mixed(30, 60), "care": _mixed(61, 64)}


@pytest.fixture(scope="module")
def protected(tmp_path_factory) -> attacker.Release:
    """The first release of three collectives, of which the last is small, by all rules."""
    return _made(tmp_path_factory.mktemp("protected")).release("2026-08", **JOINING)


SMALL = f"select mean from scale_levels where unit_id = 'care' and scale = '{SCALE}'"


@pytest.mark.slow
def test_rule_1_a_mean_of_four_people(protected):
    assert _rows(protected, SMALL) == [(None,)]


@pytest.mark.slow
def test_rule_1_without_it(town, switched_off):
    switched_off("1")
    assert _rows(town.release("2026-08", **JOINING), SMALL) != [(None,)]


def _nobody_is_carried_forward(town: Town, switched_off) -> Iterator[attacker.Release]:
    """Rule 5 is off, so that nothing but the rounding stands between the newcomer and the reader."""
    switched_off("5")
    yield town.release("2026-08", watch=dict.fromkeys(range(1, 12), 3) | {12: 2, 13: 4})
    yield town.release("2026-09", watch={20: 3})


@pytest.mark.slow
def test_rule_2_the_score_of_who_came_last(town, switched_off):
    assert _leaks(*_nobody_is_carried_forward(town, switched_off)) == set()


@pytest.mark.slow
def test_rule_2_without_it(town, switched_off):
    switched_off("2")
    assert _leaks(*_nobody_is_carried_forward(town, switched_off), step=lambda people: 0.01) == {_people(20, 20)}


SMALLEST = 'select min("count") from dominant_motives where unit_id = \'watch\' and "count" > 0'


@pytest.mark.slow
def test_rule_3_a_class_of_few_people(protected):
    ((shown,),) = _rows(protected, SMALLEST)
    assert shown is None or shown >= 5


@pytest.mark.slow
def test_rule_3_without_it(town, switched_off):
    switched_off("3")
    ((shown,),) = _rows(town.release("2026-08", **JOINING), SMALLEST)
    assert shown < 5


ALIKE = dict.fromkeys(range(1, 20), 5) | {20: 4}
OF_ALIKE = f"select mean from scale_levels where unit_id = 'watch' and scale = '{SCALE}'"


def _one_stands_apart(town: Town) -> attacker.Release:
    return town.release("2026-08", watch=ALIKE, energy=_mixed(30, 49), care=_mixed(60, 79))


@pytest.mark.slow
def test_rule_4_all_but_one_gave_the_same_score(town):
    assert _rows(_one_stands_apart(town), OF_ALIKE) == [(None,)]


@pytest.mark.slow
def test_rule_4_without_it(town, switched_off):
    switched_off("4")
    assert _rows(_one_stands_apart(town), OF_ALIKE) != [(None,)]


# Twelve people whose mean is rounded down, and with a thirteenth who says yes to all it is rounded up.
TWELVE = dict.fromkeys(range(1, 9), 2) | dict.fromkeys(range(9, 13), 1)


@dataclass(frozen=True)
class Begun:
    """A town after its first release, on which no rule about later ones had anything to say yet."""

    town: Town
    first: attacker.Release

    def copied(self, folder: Path) -> "Begun":
        programme = programmes.copied(self.town.programme, folder)
        published = programme.root / self.first.published.relative_to(self.town.programme.root)
        return Begun(Town(programme, deepcopy(self.town.answers)), replace(self.first, published=published))


def _begun(folder: Path, watch: dict[int, int]) -> Begun:
    town = _made(folder)
    return Begun(town, town.release("2026-08", watch=watch, energy=_mixed(30, 49)))


@pytest.fixture(scope="module")
def made_with_twelve(tmp_path_factory) -> Begun:
    return _begun(tmp_path_factory.mktemp("twelve"), TWELVE)


@pytest.fixture(scope="module")
def made_with_thirteen(tmp_path_factory) -> Begun:
    return _begun(tmp_path_factory.mktemp("thirteen"), TWELVE | {13: 5})


@pytest.fixture
def twelve(made_with_twelve, tmp_path) -> Begun:
    return made_with_twelve.copied(tmp_path)


@pytest.fixture
def thirteen(made_with_thirteen, tmp_path) -> Begun:
    return made_with_thirteen.copied(tmp_path)


def _then_one_more(begun: Begun) -> Iterator[attacker.Release]:
    yield begun.first
    yield begun.town.release("2026-09", watch={13: 5})


@pytest.mark.slow
def test_rule_5_who_came_last(twelve):
    assert _leaks(*_then_one_more(twelve)) == set()


@pytest.mark.slow
def test_rule_5_without_it(twelve, switched_off):
    switched_off("5")
    assert _people(13, 13) in _leaks(*_then_one_more(twelve))


def _without_ids(programme: programmes.TestProgramme, numbers: range, extra: bool) -> None:
    """Answers of a form that gives no ids; in its second export it has one more column, which no source maps."""
    rows = [
        {key: value for key, value in _row("watch", n, 1 + n % 2, "2026-08").items() if key not in ("id", "member")}
        for n in numbers
    ]
    programme.export(f"{len(numbers)}.csv", [{**row, "comment": "-"} for row in rows] if extra else rows)


def _form_that_gains_a_column(folder: Path) -> programmes.TestProgramme:
    made = programmes.make(folder / "programme")
    programmes.plain_source(made, programmes.ITEMS, response_id="none", respondent="")
    _without_ids(made, range(1, 13), extra=False)
    programmes.release(made, "2026-08", is_public=False)
    _without_ids(made, range(1, 14), extra=True)
    made.compute("2026-09")
    return made


def test_rule_6_a_form_without_ids_is_known_by_its_mapped_values(tmp_path):
    """One newcomer, and a column that nobody maps: the others are the same people."""
    made = _form_that_gains_a_column(tmp_path)
    assert made.query("select distinct figures_of from published.scale_levels where unit_id = 'watch'") == [
        ("2026-08",)
    ]


@pytest.mark.slow
def test_rule_6_without_it(tmp_path, switched_off):
    switched_off("6")
    made = _form_that_gains_a_column(tmp_path)
    assert made.query("select distinct figures_of from published.scale_levels where unit_id = 'watch'") == [(None,)]


def test_rule_7_a_band_of_one_other_collective(protected):
    assert _rows(protected, "select count(*) from benchmarks") == [(0,)]


@pytest.mark.slow
def test_rule_7_without_it(town, switched_off):
    switched_off("7")
    told = town.release("2026-08", **JOINING)
    (band,) = _rows(told, f"select p25, p75 from benchmarks where collective_id = 'watch' and measure = '{SCALE}'")
    (other,) = _rows(told, f"select mean, mean from scale_levels where unit_id = 'energy' and scale = '{SCALE}'")
    assert band == other


def _erased_member(begun: Begun) -> Iterator[attacker.Release]:
    town = begun.town
    yield begun.first
    erase.erase(town.programme.settings, "m13", None, None)
    del town.answers["watch"][13]
    yield town.release("2026-09")


@pytest.mark.slow
def test_rule_8_the_next_month_without_who_was_erased(thirteen):
    assert _leaks(*_erased_member(thirteen)) == set()


@pytest.mark.slow
def test_rule_8_without_it(thirteen, switched_off):
    switched_off("5")
    assert _people(13, 13) in _leaks(*_erased_member(thirteen))


FILES_COUNTED_EXACTLY = "select count(*) from source_versions where accepted % 10 <> 0"


def test_rule_9_how_many_answers_a_file_held(protected):
    assert _rows(protected, FILES_COUNTED_EXACTLY) == [(0,)]


@pytest.mark.slow
def test_rule_9_without_it(town, switched_off):
    switched_off("9")
    assert _rows(town.release("2026-08", **JOINING), FILES_COUNTED_EXACTLY) == [(1,)]


def _five_of_whom_three_answer(begun: Begun) -> Iterator[attacker.Release]:
    """Five new people renew the figures, but on one scale there are only three of them."""
    yield begun.first
    yield begun.town.release("2026-09", watch={13: 5, 14: 5, 15: 5, 16: 0, 17: 0})


def test_rule_10_what_only_all_figures_together_tell(twelve):
    assert _leaks(*_five_of_whom_three_answer(twelve)) == set()


@pytest.mark.slow
def test_rule_10_without_it(twelve, switched_off):
    switched_off("10")
    assert _people(13, 15) in _leaks(*_five_of_whom_three_answer(twelve))
