"""A name is drawn whatever it is: what our fonts have as it is, and one sign for each other character that is seen."""

import html
import io
import warnings
from dataclasses import replace
from xml.etree import ElementTree

import pikepdf
import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from flows import warehouse
from flows.steps.render import documents, figures_workbook, fonts
from flows.steps.render.report import fill, fill_leaflet
from tests.steps.render.fast_weasyprint import reports
from tests.steps.render.organisation import read_organisation
from tests.steps.render.reading import words
from tests.steps.render.settings import SETTING, SETTING_WITH_RULES

ORDINARY = [
    "Gemeente ’s-Gravendam & Co <b>", "Ålesund – ‘s-Gravenhage ≥ ≤ →", "Sąsiedzi z ulicy Łódzkiej", "İstanbul Işık",
    "Đường Nguyễn Tất Thành", "Nguye\u0302\u0303n", "Αθήνα Ἑλλάς", "Ђорђе і Київ", "جيران الحي", "شرکت\u200cها",
    "שכנים טובים",
    "Wijk\u00a0Zuid ½ ❤ ☺", "Buurt\u00adwacht", "€ 5 ₪ 7",
]  # fmt: skip
FOREIGN = {
    "Theehuis 茶": "Theehuis □",
    "日本語": "□□□",
    "ＦＵＬＬ": "□□□□",
    "สวัสดี": "□□□□",
    "กำ": "□",
    "क्षि": "□",
    "한국 \u1112\u1161\u11ab": "□□ □",
    "👨‍👩‍👧 thuis": "□ thuis",
    "👍🏽👍": "□□",
    "🇳🇱🇧🇪": "□□",
    "🏴\U000e0067\U000e0062\U000e0077\U000e006c\U000e0073\U000e007f": "□",
    "1\ufe0f\u20e3": "□",
    "❤\ufe0f en ©\ufe0f": "❤ en ©",
    "🩷": "□",
    "A\u0488b": "□b",
    "س\u0301": "□",
    "שלום 茶 עולם": "שלום □ עולם",
    "Noord\u3000Zuid\u2028Oost": "Noord Zuid Oost",
    " \u093f": " □",
    "\ue000\uffff\x00\ud800": "□□□□",
}

# A drawing takes a second: a few of them, and no search for the least name that cannot be drawn.
few_drawings = settings(max_examples=3, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
texts = st.text(st.characters(exclude_categories=()), max_size=20)


def _page(*names: str) -> str:
    rows = "".join(f"<p>{html.escape(name)} <strong>{html.escape(name)}</strong></p>" for name in names)
    return (
        f'<html lang="en"><head><title>x</title></head><body><h1>x</h1>{rows}<img src="chart:a" alt="x"/></body></html>'
    )


def _chart(*names: str) -> str:
    labels = "".join(f'<text x="9" y="{9 * turn}">{html.escape(name)}</text>' for turn, name in enumerate(names))
    frame = 'width="600" height="200" font-family="Source Sans 3" font-size="9"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {frame}>{labels}</svg>'


@pytest.mark.parametrize("name", ORDINARY)
def test_what_our_fonts_have_stays_as_it_is(name):
    assert fonts.drawable(name) == name
    assert fonts.lacking(name) == ()


@pytest.mark.parametrize("language", reports.GOLDEN)
def test_a_report_with_ordinary_names_is_drawn_as_it_was_filled(language):
    text, charts = reports.golden(language)
    filled = "\n".join([text, *charts.values()]).replace("😀", "")
    assert fonts.drawable_markup(filled) == filled


@pytest.mark.parametrize("name", FOREIGN)
def test_one_sign_stands_for_each_visible_character_that_our_fonts_lack(name):
    assert fonts.drawable(name) == FOREIGN[name]


def test_the_characters_that_are_lacking_are_told_whole_and_once():
    assert fonts.lacking("茶 thee 茶 👨‍👩‍👧 □") == ("茶", "👨‍👩‍👧")


@settings(max_examples=500, deadline=None)
@given(texts)
@example("\x7f\u0591")
@example("\ufff9\u0591")
@example("a\u200b\u0591")
def test_whatever_the_text_what_is_drawn_is_of_our_fonts(text):
    drawn = fonts.drawable(text)
    assert fonts.lacking(drawn) == ()
    assert fonts.drawable(drawn) == drawn
    assert len(drawn) <= len(text)
    assert (fonts.REPLACEMENT in drawn) == bool(fonts.lacking(text) or fonts.REPLACEMENT in text)


@settings(max_examples=500, deadline=None)
@given(texts)
@example("\x08\u0962")
@example("<\u0abc")
@example("\x7f\u0591")
@example("a\u200b\u0591")
def test_a_text_in_a_page_is_drawn_as_it_is_alone(text):
    page = ElementTree.fromstring(fonts.drawable_markup(f"<p title='{html.escape(text)}'>{html.escape(text)}</p>"))
    assert (page.text or "").split() == fonts.drawable(text).split()


@given(st.text(st.characters(exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff")))
def test_a_title_is_not_drawn_and_keeps_its_text(text):
    markup = f"<title>{html.escape(text)}</title>"
    assert fonts.drawable_markup(markup) == markup


def test_all_that_our_fonts_have_is_drawn_by_them():
    known = sorted(set().union(*fonts._families()) - set("\n\t\r"))
    pdf, _ = documents.write_pdf(_page("".join(known)), {"a": _chart(*known[:50])})
    with pikepdf.open(io.BytesIO(pdf)) as document:
        used = {str(font.BaseFont) for page in document.pages for font in page.Resources.get("/Font", {}).values()}
    assert {name.split("+")[1].partition("-Sans")[0] for name in used} == {"Source", "Noto"}


@few_drawings
@given(st.lists(texts, min_size=60, max_size=60))
def test_whatever_the_names_a_page_and_a_chart_are_drawn(names):
    """A missing sign would be a warning, and warnings are errors in tests."""
    documents.write_pdf(_page(*names, *FOREIGN), {"a": _chart(*names, *FOREIGN)})


@pytest.fixture(scope="module")
def figures(shared):
    made = shared("computed", 30)
    with warehouse.opened(made.settings.folder.warehouse, read_only=True) as connection:
        return read_organisation(connection, "town")


def _named(figures, name):
    """Everything that a programme may name, under this name."""
    levels = tuple(replace(level, label=name) for level in figures.about.levels)
    mix = tuple(replace(part, label=name) for part in figures.about.mix)
    unit = replace(figures.about, name=name, levels=levels, mix=mix)
    setting = replace(SETTING_WITH_RULES, programme=name, contact=name, notes={"nl": name}, meanings={})
    return replace(figures, name=name, collectives=(unit,)), setting


@pytest.mark.slow
@few_drawings
@given(name=texts.filter(str.strip))
def test_a_report_and_its_leaflet_are_drawn_under_any_name(figures, name):
    named, setting = _named(figures, name)
    documents.write_pdf(*fill(named, setting))
    documents.write_pdf(*fill_leaflet(named, named.collectives[0], setting))


def test_a_report_reads_the_sign_and_its_title_keeps_the_name(figures):
    pdf, _ = documents.write_pdf(*fill(replace(figures, name="Theehuis 茶"), SETTING))
    assert "Theehuis □" in words(pdf)
    with pikepdf.open(io.BytesIO(pdf)) as document, document.open_metadata() as metadata:
        assert "Theehuis 茶" in metadata["dc:title"]


def test_the_workbook_and_the_table_keep_the_name(figures, tmp_path):
    (unit,) = figures.collectives
    named = replace(figures, name="Ｔｏｗｎ", collectives=(replace(unit, name="Theehuis 茶"),))
    book = CalamineWorkbook.from_filelike(io.BytesIO(figures_workbook.workbook(named, SETTING)))
    assert book.get_sheet_by_index(1).to_python()[1][2] == "Theehuis 茶"
    (tmp_path / "table.csv").write_bytes(figures_workbook.table(named))
    assert "Theehuis 茶" in (tmp_path / "table.csv").read_text(encoding="utf-8")


@pytest.fixture
def missing(monkeypatch):
    """A page with a character that our fonts lack, and nothing that stands for it."""
    monkeypatch.setattr(fonts, "drawable_markup", lambda markup: markup)
    return _page("茶"), {"a": _chart()}


def test_a_warning_of_the_renderer_is_an_error_in_tests(missing):
    with pytest.raises(documents.DrawingWarning, match="unsupported by fonts"):
        documents.write_pdf(*missing)


def test_elsewhere_a_warning_costs_nobody_a_report_and_is_told_nowhere(missing, caplog):
    with warnings.catch_warnings(record=True) as warned:
        warnings.resetwarnings()
        assert documents.write_pdf(*missing)[1] == 1
    assert (warned, caplog.messages) == ([], [])
