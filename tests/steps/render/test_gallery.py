"""Every edge case of a report: drawn whole, with a story that reads whole, and nothing of anybody else in it.

`pytest -m visual` compares the pages with pictures of them; MOTIEFMIX_REWRITE_GOLDEN=1 takes new pictures. Look at them
before committing: `motiefmix gallery` makes them all.
"""

import html
import io
import itertools
import re
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from PIL import Image
from python_calamine import CalamineWorkbook

from flows.steps.render import render
from tests import gallery
from tests.pictures import looks_as_before
from tests.selection import ordinarily
from tests.steps.render.reading import alternatives, pages, structure, words
from tests.steps.render.settings import SETTING_WITH_RULES

SINGLE = ("one-collective", "n5", "n10", "n200", "no-benchmark", "no-previous", "negative-change", "unknown-members")
DRAWN = (
    *(("one-collective", page) for page in range(4)),
    ("three-collectives", 1), ("three-collectives", 5), ("n5", 0), ("all-withheld", 0), ("right-to-left", 0),
    ("long-names", 6), ("negative-change", 3),
)  # fmt: skip
# What ordinary tests look at: reports and leaflets, one and several collectives, both languages.
ORDINARY = {"one-collective", "three-collectives", "n5", "all-withheld"}


@pytest.fixture(scope="module")
def made(request, tmp_path_factory):
    """Where slow tests run as well, all cases are drawn."""
    mine = [item for item in request.session.items if item.path == request.path]
    has_slow = any(item.get_closest_marker("slow") for item in mine)
    return gallery.make(tmp_path_factory.mktemp("gallery"), () if has_slow else ORDINARY)


def _ordinarily(cases):
    return ordinarily(cases, only=[case for case in cases if case in ORDINARY])


def test_every_ordinary_case_is_drawn(made):
    assert {made.reports[case].status for case in ORDINARY} == {"ready"}


def _text(made, case):
    return words(made.pdf(case))


@pytest.mark.slow
def test_every_case_is_drawn(made):
    assert len(made.reports) == 15
    assert {report.status for report in made.reports.values()} == {"ready"}


def test_no_sentence_runs_into_the_next(made):
    """Without a space after its full stop, as where a template has no blank line between two."""
    texts = {case: "\n".join(pages(made.pdf(case))) for case in made.reports}
    assert {case: found for case, text in texts.items() if (found := re.findall(r"\w+[.;:][A-ZÀ-Ý]\w+", text))} == {}


@pytest.mark.parametrize("case", _ordinarily(SINGLE))
def test_one_collective_is_told_on_three_to_five_pages(made, case):
    assert made.reports[case].pages in (3, 4, 5)


@pytest.mark.slow
def test_each_further_collective_that_is_shown_adds_a_page(made):
    shown = dict(
        made.programme.query(
            "select organisation_id, count(distinct unit_id) from published.scale_levels"
            " inner join published.collectives on unit_id = collective_id where mean is not null group by all"
        )
    )
    beside = {case: made.reports[case].pages - count for case, count in shown.items() if case not in SINGLE}
    assert {beside[case] for case in ("three-collectives", "right-to-left")} <= {5, 6}
    # Long names need more room; so do forty, to stand side by side and in tables.
    assert beside["long-names"] <= 7
    assert beside["forty-collectives"] <= 9


def test_a_fall_in_one_collective_is_the_first_thing_that_a_report_says(made):
    """With its name, from and to; it is the headline of its page, and a suggestion names the collective."""
    report = pages(made.pdf("three-collectives"))
    fell = re.search(r"‘Influence’ fell from ([\d.]+) to ([\d.]+) in Harbour watch\.", report[0])
    assert fell
    (page,) = [text for text in report if "Harbour watch ‘Influence’ fell from" in text]
    assert f"‘Influence’ fell from {fell[1]} to {fell[2]}." in page
    assert "Discuss together: ‘Influence’ has fallen." in page
    assert "Why: ‘Influence’ has fallen." in report[1]


def _filled(page: pypdfium2.PdfPage) -> float:
    """How far down a page its text reaches, as a share of the height between the margins."""
    text = page.get_textpage()
    bottom = min(text.get_charbox(place)[1] for place in range(text.count_chars()))
    top, margin = page.get_height() - 20 * _MILLIMETRE, 14 * _MILLIMETRE
    return (top - bottom) / (top - margin)


_MILLIMETRE = 72 / 25.4


def test_pages_are_filled_but_the_last(made):
    found = {}
    for case in made.reports:
        document = pypdfium2.PdfDocument(made.pdf(case))
        try:
            shares = [round(_filled(document[number]), 2) for number in range(len(document) - 1)]
        finally:
            document.close()
        found |= {f"{case} page {number}": share for number, share in enumerate(shares, start=1) if share < 0.7}
    assert found == {}


_FLAWS = {
    "an entity": r"&(#\d+|[a-z]+);",
    "a range from a number to itself": r"(?<![\d.,])([\d.,]+) ?(?:–|to|tot|of) ?\1(?![\d.,]|\w)",
    "two full stops": r"(?<!\.)\.\.(?!\.)|[?!]\.",
    "from nothing": r"\b(?:by|met) 0 (?:to|tot)\b",
    "a percentage finer than the group": r"\d[.,]\d+ ?%",
    "thousands without a sign": r"(?<![\d.,-])[1-9]\d{4,}(?![\d-])",
}


@pytest.mark.parametrize("flaw", _FLAWS)
def test_no_text_has_a_printed_error(made, flaw):
    """In reports, leaflets, and what is said instead of charts."""
    found = {}
    for case, report in made.reports.items():
        files = [made.pdf(case)]
        files += [(made.folder / entry.file).read_bytes() for entry in report.attachments if entry.kind == "leaflet"]
        text = " ".join(part for pdf in files for part in (words(pdf), *alternatives(pdf)))
        text = text.replace(report.inputs[:12], "")
        if errors := {match[0] for match in re.finditer(_FLAWS[flaw], text)}:
            found[case] = errors
    assert found == {}


_TITLES = re.compile(r"<(caption|h[1-4]|dt|figcaption)\b[^>]*>(.*?)</\1>", re.DOTALL)


@pytest.mark.parametrize(
    "case", _ordinarily([*SINGLE, "three-collectives", "forty-collectives", "long-names", "last-resort"])
)
def test_every_table_figure_and_heading_that_was_written_stands_on_a_page(made, case, tmp_path):
    """What does not fit at the end of the last page may be lost without a word."""
    written = made.written(case, tmp_path / "earlier.duckdb")[0]
    titles = [html.unescape(re.sub(r"<[^>]+>", "", inside)) for _, inside in _TITLES.findall(written)]
    printed = _without_spaces(_text(made, case))
    assert len(titles) > 10
    assert [title for title in titles if _without_spaces(title) not in printed] == []


def _without_spaces(text: str) -> str:
    """Lines may end anywhere in a long name."""
    return re.sub(r"[\s\u00ad\u2010\ufffe-]+", "", text)


@pytest.mark.slow
@pytest.mark.parametrize("case", ["n5", "three-collectives", "all-withheld", "right-to-left", "long-names"])
def test_without_the_patches_of_weasyprint_a_case_has_the_same_pages(made, monkeypatch, case):
    monkeypatch.setenv("MOTIEFMIX_PLAIN_WEASYPRINT", "1")
    folder = made.folder.with_name(f"plain-{case}")
    database = made.programme.settings.folder.warehouse
    (report,) = render(database, [case], SETTING_WITH_RULES, folder, processes=1, earlier=made.earlier)
    for path in (f"{case}.pdf", *(entry.file for entry in report.attachments if entry.kind == "leaflet")):
        found, expected = ((parent / path).read_bytes() for parent in (folder, made.folder))
        # WeasyPrint itself draws a name in a chart letter by letter from the left, also a Hebrew one.
        order = sorted if case == "right-to-left" else str
        assert [order(_without_spaces(page)) for page in pages(found)] == [
            order(_without_spaces(page)) for page in pages(expected)
        ]


def test_no_page_is_a_hole(made):
    for case in made.reports:
        for text in pages(made.pdf(case)):
            assert len(text) > 150


def test_the_workbook_says_how_many_answered_both_times(made):
    sheet = CalamineWorkbook.from_path(str(made.folder / "three-collectives.xlsx")).get_sheet_by_name("Changes")
    heading, *rows = sheet.to_python()
    published = made.programme.query(
        "select distinct respondents_both from published.changes where unit_id = 'three-collectives'"
        " and respondents_both is not null order by all"
    )
    both = {row[heading.index("Answered both times")] for row in rows if row[1] == "three-collectives"}
    assert sorted(both) == [number for (number,) in published]
    assert both


@pytest.mark.parametrize("case", _ordinarily(["all-withheld", "unanimous"]))
def test_where_all_is_withheld_the_report_says_why_and_shows_no_figure(made, case):
    text = _text(made, case)
    assert re.search("Om de mensen achter de antwoorden te beschermen|To protect the people behind the answers", text)
    assert alternatives(made.pdf(case)) == []
    assert len(pages(made.pdf(case))) <= 3


@pytest.mark.parametrize("case", _ordinarily(["n5", "n10"]))
def test_below_twenty_no_members_are_counted_by_class(made, case):
    text = _text(made, case)
    assert "vooral voor de gemeenschap" not in re.sub("Hoeveel leden [^.]*vooral voor de gemeenschap meedoen", "", text)
    assert "Hoe leden zich over groepen verdelen, laten we pas vanaf 20 antwoorden zien" in text


def test_a_group_of_five_has_neither_interval_nor_suggestion(made):
    assert "Het kan helpen" not in _text(made, "n5")
    for why in (
        "Suggesties geven we vanaf 10 antwoorden",
        "te weinig om te zeggen wat opvalt",
        "Hoe sterk leden van elkaar verschillen, laten we zien vanaf 10 antwoorden",
    ):
        assert why in _text(made, "n5")
    assert "5–9" in _text(made, "n5")
    assert "Blijven meedoen Een score van 0 tot 100." in _text(made, "n5"), "no large figure stands alone"
    assert "Niet getoond: ‘Gehoor bij de organisatie’. Bijna iedereen vulde hier hetzelfde in" in _text(made, "n5")


@pytest.mark.slow
def test_from_twenty_on_members_are_counted_with_the_share_and_its_interval(made):
    assert re.search(r"\d+ \d+% \(\d+–\d+%\)", _text(made, "n200"))


@pytest.mark.slow
def test_the_total_over_one_collective_says_so(made):
    assert "Dit zijn de cijfers van Buurtpreventie West alleen:" in _text(made, "last-resort")


@pytest.mark.slow
def test_a_fall_is_told_first_asked_about_and_answered_with_a_suggestion(made):
    text = _text(made, "negative-change")
    assert re.search(r"‘[^’]+’ daalde van [\d,]+ naar [\d,]+\.", pages(made.pdf("negative-change"))[0])
    assert "is gedaald. Wat is er veranderd? Wat missen we?" in text
    assert "Het kan helpen om leden telkens te laten weten" in text
    assert "Het kan helpen om leden te vragen wat ze eerder wel deden en nu missen" in text


def test_what_cannot_be_compared_is_not_said_to_be_like_the_others(made):
    """A page whose scores could not be compared says so, and not that nothing is outside similar collectives."""
    every = [page for case in made.reports for page in pages(made.pdf(case))[1:]]
    without = [page for page in every if COULD_NOT_COMPARE.search(page)]
    assert without
    assert not any(NOTHING_OUTSIDE.search(page) for page in without)


COULD_NOT_COMPARE = re.compile(r"of ze anders zijn dan\s+bij\s+vergelijkbare|whether they differ\s+from\s+similar")
NOTHING_OUTSIDE = re.compile(r"Geen score is duidelijk\s+anders|No score is clearly\s+outside")


def test_months_of_few_answers_are_dots_without_lines(made, tmp_path):
    """Lines would show rises and falls, which are told from ten answers on."""
    drawn = {}
    for case in ("n5", "one-collective"):
        charts = made.written(case, tmp_path / f"{case}.duckdb")[1]
        drawn[case] = "".join(svg for name, svg in charts.items() if name.startswith("over_time"))
    assert "<circle" in drawn["n5"]
    joins = {case: chart.count('stroke-width="1.5"/>') for case, chart in drawn.items()}
    assert joins["n5"] == 0 < joins["one-collective"]


def test_with_an_earlier_month_and_similar_collectives_both_are_compared_with(made):
    text = _text(made, "one-collective")
    assert "In september 2026: 57,5." in text
    assert "ongeveer gelijk" in text


@pytest.mark.slow
def test_without_an_earlier_month_nothing_is_compared_with_it(made):
    assert "september 2026" not in _text(made, "no-previous").replace("1 september", "")


@pytest.mark.slow
def test_without_similar_collectives_there_is_no_band(made):
    found = re.findall(r"[^.:]*ergelijkbare collectieven[^.]*", _text(made, "no-benchmark"))
    assert [sentence.strip() for sentence in found] == [
        "Er zijn te weinig vergelijkbare collectieven om mee te vergelijken"
    ]


@pytest.mark.slow
def test_a_roster_that_nobody_knows_gives_no_rate(made):
    assert "36 leden vulden de vragenlijst in; hoeveel leden er zijn, is niet bekend." in _text(made, "unknown-members")


@pytest.mark.slow
def test_names_in_other_scripts_are_drawn_and_none_is_lost(made):
    with pikepdf.open(io.BytesIO(made.pdf("right-to-left"))) as document:
        fonts = {
            str(font.BaseFont).split("+")[-1]
            for page in document.pages
            for font in page.Resources.get("/Font", {}).values()
        }
    assert {"Noto-Sans-Arabic", "Noto-Sans-Hebrew"} <= {name.removesuffix("-Bold") for name in fonts}
    assert "?" not in "".join(part for part in pages(made.pdf("right-to-left"))[0].split("Een vraag")[0])


def test_an_organisation_reads_of_no_other(made):
    """Names, ids and references are marks that belong to one organisation each."""
    owners = dict(made.programme.query("select collective_id, organisation_id from published.collectives"))
    names = dict(made.programme.query("select collective_id, name from published.collectives"))
    names |= dict(made.programme.query("select organisation_id, name from published.organisations"))
    marks: dict[str, set[str]] = {case: {case, names[case]} for case in owners.values()}
    for collective, case in owners.items():
        marks[case] |= {collective, names[collective]}
    for case in made.reports:
        delivered = [path for path in made.folder.rglob("*") if path.is_file() and path.parts[-1].startswith(case)]
        delivered += list((made.folder / f"{case}_leaflets").iterdir())
        assert len(delivered) >= 4
        for path in delivered:
            content = _content(path)
            for other, found in marks.items():
                if other != case:
                    assert not [mark for mark in found if re.search(rf"(?<![\w-]){re.escape(mark)}(?![\w-])", content)]


def _content(path: Path) -> str:
    if path.suffix == ".pdf":
        pdf = path.read_bytes()
        with pikepdf.open(io.BytesIO(pdf)) as document, document.open_metadata() as metadata:
            return " ".join([words(pdf), *alternatives(pdf), str(metadata), str(document.docinfo)])
    if path.suffix == ".xlsx":
        import zipfile

        with zipfile.ZipFile(path) as book:
            return " ".join(book.read(name).decode() for name in book.namelist())
    return path.read_text(encoding="utf-8")


def test_leaflets_are_one_page_for_each_collective(made):
    for case, report in made.reports.items():
        leaflets = [entry.file for entry in report.attachments if entry.kind == "leaflet"]
        wanted = made.programme.query("select count(*) from published.collectives where organisation_id = ?", case)
        assert len(leaflets) == wanted[0][0]
        for leaflet in leaflets:
            assert len(pages((made.folder / leaflet).read_bytes())) == 1


def test_all_cases_keep_the_rules_of_structure(made):
    for case in made.reports:
        with pikepdf.open(io.BytesIO(made.pdf(case))) as document:
            kinds = [str(element.S) for element in structure(document)]
        levels = [int(kind[2]) for kind in kinds if re.fullmatch(r"/H[1-6]", kind)]
        assert levels[0] == 1
        assert all(after - before <= 1 for before, after in itertools.pairwise(levels))


def _picture(pdf: bytes, page: int) -> Image.Image:
    document = pypdfium2.PdfDocument(pdf)
    try:
        return document[page].render(scale=0.75, grayscale=True).to_pil()
    finally:
        document.close()


@pytest.mark.visual
@pytest.mark.parametrize(
    ("case", "page"), ordinarily(DRAWN, only=[(case, page) for case, page in DRAWN if case in ORDINARY])
)
def test_a_page_looks_as_it_did(made, case, page):
    assert looks_as_before(_picture(made.pdf(case), page), f"{case}-{page + 1}")


@pytest.mark.visual
def test_a_page_that_looks_otherwise_is_noticed(made, monkeypatch):
    monkeypatch.delenv("MOTIEFMIX_REWRITE_GOLDEN", raising=False)
    assert not looks_as_before(_picture(made.pdf("one-collective"), 1), "one-collective-1")
