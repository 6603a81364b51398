"""What a reader is told of a group that is not told in full is true in every place, in every case."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from flows import warehouse
from flows.foundation.contracts import Validated
from flows.programme.loading import load_programme
from flows.programme.period import Period
from flows.steps.render.quality_page import QualityPage, write_quality_page
from flows.steps.render.report import fill, fill_leaflet
from flows.steps.render.report_context import ReportContext
from tests import programmes
from tests.steps.render.organisation import read_organisation
from tests.steps.render.settings import SETTING

# Members of collectives by the case that they are in; each answers once, in September.
SIZES = {"shown": 24, "below10": 7, "few": 3, "little": 4, "alike": 12, "stands": 12, "silent": 0}
NAMES = {name: name.title() for name in SIZES}


@dataclass(frozen=True)
class Case:
    """A collective, its state in the database, how it counts, and a sentence in each place (None: it has no page)."""

    collective: str
    state: str
    counted_as: str | None
    page: str | None
    overview: str
    leaflet: str
    quality: str


CASES = [
    Case("shown", "full", "collective", "24 of 40 members answered (60 percent).", ">60%<",
         "24 of 40 members answered (60 percent).", ""),
    Case("below10", "levels", "collective", "5–9 members answered: enough for rounded scores, too few for more.",
         ">5–9<", "5–9 members answered", "Only rounded means: fewer than 10 answered."),
    Case("few", "too_few", "rest_group", None,
         "The answers of Few and Little count in the scores of the organisation, put together as those of one group.",
         "The answers of Few count in the scores of the organisation, put together as those of one group.",
         "Nothing: too few answered. Counts in the organisation's figures with other small collectives."),
    Case("little", "too_few", "rest_group", None, "Little: with 1 more answer it has figures of its own.",
         "With 1 more answer it has figures of its own.", "1 more answer"),
    Case("alike", "protected", None, None, "The answers of Alike do not count in the scores of the organisation.",
         "The answers of Alike do not count in the scores of the organisation.",
         "Nothing, to protect people. Does not count in the organisation's figures."),
    Case("stands", "carried", "collective",
         "These are the figures of September 2026. Since then only a few answers came, went or changed;"
         " new figures would tell too much about those members. They are of the 12 answers that counted then.",
         ">35%<", "14 of 40 members answered (35 percent).",
         "The figures of September 2026: since then only a few answers came, went or changed."),
    Case("silent", "nobody", None, None, "Nobody of Silent answered.", "Nobody of Silent answered.",
         "Nothing: nobody answered."),
]  # fmt: skip


@dataclass(frozen=True)
class Shown:
    """What was made of the second month."""

    programme: programmes.TestProgramme
    report: str
    charts: str
    leaflets: dict[str, str]
    quality: str


def _plain(text: str) -> str:
    import re

    return " ".join(re.sub(r"<[^>]*>", " ", text).replace("&#39;", "'").split())


def _answers(name: str, place: int, first: int, count: int, month: str) -> list[dict[str, object]]:
    values = programmes.coherent(3) if name == "alike" else None
    return [
        {**programmes.answers(1000 * place + n, group=name, values=values, submitted=f"{month}-05 12:00:00")}
        for n in range(first, first + count)
    ]


@pytest.fixture(scope="module")
def shown(tmp_path_factory) -> Shown:
    made = programmes.make(tmp_path_factory.mktemp("standings") / "programme")
    made.register(
        [{"organisation_id": "town", "name": "Town", "language": "en"}],
        [
            {"collective_id": name, "organisation_id": "town", "name": title, "type": "watch", "members": "40"}
            for name, title in NAMES.items()
        ],
    )
    programmes.plain_source(made, programmes.ITEMS)
    rows = [row for place, name in enumerate(SIZES) for row in _answers(name, place, 0, SIZES[name], "2026-09")]
    made.export("september.csv", rows)
    made.pretend_release("2026-09")
    later = _answers("stands", list(SIZES).index("stands"), 50, 2, "2026-10")
    made.export("october.csv", [*rows, *later])
    computed = made.compute("2026-10")
    with warehouse.opened(made.settings.folder.warehouse, read_only=True) as connection:
        figures = read_organisation(connection, "town")
    leaflets = {unit.unit_id: _plain(fill_leaflet(figures, unit, SETTING)[0]) for unit in figures.collectives}
    page = Path(made.root) / "quality.html"
    write_quality_page(page, QualityPage("2026-10", "0", Validated(), computed), "en")
    report, charts = fill(figures, SETTING)
    quality = _plain(page.read_text(encoding="utf-8"))
    return Shown(made, report, "".join(charts.values()), leaflets, quality)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.state + "-" + case.collective)
def test_every_place_tells_the_truth_of_a_collective(shown, case):
    found = shown.programme.query(
        "select state, counted_as from published.response_rates where unit_id = ?", case.collective
    )
    assert found == [(case.state, case.counted_as)]
    report = _plain(shown.report)
    assert case.overview in report + shown.charts
    if case.page:
        assert case.page in report
    assert (f'id="collective-{case.collective}"' in shown.report) is (case.page is not None)
    assert case.leaflet in shown.leaflets[case.collective]
    assert case.quality in shown.quality


def test_the_response_is_of_all_who_answered_and_the_figures_say_whom_they_cover(shown):
    """64 answered; of the twelve who are alike nothing is told, and nobody answered in one collective."""
    report = _plain(shown.report)
    assert "64 of 280 members answered (23 percent)." in report
    assert (
        "These scores are about 5 of 7 collectives, with 71 percent of the members; nothing can be told of the others."
        in report
    )


@pytest.mark.slow
def test_where_members_are_unknown_the_figures_are_of_those_who_answered(tmp_path):
    made = programmes.make(tmp_path / "programme")
    made.register(
        [{"organisation_id": "town", "name": "Town", "language": "en"}],
        [
            {"collective_id": name, "organisation_id": "town", "name": name, "type": "watch", "members": members}
            for name, members in (("a", "40"), ("b", ""))
        ],
    )
    programmes.plain_source(made, programmes.ITEMS)
    made.export("a.csv", [programmes.answers(n, group="ab"[n % 2]) for n in range(40)])
    made.compute()
    with warehouse.opened(made.settings.folder.warehouse, read_only=True) as connection:
        text = _plain(fill(read_organisation(connection, "town"), SETTING)[0])
    assert "these figures are of those who answered, not of all members." in text
    assert "40 members answered; how many members there are is not known." in text


@pytest.mark.slow
def test_raised_thresholds_are_printed_and_rule_5_keeps_its_own(tmp_path):
    made = programmes.make(
        tmp_path / "programme", "[disclosure]\nlevels_from = 7\nfull_from = 12\ndistributions_from = 25\n"
    )
    made.register([{"organisation_id": "town", "name": "Town", "language": "en"}], [programmes.COLLECTIVES[0]])
    programmes.plain_source(made, programmes.ITEMS)
    made.export("a.csv", [programmes.answers(n) for n in range(11)])
    computed = made.compute()
    programme = load_programme(made.settings)
    setting = ReportContext.of_run(programme, Period.parse("2026-10"), date(2026, 10, 31), "0")
    with warehouse.opened(made.settings.folder.warehouse, read_only=True) as connection:
        report = _plain(fill(read_organisation(connection, "town"), setting)[0])
    assert "nothing of fewer than 7 answers. With fewer than 12" in report
    assert "a figure is renewed only when at least 5 people came, went or changed their answers." in report
    page = QualityPage("2026-10", "0", Validated(), computed, full_from=programme.policy.full_from)
    quality = write_quality_page(tmp_path / "quality.html", page, "en").read_text(encoding="utf-8")
    assert "Only rounded means: fewer than 12 answered." in quality
