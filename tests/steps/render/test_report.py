"""Reports: golden text per language, tagged PDFs, the same bytes for the same figures, closed to the outside."""

import io
import os
import re
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pikepdf
import pytest

from flows import warehouse
from flows.foundation.resources import resource
from flows.programme.branding import ACCENT
from flows.steps.render import documents
from flows.steps.render.earlier_months import gather
from flows.steps.render.report import fill, fill_leaflet
from tests import programmes
from tests.report_templates.messages import extracted
from tests.steps.compute.test_profiles import two_types
from tests.steps.render.organisation import read_organisation
from tests.steps.render.partials import WHOLE, by_partial
from tests.steps.render.settings import SETTING, SETTING_WITH_RULES

GOLDEN = Path(__file__).parents[2] / "golden"
COLLECTIVES = [
    {**programmes.COLLECTIVES[0], "collective_id": "large", "name": "Buurtwacht & Co <b>", "members": "90"},
    {**programmes.COLLECTIVES[0], "collective_id": "small", "name": "Klein", "members": "12"},
    {**programmes.COLLECTIVES[0], "collective_id": "tiny", "name": "Heel klein", "members": ""},
    {**programmes.COLLECTIVES[0], "collective_id": "alike", "name": "Eensgezind", "members": "20"},
]


@pytest.fixture(scope="module")
def programme(tmp_path_factory):
    made = programmes.make(tmp_path_factory.mktemp("render") / "programme")
    made.register(
        organisations=[
            {"organisation_id": "town", "name": "Gemeente 's-Gravendam", "language": "nl"},
            {"organisation_id": "city", "name": "City of Ruritania \U0001f600", "language": "en"},
        ],
        collectives=[
            *COLLECTIVES,
            {**COLLECTIVES[0], "organisation_id": "city", "collective_id": "only", "name": "Only watch"},
        ],
    )
    programmes.plain_source(made, programmes.ITEMS)
    rows = [programmes.answers(n, group="large") for n in range(1, 41)]
    rows += [programmes.answers(n, group="small") for n in range(50, 57)]
    rows += [programmes.answers(n, group="tiny") for n in range(60, 63)]
    rows += [programmes.answers(n, group="alike", values=programmes.coherent(5)) for n in range(100, 112)]
    rows += [programmes.answers(n, group="only") for n in range(70, 95)]
    made.export("answers.csv", rows)
    made.compute()
    return made


def _filled(programme, organisation, earlier=None):
    with warehouse.opened(programme.settings.folder.warehouse, read_only=True) as connection:
        return fill(read_organisation(connection, organisation, earlier), SETTING)


@pytest.fixture(scope="module")
def earlier(programme, tmp_path_factory):
    """Three months before: a figure, none, and the same figure carried forward."""
    target = tmp_path_factory.mktemp("earlier") / "earlier.duckdb"
    gather([], target)
    with warehouse.opened(target) as connection:
        for unit_type, unit_id in (("organisation", "town"), ("collective", "large"), ("collective", "only")):
            for scale in programmes.INSTRUMENT.scales:
                for period, figures_of in (("2026-07", None), ("2026-09", "2026-07")):
                    row = [period, unit_type, unit_id, scale, 55.0, figures_of]
                    connection.execute("insert into levels values (?, ?, ?, ?, ?, ?)", row)
    return target


def test_where_there_are_no_similar_collectives_that_is_the_reason(programme):
    with warehouse.opened(programme.settings.folder.warehouse, read_only=True) as connection:
        figures = read_organisation(connection, "city")
    [only] = figures.collectives
    levels = tuple(replace(level, peers=None, verdict=None, ci_low=10.0, ci_high=90.0) for level in only.levels)
    text = fill(replace(figures, collectives=(replace(only, levels=levels, changes=()),)), SETTING)[0]
    assert "There are too few similar collectives to compare with." in text


@pytest.mark.parametrize(
    ("of_motives", "of_others", "sentence"),
    [
        (["similar"], "similar", "No score is clearly outside the middle half of similar collectives."),
        (
            ["uncertain"],
            "similar",
            "For most scores we cannot tell whether they differ from those of similar collectives; the others do not"
            " clearly differ.",
        ),
        (
            ["uncertain"],
            "uncertain",
            "It is unclear whether scores differ from those of similar collectives: the ranges are too wide,"
            " or those collectives differ too little.",
        ),
        (
            ["higher", "similar"],
            "similar",
            "Apart from reasons, no score is clearly outside the middle half of similar collectives.",
        ),
    ],
)
def test_the_first_page_says_no_more_of_similar_collectives_than_is_known(programme, of_motives, of_others, sentence):
    """A reason that is outside needs no action, and is not said to be like the others."""
    with warehouse.opened(programme.settings.folder.warehouse, read_only=True) as connection:
        figures = read_organisation(connection, "city")
    [only] = figures.collectives
    verdicts = iter([*of_motives, *[of_motives[-1]] * len(only.motives)])
    levels = tuple(
        replace(level, peers=6, p25=40.0, p75=60.0, verdict=next(verdicts) if level.kind == "motive" else of_others)
        for level in only.levels
    )
    # Intervals that overlap, so that no condition is the lowest.
    levels = tuple(replace(level, ci_low=10.0, ci_high=90.0) for level in levels)
    text = fill(replace(figures, collectives=(replace(only, levels=levels, changes=()),)), SETTING)[0]
    assert sentence in " ".join(text.split())


@pytest.mark.parametrize("organisation", ["town", "city"])
def test_the_text_of_each_partial_is_the_golden_text(programme, earlier, organisation, monkeypatch):
    """Rewrite with MOTIEFMIX_REWRITE_GOLDEN=1, and read the difference before committing it."""
    with warehouse.opened(programme.settings.folder.warehouse, read_only=True) as connection:
        figures = read_organisation(connection, organisation, earlier)
    found = by_partial(monkeypatch, WHOLE, lambda: fill(figures, SETTING_WITH_RULES))
    unit = figures.shown_collectives[0]
    found |= by_partial(monkeypatch, "leaflet", lambda: fill_leaflet(figures, unit, SETTING_WITH_RULES))
    folder = GOLDEN / organisation
    if os.environ.get("MOTIEFMIX_REWRITE_GOLDEN"):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        for name, text in found.items():
            (folder / f"{name}.html").write_text(text, encoding="utf-8")
    assert found == {path.stem: path.read_text(encoding="utf-8") for path in folder.iterdir()}


@pytest.fixture(scope="module")
def pdf(programme):
    return documents.write_pdf(*_filled(programme, "town"))[0]


def test_fonts_are_ours_and_embedded(pdf):
    with pikepdf.open(io.BytesIO(pdf)) as document:
        names = {str(font.BaseFont) for page in document.pages for font in page.Resources.get("/Font", {}).values()}
        assert names
        assert all("Source-Sans-3" in name for name in names)
        for page in document.pages:
            for font in page.Resources.get("/Font", {}).values():
                assert "/FontFile2" in font.DescendantFonts[0].FontDescriptor


def test_the_same_figures_give_the_same_bytes(programme, pdf):
    assert documents.write_pdf(*_filled(programme, "town"))[0] == pdf


def test_a_collective_of_which_nothing_is_shown_has_a_row_that_says_what_it_takes_and_no_page(programme):
    text, charts = _filled(programme, "town")
    (grid,) = [chart for name, chart in charts.items() if name.startswith("grid")]
    row = grid[grid.index(">Heel klein<") :].split('x="0"')[0]
    assert "nog geen cijfers: nog 2 antwoorden nodig" in row
    assert "<circle" not in row
    assert "<h2>Heel klein</h2>" not in text


def test_a_group_of_five_to_nine_is_told_without_counts_or_intervals(programme):
    text, charts = _filled(programme, "town")
    page = text[text.index("<h2>Klein</h2>") : text.index("<h2>Elk lid heeft een eigen mix")]
    assert "5–9 leden vulden de vragenlijst in" in page
    assert "procent" not in re.sub(r"<[^>]*>", "", page).split("5–9 leden")[0]
    chart = charts[re.search(r'src="chart:([^"]+)"', page)[1]]
    assert f'stroke="{ACCENT}" stroke-width="1.5"' not in chart


def test_names_from_the_register_are_text_never_markup(programme):
    text, _ = _filled(programme, "town")
    assert "Buurtwacht &amp; Co &lt;b&gt;" in text
    assert "<b>" not in text.replace("<b>", "", text.count("<li><b>"))


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "https://example.org/x.png", "chart:unknown", "data:,x", "font:../x"]
)
def test_nothing_is_fetched_from_outside(url):
    with pytest.raises(ValueError, match="not an asset of ours"):
        documents.ClosedFetcher({"known": "<svg/>"}).fetch(url)


def test_what_cannot_be_drawn_is_an_error_not_an_empty_figure():
    page = '<html lang="en"><head><title>x</title></head><body><h1>x</h1><img src="chart:gone" alt="x"/></body></html>'
    with pytest.raises(RuntimeError, match="Failed to load image"):
        documents.write_pdf(page, {})


def test_every_text_has_a_dutch_translation():
    from flows.steps.render.language import language

    translations = language("nl").translations
    missing = []
    for message in extracted():
        if isinstance(message, tuple):
            if translations.ngettext(*message, 2) == message[1]:
                missing.append(message[1])
        elif translations.gettext(message) == message:
            missing.append(message)
    # Words that are the same in both languages.
    assert set(missing) <= {
        "Privacy", "Interval", "Item", "Items", "Score", "Scores", "s.d.", "Code", "In %(month)s: %(then)s.",
        "%(title)s: %(words)s.", "score", "ring",
    }  # fmt: skip


def test_numbers_and_months_follow_the_language():
    from flows.steps.render.language import language

    dutch, english = language("nl"), language("en")
    assert (dutch.number(1234.5), english.number(1234.5)) == ("1.234,5", "1,234.5")
    assert (dutch.signed(-2.5), english.signed(3.0), dutch.signed(0.0)) == ("−2,5", "+3", "0")
    assert (dutch.month("2026-10"), english.month("2026-10")) == ("oktober 2026", "October 2026")
    assert dutch.listed(["a", "b", "c"]) == "a, b en c"
    assert (dutch.percentage(0.775), dutch.percentage(0.0625, digits=1)) == ("78%", "6,3%")
    elsewhere = {code: language(code).percentage(0.12, 0.34) for code in ("en", "de", "tr", "hi")}
    assert elsewhere == {"en": "12–34%", "de": "12–34\xa0%", "tr": "%12–34", "hi": "12–34%"}
    assert dutch.listed(["leren en ontwikkelen", "invloed"]) == "leren en ontwikkelen, en invloed"


@pytest.mark.slow
def test_types_of_mixes_are_told_only_where_they_are_stable(tmp_path):
    made = two_types(tmp_path / "programme", 320)
    made.compute()
    assert "Welke soorten mixen voorkomen" in _filled(made, "town")[0]
    (path,) = made.settings.folder.profiles.glob("*")
    path.write_text(re.sub(r'"stability": [0-9.]+', '"stability": 0.79', path.read_text()))
    made.compute()
    assert "Welke soorten mixen voorkomen" not in _filled(made, "town")[0]


@pytest.fixture(scope="module")
def compared(tmp_path_factory):
    """Seven collectives of one type in four organisations; a year ago the first of them answered lower by a point."""
    made = programmes.make(tmp_path_factory.mktemp("compared") / "programme")
    owners = ["town", "a", "a", "b", "b", "c", "c"]
    made.register(
        organisations=[{"organisation_id": name, "name": name, "language": "en"} for name in sorted(set(owners))],
        collectives=[
            {**programmes.COLLECTIVES[0], "organisation_id": owner, "collective_id": f"c{number}", "members": "60"}
            for number, owner in enumerate(owners)
        ],
    )
    programmes.plain_source(made, programmes.ITEMS)
    chance = np.random.default_rng(5)

    def row(number: int, collective: int, submitted: str, shift: int) -> dict[str, object]:
        member = np.random.default_rng(number).normal(3, 0.8, size=11).repeat(3)[: len(programmes.ITEMS)]
        answers = np.clip(np.round(member + collective / 4 + chance.normal(0, 0.5, size=len(member)) + shift), 1, 5)
        return programmes.answers(
            number, group=f"c{collective}", values=[int(value) for value in answers], submitted=submitted
        ) | {"id": f"r{number}-{submitted[:4]}"}

    then = [row(number, 0, "2025-09-05 12:00:00", -1) for number in range(30)]
    now = [row(number, number // 30, "2026-09-05 12:00:00", 0) for number in range(30 * len(owners))]
    made.export("then.csv", then)
    made.validate("2025-10")
    made.pretend_release("2025-10")
    made.export("now.csv", [*then, *now])
    made.compute("2026-10")
    return made


@pytest.mark.slow
def test_a_collective_reads_where_it_stands_beside_similar_ones(compared):
    text, charts = _filled(compared, "c")
    assert re.search(r"‘[^’]+’ is (higher|lower) than in similar collectives: [\d.]+\.", text)
    assert re.search(r"They (differ|are more alike)", text)
    drawn = "".join(charts.values())
    assert ">higher<" in drawn
    assert "beside similar collectives: higher" in text


@pytest.mark.slow
def test_a_change_is_told_with_the_month_it_is_since(compared):
    text, _ = _filled(compared, "town")
    assert re.search(r"‘[^’]+’ rose from [\d.]+ to [\d.]+\.</strong> The rise since October 2025 is very likely", text)


def test_templates_ask_only_for_findings_that_there_are():
    from flows.steps.render.templates import environment

    asked = {
        name
        for ending in ("html", "svg")
        for path in resource("report_templates").rglob(f"*.{ending}")
        for name in re.findall(r"findings\.(\w+)", path.read_text(encoding="utf-8"))
    }
    assert asked == set(environment("en").globals["findings"])


def test_every_element_of_a_template_has_its_place_in_the_sheet_of_elements():
    """A name that the sheet lacks would be set like plain text, and nothing would tell."""
    sheet = resource("report_templates", "elements.css").read_text(encoding="utf-8")
    plain = {"a", "span"}
    pages_of_the_steward = ("quality.html", "site.html")
    templates = [path for path in resource("report_templates").glob("*.html") if path.name not in pages_of_the_steward]
    used = {name for path in templates for name in re.findall(r"<([a-z][a-z0-9]*)", path.read_text(encoding="utf-8"))}
    known = set(re.findall(r"[a-z][a-z0-9]*", re.sub(r"\{[^}]*\}", " ", sheet)))
    assert used - known - plain == set()
