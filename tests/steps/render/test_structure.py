"""A report for a blind reader: what a checker of PDF/UA-1 looks for in the structure of the file."""

import io
import itertools
import re

import pikepdf
import pytest

from flows import warehouse
from flows.steps.render.documents import write_pdf
from flows.steps.render.report import fill, fill_leaflet
from tests import programmes
from tests.steps.render.organisation import read_organisation
from tests.steps.render.reading import elements, structure, words
from tests.steps.render.settings import SETTING_WITH_RULES

SECOND = {**programmes.COLLECTIVES[0], "collective_id": "park", "name": "Parkwacht"}


@pytest.fixture(scope="module")
def figures(tmp_path_factory):
    made = programmes.make(tmp_path_factory.mktemp("structure") / "programme")
    made.register(collectives=[programmes.COLLECTIVES[0], SECOND])
    programmes.plain_source(made, programmes.ITEMS)
    rows = [programmes.answers(n) for n in range(1, 31)]
    rows += [programmes.answers(n, group="park") for n in range(31, 55)]
    made.export("answers.csv", rows)
    made.compute()
    with warehouse.opened(made.settings.folder.warehouse, read_only=True) as connection:
        return read_organisation(connection, "town")


@pytest.fixture(scope="module", params=["report", "leaflet"])
def document(request, figures):
    filled = (
        fill(figures, SETTING_WITH_RULES)
        if request.param == "report"
        else fill_leaflet(figures, figures.collectives[0], SETTING_WITH_RULES)
    )
    with pikepdf.open(io.BytesIO(write_pdf(*filled)[0])) as opened:
        yield opened


def _kinds(document):
    return [str(element.S) for element in structure(document)]


def test_it_says_that_it_is_pdf_ua_in_which_language_and_what_it_is(document):
    assert str(document.Root.Lang) == "nl"
    assert bool(document.Root.MarkInfo.Marked)
    assert bool(document.Root.ViewerPreferences.DisplayDocTitle)
    with document.open_metadata() as metadata:
        assert metadata["pdfuaid:part"] == "1"
        assert "oktober 2026" in metadata["dc:title"]


def test_headings_begin_with_the_first_level_and_skip_none(document):
    levels = [int(kind[2]) for kind in _kinds(document) if re.fullmatch(r"/H[1-6]", kind)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))


def test_every_figure_has_an_alternative_that_is_a_sentence(document):
    figures = [element for element in structure(document) if str(element.S) == "/Figure"]
    assert figures
    for figure in figures:
        assert len(str(figure.Alt)) > 20
        assert str(figure.Alt).endswith(".")


def test_every_cell_of_a_table_names_its_headings(document):
    elements = structure(document)
    headings = {str(element.ID) for element in elements if str(element.S) == "/TH"}
    for cell in (element for element in elements if str(element.S) == "/TD"):
        named = [
            str(name)
            for attributes in (cell.A if isinstance(cell.A, pikepdf.Array) else [cell.A])
            for name in attributes.get("/Headers", [])
        ]
        assert named
        assert set(named) <= headings


def test_every_cell_of_a_row_with_a_heading_names_it(figures):
    """Of the first column too, not only of the heads of columns."""
    pdf, _ = write_pdf(*fill(figures, SETTING_WITH_RULES))
    with pikepdf.open(io.BytesIO(pdf)) as document:
        rows = [
            [cell for cell in elements(row) if str(cell.S) in ("/TH", "/TD")]
            for row in structure(document)
            if str(row.S) == "/TR"
        ]
        of_body = [row for row in rows if [str(cell.S) for cell in row[:2]] == ["/TH", "/TD"]]
        assert len(of_body) > 10
        for heading, *cells in of_body:
            for cell in cells:
                assert str(heading.ID) in [str(name) for name in cell.A.Headers]


def test_an_item_of_a_list_is_a_label_and_a_body(document):
    """ISO 14289-1, 7.2: what is in an item and is not its label is in its body."""
    items = [element for element in structure(document) if str(element.S) == "/LI"]
    assert items or not [element for element in structure(document) if str(element.S) == "/L"]
    for item in items:
        kinds = [str(child.S) for child in item.K if isinstance(child, pikepdf.Dictionary) and "/S" in child]
        assert kinds in (["/LBody"], ["/Lbl", "/LBody"])


def test_everything_on_a_page_is_part_of_the_structure_or_an_artifact(document):
    """Only the furniture of a page may stand outside: then a reader would not hear it twice."""
    for page in document.pages:
        marked = 0
        for operands, operator in pikepdf.parse_content_stream(page):
            name = str(operator)
            if name in ("BDC", "BMC"):
                assert str(operands[0]) != "/Artifact" or marked == 0
                marked += 1
            elif name == "EMC":
                marked -= 1
            elif name in ("Tj", "TJ"):
                assert marked > 0
        assert marked == 0


def test_every_page_is_reached_by_tab_in_the_order_of_the_structure(document):
    assert all(str(page.Tabs) == "/S" for page in document.pages)
    assert all("/StructParents" in page for page in document.pages)


def test_links_stay_within_the_report_and_say_where_they_lead(document):
    for page in document.pages:
        for link in page.get("/Annots", []):
            assert str(link.Subtype) == "/Link"
            assert "/A" not in link
            assert str(link.Contents)
            assert "/StructParent" in link


def test_links_are_named_by_the_words_that_one_clicks(figures):
    pdf, _ = write_pdf(*fill(figures, SETTING_WITH_RULES))
    with pikepdf.open(io.BytesIO(pdf)) as document:
        names = {str(link.Contents) for page in document.pages for link in page.get("/Annots", [])}
    assert {"Buurtwacht", "Parkwacht", "Hoe deze cijfers zijn gemaakt"} <= names


@pytest.mark.parametrize("above", [200, 230, 240])
def test_wherever_the_method_begins_its_paragraphs_are_printed_once(figures, above):
    """Text in columns that does not fit below its heading goes to the next page, as a whole."""
    text, charts = fill(figures, SETTING_WITH_RULES)
    begin, end = text.index("<body>") + len("<body>"), text.index('<section class="method"')
    pdf, _ = write_pdf(f'{text[:begin]}<h2>x</h2><div style="height: {above}mm"></div>{text[end:]}', charts)
    terms = re.findall(r"<dt>(.*?)</dt>", text[end:])
    assert len(terms) > 3
    assert {term: words(pdf).count(term) for term in terms} == dict.fromkeys(terms, 1)


def test_bookmarks_are_the_headings(figures):
    pdf, _ = write_pdf(*fill(figures, SETTING_WITH_RULES))
    with pikepdf.open(io.BytesIO(pdf)) as document, document.open_outline() as outline:
        titles = [entry.title for top in outline.root for entry in (top, *top.children)]
    assert titles[0] == figures.name
    assert {"Wat aandacht vraagt", "De collectieven naast elkaar", "Buurtwacht", "Parkwacht"} <= set(titles)


def test_reading_order_is_that_of_the_story(figures):
    pdf, _ = write_pdf(*fill(figures, SETTING_WITH_RULES))
    with pikepdf.open(io.BytesIO(pdf)) as document:
        kinds = _kinds(document)
    first_figure, first_table = kinds.index("/Figure"), kinds.index("/Table")
    assert kinds.index("/H1") < kinds.index("/L") < first_figure < first_table
