"""What is delivered, from the database to the dots in a chart, tells of means what is published and nothing else."""

import shutil
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

import pytest

from flows import warehouse
from flows.foundation.contracts import Release
from flows.steps.render import figures_workbook
from flows.steps.render.documents import write_pdf
from flows.steps.render.figures import OrganisationFigures, Unit
from flows.steps.render.levels import Change
from flows.steps.render.report import fill, fill_leaflet
from tests import programmes
from tests.selection import ordinarily
from tests.steps.disclosure import attacker, delivered
from tests.steps.render.organisation import read_organisation
from tests.steps.render.settings import SETTING

SCALES = ("benefit", "community")
ORGANISATIONS = {"town": ("watch", "garden", "care", "choir", "books"), "city": ("only",)}
# Three are too small to be shown, and count together as the rest group of the town.
ANSWERS = {"watch": 24, "garden": 6, "care": 4, "choir": 4, "books": 3, "only": 12}
WITHHELD = {("collective", name) for name in ("care", "choir", "books")}
ON_PAPER = {"page table", "number beside a dot", "dot", "line", "alternative text", "dot side by side"}
OVER_TIME = {"dot over time", "alternative over time"}
WITHOUT_ENDS = {"dot", "dot side by side", "alternative text"} | OVER_TIME
BESIDE = {"workbook", "table", "figures.csv", "figures.parquet", "public file", "public database", "database"}


@dataclass
class Town:
    """Two organisations and their collectives, with whoever answered in each; `exact` are the means before rounding."""

    programme: programmes.TestProgramme
    organisations: Mapping[str, tuple[str, ...]]
    rows: list[dict[str, object]]

    def joins(self, collective: str, month: str, values: list[int]) -> None:
        number = len(self.rows) + 1
        row = programmes.answers(number, group=collective, values=values, submitted=f"{month}-05 12:00:00")
        self.rows.append(row)

    def export(self, month: str) -> None:
        self.programme.export(f"{month}.csv", self.rows)

    def people(self, *collectives: str) -> attacker.People:
        return frozenset((str(row["member"]), str(row["id"])) for row in self.rows if row["group"] in collectives)

    def scores(self, scale: str) -> dict[attacker.Answer, int]:
        """What everybody scored, in grid steps from 0 to 12."""
        items = programmes.INSTRUMENT.items
        return {
            (str(row["member"]), str(row["id"])): sum(
                5 - int(row[item]) if items[item].reverse else int(row[item]) - 1
                for item in programmes.INSTRUMENT.scales[scale].items
            )
            for row in self.rows
        }

    def attacked(self, made: Release) -> attacker.Release:
        """A release as the attacker sees it, with everything that is delivered of it."""
        owners = {name: owner for owner, inside in self.organisations.items() for name in inside}
        return attacker.Release(
            made.folder / f"motiefmix_{made.period}.duckdb",
            made.period,
            {name: self.people(name) for name in owners},
            owners,
            delivered.statements(made.folder, self.programme.settings.folder.public),
        )

    def figures(self, organisation: str) -> OrganisationFigures:
        with warehouse.opened(self.programme.settings.folder.warehouse, read_only=True) as connection:
            return read_organisation(connection, organisation)

    def exact(self, unit: Unit) -> Unit:
        """The unit with means that nobody rounded or withheld."""
        means = dict(
            self.programme.query(
                "select scale, mean from statistics.scale_levels where unit_type = ? and unit_id = ?",
                unit.unit_type,
                unit.unit_id,
            )
        )
        return replace(
            unit, levels=tuple(replace(level, mean=means.get(level.scale, level.mean)) for level in unit.levels)
        )


def _town(folder: Path, organisations: Mapping[str, tuple[str, ...]]) -> Town:
    programme = programmes.make(folder)
    programme.register(
        [{"organisation_id": name, "name": name.title(), "language": _language(name)} for name in organisations],
        [
            {"collective_id": name, "organisation_id": organisation, "name": name.title(), "type": "watch",
             "members": "40"}
            for organisation, collectives in organisations.items()
            for name in collectives
        ],
    )  # fmt: skip
    programmes.plain_source(programme, programmes.ITEMS)
    return Town(programme, organisations, [])


def _language(organisation: str) -> str:
    return "en" if organisation == "city" else "nl"


@dataclass(frozen=True)
class Delivered:
    """Two months of a town, the newest last."""

    town: Town
    made: list[Release]
    releases: list[attacker.Release]


@pytest.fixture(scope="module")
def months(tmp_path_factory: pytest.TempPathFactory) -> Delivered:
    town = _town(tmp_path_factory.mktemp("delivered") / "programme", ORGANISATIONS)
    random = Random(0)
    for name, size in ANSWERS.items():
        for _ in range(size):
            town.joins(name, "2026-10", programmes.coherent(random.randint(1, 9999)))
    published, releases = [], []
    for month in ("2026-10", "2026-11"):
        if releases:
            for number in range(6):
                town.joins("watch", month, programmes.coherent(7 * number))
        town.export(month)
        made = programmes.release_with_reports(town.programme, SETTING, month)
        published.append(made)
        releases.append(town.attacked(made))
    return Delivered(town, published, releases)


@pytest.fixture(params=[0, 1], ids=["first month", "second month"])
def statements(request: pytest.FixtureRequest, months: Delivered) -> tuple[delivered.Statement, ...]:
    return months.releases[request.param].statements


def test_whatever_is_delivered_tells_what_the_database_tells(statements):
    assert delivered.disagreeing(statements) == ()


def test_nothing_is_told_of_what_is_withheld(statements):
    shown = {entry.unit for entry in statements}
    assert shown >= {("collective", name) for name in ("watch", "garden", "only")}
    assert not shown & WITHHELD


def test_everything_in_which_a_mean_can_stand_is_read(statements):
    kinds = {entry.kind for entry in statements}
    assert kinds - OVER_TIME == ON_PAPER | BESIDE
    means = Counter(entry.kind for entry in statements if entry.what == "mean")
    assert set(means) == kinds - {"line"}
    ends = {kind: {entry.what for entry in statements if entry.kind == kind} for kind in kinds}
    assert all(ends[kind] >= {"ci_low", "ci_high"} for kind in kinds - WITHOUT_ENDS)


def test_charts_over_time_tell_what_the_months_before_published(months):
    first, second = (release.statements for release in months.releases)
    assert not {entry.kind for entry in first} & OVER_TIME
    assert {entry.kind for entry in second} >= OVER_TIME
    assert {entry.what for entry in second if entry.kind == "dot over time"} == {"mean", "mean of 2026-10"}


def _means(statements: tuple[delivered.Statement, ...], kind: str, where: str = "") -> Counter:
    return Counter(
        (entry.unit, entry.scale)
        for entry in statements
        if entry.kind == kind and entry.what == "mean" and entry.where.startswith(where)
    )


def test_each_shown_level_has_one_dot_in_the_report_and_one_number_beside_it(statements):
    # The whole of an organisation with one collective is that collective.
    left_out = {("programme", "programme"), ("organisation", "city")}
    shown = {entry: 1 for entry in _means(statements, "database") if entry[0] not in left_out}
    for report in ("town", "city"):
        mine = {(unit, scale) for unit, scale in shown if (unit == ("collective", "only")) == (report == "city")}
        for kind in ("dot", "number beside a dot", "page table", "alternative text"):
            assert _means(statements, kind, f"reports/{report}.pdf") == dict.fromkeys(mine, 1), kind


def test_each_shown_level_has_one_dot_in_the_leaflet_of_its_collective(statements):
    for collective in ("watch", "garden"):
        found = _means(statements, "dot", f"reports/town_leaflets/{collective}.pdf")
        assert found == {(("collective", collective), scale): 1 for scale in programmes.INSTRUMENT.scales}


def test_a_coordinate_tells_a_mean_to_a_tenth_of_a_px(statements):
    widths = {round(10 / entry.resolution) for entry in statements if entry.kind in ("dot", "line")}
    assert widths <= {206, 308}


@pytest.mark.parametrize("scale", SCALES)
def test_all_that_is_delivered_tells_nothing_of_few_people(months, scale):
    means = attacker.Means(attacker.figures_of_releases(months.releases, scale, attacker.levels()), attacker.levels())
    assert means.allow(months.town.scores(scale)), "the attacker is wrong about who is behind which mean"
    assert attacker.attack(months.releases, scale) == ()


Written = tuple[str, Mapping[str, str]]


def _with_exact_dots(town: Town, filled: Callable[[OrganisationFigures], Written], organisation: str) -> Written:
    """A report as it is published, but for the dots, which stand at means that nobody rounded."""
    figures = town.figures(organisation)
    exact = replace(
        figures, whole=town.exact(figures.whole), collectives=tuple(town.exact(unit) for unit in figures.collectives)
    )
    (page, charts), (_, leaking) = filled(figures), filled(exact)
    return page, {name: "\n".join(_lines_with_dots_of(leaking[name], chart)) for name, chart in charts.items()}


def _lines_with_dots_of(leaking: str, chart: str) -> Iterator[str]:
    for leaked, published in zip(leaking.splitlines(), chart.splitlines(), strict=True):
        yield leaked if "<circle" in leaked else published


def _report(figures: OrganisationFigures) -> Written:
    return fill(figures, SETTING)


MIDDLE = [3] * len(programmes.ITEMS)


@pytest.fixture(scope="module")
def stranger(months: Delivered, tmp_path_factory: pytest.TempPathFactory) -> tuple[Town, Release]:
    """A release of the members of the city and one more, in the middle of all scales, that knows of none before it."""
    town = _town(tmp_path_factory.mktemp("stranger") / "programme", {"city": ("only",)})
    town.rows = [row for row in months.town.rows if row["group"] == "only"]
    town.joins("only", "2026-12", MIDDLE)
    town.export("2026-12")
    return town, programmes.release(town.programme, "2026-12")


def _city(folder: Path, town: Town, made: Release, written: Written) -> attacker.Release:
    """A release of the city with this report."""
    copied = folder / made.period
    shutil.copytree(made.folder, copied, ignore=shutil.ignore_patterns("*.pdf"))
    (copied / "reports" / "city.pdf").write_bytes(write_pdf(*written)[0])
    return town.attacked(replace(made, folder=copied))


@pytest.mark.slow
def test_dots_at_rounded_means_keep_the_score_of_a_newcomer(months, stranger, tmp_path):
    town, made = stranger
    after = _city(tmp_path, town, made, _report(town.figures("city")))
    assert _means(after.statements, "dot")
    assert attacker.attack([months.releases[1], after], "benefit") == ()


@pytest.mark.slow
def test_dots_at_exact_means_give_back_the_score_of_a_newcomer(months, stranger, tmp_path):
    town, made = stranger
    before = _city(tmp_path, months.town, months.made[1], _with_exact_dots(months.town, _report, "city"))
    after = _city(tmp_path, town, made, _with_exact_dots(town, _report, "city"))
    for release in (before, after):
        assert {entry.kind for entry in delivered.disagreeing(release.statements)} == {"dot"}
    [found] = attacker.attack([before, after], "benefit")
    [newcomer] = town.people("only") - months.town.people("only")
    score = town.scores("benefit")[newcomer] * attacker.POINTS_PER_GRID_STEP
    assert (found.people, found.low, found.high) == (frozenset([newcomer]), score, score)


def _leaflet(figures: OrganisationFigures, reports: Path) -> None:
    [books] = [unit for unit in figures.collectives if unit.unit_id == "books"]
    (reports / "town_leaflets" / "books.pdf").write_bytes(write_pdf(*fill_leaflet(figures, books, SETTING))[0])


def _pages(figures: OrganisationFigures, reports: Path) -> None:
    (reports / "town.pdf").write_bytes(write_pdf(*_report(figures))[0])


def _workbook(figures: OrganisationFigures, reports: Path) -> None:
    (reports / "town.xlsx").write_bytes(figures_workbook.workbook(figures, SETTING))


def _table(figures: OrganisationFigures, reports: Path) -> None:
    (reports / "town.csv").write_bytes(figures_workbook.table(figures))


@pytest.mark.parametrize(
    ("make", "kinds"),
    ordinarily(
        [
            (_pages, {"dot", "dot side by side", "number beside a dot", "alternative text", "page table"}),
            (_leaflet, {"dot", "number beside a dot", "alternative text"}),
            (_workbook, {"workbook"}),
            (_table, {"table"}),
        ]
    ),
)
def test_a_withheld_level_that_is_shown_nevertheless_is_noticed(months, tmp_path, make, kinds):
    folder = tmp_path / "release"
    shutil.copytree(months.made[1].folder, folder, ignore=shutil.ignore_patterns("*.pdf"))
    figures = months.town.figures("town")
    shown = [months.town.exact(unit) if unit.unit_id == "books" else unit for unit in figures.collectives]
    make(replace(figures, collectives=tuple(shown)), folder / "reports")
    statements = delivered.statements(folder)

    leaks = delivered.disagreeing(statements)
    assert {entry.kind for entry in leaks} == kinds
    assert {entry.unit for entry in leaks} == {("collective", "books")}

    releases = [replace(months.releases[1], statements=statements)]
    books = months.town.people("books")
    scores = months.town.scores("benefit")
    mean = sum(scores[answer] for answer in books) * attacker.POINTS_PER_GRID_STEP / len(books)
    [found] = [entry for entry in attacker.attack(releases, "benefit") if entry.people == books]
    assert found.low == found.high == pytest.approx(mean)


def test_a_level_of_an_earlier_month_that_is_not_published_is_noticed(months, tmp_path):
    folder = tmp_path / "release"
    shutil.copytree(months.made[1].folder, folder, ignore=shutil.ignore_patterns("*.pdf"))
    figures = months.town.figures("city")
    [only] = figures.collectives
    then = tuple(replace(level, mean_then=level.mean + 0.5) for level in only.levels)
    change = Change(then[0].scale, then[0].label, "2025-11", None, 0.5, None, None, False)
    shown = replace(figures, collectives=(replace(only, levels=then, changes=(change,)),))
    (folder / "reports" / "city.pdf").write_bytes(write_pdf(*_report(shown))[0])
    (folder / "reports" / "city.xlsx").write_bytes(figures_workbook.workbook(shown, SETTING))

    leaks = delivered.disagreeing(delivered.statements(folder))
    assert {(entry.kind, entry.unit, entry.what) for entry in leaks} == {
        (kind, ("collective", "only"), "mean_then") for kind in ("dot", "workbook", "alternative text")
    }
    drawn = {entry.scale: entry.value for entry in leaks if entry.kind == "dot"}
    assert drawn == pytest.approx({level.scale: level.mean_then for level in then}, abs=0.05)
