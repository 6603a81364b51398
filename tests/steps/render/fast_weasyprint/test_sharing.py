"""Styles, lines and texts are worked out once for all documents; a page is WeasyPrint's own to a millionth of a px."""

import gc
import io
import re
from itertools import product

import pikepdf
import pypdfium2
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import ImageChops
from weasyprint.css import Style
from weasyprint.formatting_structure.boxes import Box

from flows.foundation.resources import resource
from flows.steps.render import documents
from flows.steps.render.fast_weasyprint import line_layout, style_values, text_drawing
from tests.selection import ordinarily
from tests.steps.render.fast_weasyprint import reports

PAGE = """<html lang="nl"><head><title>x</title></head><body>
<div class="running"><span class="running-programme">Programma</span> <span class="running-organisation">Gemeente</span>
<span class="running-period">oktober 2026</span></div>
<h1>Een kop</h1><h2>Een naam die mag breken: Donaudampfschifffahrtselektrizitaetenhauptbetriebswerkbauunterbeamten</h2>
<p class="lead">Een lange zin die over meer dan één regel loopt, met <strong>nadruk</strong> en een
<a href="#x">verwijzing</a>, zodat hij wordt afgebroken waar een spatie staat, en niet daar waar er geen staat.</p>
<ol class="findings"><li>Eén</li><li>Twee</li></ol><p id="x">جمعية الحي en ועד השכונה</p>
<table class="figures"><caption>Cijfers</caption>
<thead><tr><th class="wide">Schaal</th><th class="figure">12,5</th></tr>
</thead><tbody><tr><th>Iets doen voor de gemeenschap</th><td class="figure">57,5 (50–62,5)</td></tr></tbody></table>
</body></html>"""
NUMBER = re.compile(r"-?\d+\.\d+")
SHORT = "Iets doen voor de gemeenschap, idealen en maatschappij, invloed en zeggenschap. "
LONG = SHORT * 2
STYLES = {
    "lines": "",
    "a narrow box": "width: 30mm",
    "no room at all": "width: 1mm",
    "no wrapping": "white-space: nowrap",
    "spaces kept": "white-space: pre",
    "wrapped with spaces kept": "white-space: pre-wrap; width: 40mm",
    "justified": "text-align: justify; width: 40mm",
    "in the middle": "text-align: center; width: 40mm",
    "at the end": "text-align: end; width: 40mm; padding: 1mm 2mm 3mm 4mm; margin: 5mm; border: 1px solid",
    "letters apart": "letter-spacing: 2pt; width: 60mm",
    "words apart": "word-spacing: 4pt; width: 60mm",
    "underlined": "text-decoration: underline; width: 60mm",
    "not to be seen": "visibility: hidden; width: 60mm",
    "broken anywhere": "overflow-wrap: anywhere; width: 8mm",
    "all letters alike": "word-break: break-all; width: 20mm",
    "hyphenated": "hyphens: auto; width: 20mm",
    "hyphenated without room": "hyphens: auto; width: 2mm",
    "hyphens only where they are": "hyphens: none; width: 20mm",
    "figures of one width": "font-variant-numeric: tabular-nums; width: 40mm",
    "from right to left": "direction: rtl; width: 60mm",
    "the first line further in": "text-indent: 8mm; width: 60mm",
    "in columns": "columns: 2; column-gap: 5mm; width: 90mm",
    "cut off": "overflow: hidden; text-overflow: ellipsis; white-space: nowrap; width: 30mm",
    "cut off after two lines": "width: 30mm; max-lines: 2; block-ellipsis: auto; continue: discard",
    "capitals": "text-transform: uppercase; width: 60mm",
    "beside the flow": "position: absolute; top: 3mm; width: 30mm",
    "floating": "float: right; width: 30mm",
}
TEXTS = {
    "words": LONG,
    "a soft hyphen": "Gemeenschaps\xadzin en buurt\xadbetrokken\xadheid " * 4,
    "tabs": "een\ttwee\tdrie",
    "a word too long": "meervoudigepersoonlijkheidsstoornis" * 3,
    "numbers and signs": "−12,5 · 47–69% · 1.234 « x »",
    "one space": " ",
    "spaces of two kinds, which are one letter of the font": "een twee<br/>een\u00a0twee",
    "line breaks": "een<br/>twee<br/><br/>drie",
    "parts that follow the text": "Iets <b>doen</b> <span style='border: solid; border-radius: 2mm'>voor wie</span>",
    "above and below": "a<span style='vertical-align: super'>2</span> b<span style='vertical-align: top'>c</span> " * 3,
    "a box in the line": "voor <span style='display: inline-block; width: 9mm'>in de</span> na",
    "something beside the line": f"<span style='float: left'>links</span> {SHORT}",
    "something out of the line": f"<span style='position: absolute; left: 4mm'>weg</span> {SHORT}",
    "something for another place": f"<span style='position: running(elders)'>elders</span> {SHORT}",
    "something moved": f"<span style='position: relative; top: 2mm'>lager</span> {SHORT}",
}


def _drawn(pdf):
    document = pypdfium2.PdfDocument(pdf)
    try:
        return [page.render(scale=2).to_pil().convert("L") for page in document]
    finally:
        document.close()


def test_a_page_is_the_same_as_weasyprints_own():
    ours, _ = documents.write_pdf(PAGE, {})
    for one, other in zip(_drawn(ours), _drawn(reports.plain_pdf(PAGE, {})), strict=True):
        assert ImageChops.difference(one, other).getbbox() is None


def test_the_same_page_is_the_same_bytes_however_often():
    first, _ = documents.write_pdf(PAGE, {})
    assert documents.write_pdf(PAGE, {})[0] == first


def _page(styles: list[str], text: str) -> str:
    boxes = "".join(f'<div style="{style}">{text}</div><div style="{style}">{text}</div>' for style in styles)
    return f'<html lang="nl"><head><title>x</title></head><body><h1>x</h1>{boxes}</body></html>'


def _written(pdf: bytes) -> str:
    """What the pages draw, and which characters the letters of each font are."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        pages = [page.Contents.read_bytes() for page in document.pages]
        characters = [one.ToUnicode.read_bytes() for one in document.objects if _is_font(one)]
    return b"\n".join(pages + characters).decode()


def _is_font(one: pikepdf.Object) -> bool:
    return isinstance(one, pikepdf.Dictionary) and "/ToUnicode" in one


def _assert_alike(one: str, other: str) -> None:
    """The same but for the last digit that WeasyPrint writes, which is rounded from the last one it computes with."""
    assert NUMBER.sub("#", one) == NUMBER.sub("#", other)
    assert [float(found) for found in NUMBER.findall(one)] == pytest.approx(
        [float(found) for found in NUMBER.findall(other)], rel=0, abs=1.5e-6
    )


TEXTS_THAT_DIFFER_MOST = (
    "words",
    "spaces of two kinds, which are one letter of the font",
    "a soft hyphen",
    "tabs",
    "parts that follow the text",
)


@pytest.mark.filterwarnings("ignore:WeasyPrint")
@pytest.mark.parametrize("name", ordinarily(TEXTS, only=TEXTS_THAT_DIFFER_MOST))
def test_each_kind_of_text_is_drawn_as_weasyprint_draws_it_also_where_another_document_had_it(name):
    text = TEXTS[name]
    every, narrow = _page(list(STYLES.values()), text), _page([STYLES["no room at all"]], text)
    drawn = [_written(documents.write_pdf(page, {})[0]) for page in (every, narrow, every)]
    assert drawn[0] == drawn[2]
    _assert_alike(drawn[0], _written(reports.plain_pdf(every, {})))
    _assert_alike(drawn[1], _written(reports.plain_pdf(narrow, {})))


RULES = {
    "a large first letter": "div::first-letter { font-size: 200% }",
    "another first line": "div::first-line { font-size: 150% }",
    "dots up to a number": "div::after { content: leader('. ') '9' }",
    "something before and after": "div::before { content: '« ' } div::after { content: attr(style) }",
    "a part for the head": "b { position: running(head) } @page { @top-right { content: element(head) } }",
    "a marker inside": "div { display: list-item; list-style-position: inside }",
    "a marker outside": "div { display: list-item; margin-left: 20mm }",
}


@pytest.mark.parametrize("name", ordinarily(RULES, only=list(RULES)[:4]))
def test_what_a_style_sheet_adds_to_a_text_is_drawn_as_weasyprint_draws_it(name):
    # The second text is the first letter of the first one.
    page = _page(["", "width: 30mm"], f"{SHORT} <b>{SHORT}</b>").replace("</body>", f"<div>{SHORT[0]}</div></body>")
    ruled = page.replace("</head>", f"<style>{RULES[name]}</style></head>")
    drawn = [_written(documents.write_pdf(one, {})[0]) for one in (page, ruled, ruled, page)]
    assert drawn[:2] == drawn[:1:-1]
    _assert_alike(drawn[0], _written(reports.plain_pdf(page, {})))
    _assert_alike(drawn[1], _written(reports.plain_pdf(ruled, {})))


INLINE = [
    "strong",
    "span",
    "span style='font-style: italic'",
    "span style='margin: 0 1mm; border: 1px solid'",
    "span style='font-size: 150%'",
]
WORDS = st.sampled_from(["", " ", "buurt", "gemeenschap en ", "−1,5 ", "a\xadb", "<br/>", "ועד "])
PARTS = st.recursive(
    WORDS,
    lambda inside: st.builds(
        lambda tag, content: f"<{tag}>{''.join(content)}</{tag.split()[0]}>",
        st.sampled_from(INLINE),
        st.lists(inside, max_size=4),
    ),
    max_leaves=8,
)
PARAGRAPHS = st.lists(
    st.tuples(st.sampled_from(["", *STYLES.values()]), st.lists(PARTS, min_size=1, max_size=4).map("".join)),
    min_size=1,
    max_size=3,
)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(PARAGRAPHS)
def test_whatever_was_drawn_before_a_page_is_weasyprints_own(paragraphs):
    boxes = "".join(f'<div style="{style}">{text}</div>' for style, text in paragraphs)
    page = f"<html lang='nl'><head><title>x</title></head><body>{boxes}{boxes}</body></html>"
    first, second = (_written(documents.write_pdf(page, {})[0]) for _ in range(2))
    assert first == second
    _assert_alike(first, _written(reports.plain_pdf(page, {})))


@pytest.mark.filterwarnings("ignore:WeasyPrint")
def test_letters_that_no_font_has_are_left_to_weasyprint(monkeypatch):
    # Documents replace such letters before WeasyPrint sees them.
    monkeypatch.setattr(documents.fonts, "drawable_markup", str)
    one, other = (_page(["", "width: 30mm"], f"een {letters} en") for letters in ("\ue123\ue124", "\ue124\ue125"))
    for page in (one, other, one):
        _assert_alike(_written(documents.write_pdf(page, {})[0]), _written(reports.plain_pdf(page, {})))


def test_a_space_that_is_not_drawn_still_lets_a_line_break():
    with_space, without = (
        _page(["width: 30mm"], f"gemeenschap en <strong>{space}</strong>buurt") for space in (" ", "")
    )
    for page in (with_space, without, with_space):
        _assert_alike(_written(documents.write_pdf(page, {})[0]), _written(reports.plain_pdf(page, {})))
    assert _written(documents.write_pdf(with_space, {})[0]) != _written(documents.write_pdf(without, {})[0])


def test_a_paragraph_goes_on_where_the_page_before_it_ended():
    page = _page(["width: 50mm; font-size: 14pt"], LONG * 12)
    _assert_alike(_written(documents.write_pdf(page, {})[0]), _written(reports.plain_pdf(page, {})))
    # Where it begins on the page decides where it goes on.
    lower = page.replace("<h1>", "<h1 style='margin-top: 40mm'>")
    _assert_alike(_written(documents.write_pdf(lower, {})[0]), _written(reports.plain_pdf(lower, {})))


KEPT = (style_values._values, line_layout._kept, text_drawing._kept)


def test_a_second_document_works_out_nothing_that_the_first_one_had():
    page = _page(["", "width: 30mm"], LONG)
    documents.write_pdf(page, {})
    before = [kept.cache_info() for kept in KEPT]
    documents.write_pdf(page.replace("<h1>", "<h1 id='another'>"), {})
    after = [kept.cache_info() for kept in KEPT]
    assert [one.misses for one in after] == [one.misses for one in before]
    assert all(later.hits > earlier.hits for later, earlier in zip(after, before, strict=True))


def test_no_box_and_no_style_of_a_document_is_kept():
    documents.write_pdf(*reports.golden("nl"))
    gc.collect()
    assert [one for one in gc.get_objects() if isinstance(one, Box | Style)] == []


def test_a_layout_that_fails_leaves_nothing_half_kept(monkeypatch):
    page = _page(["width: 31mm"], f"Nog nooit gezien. {LONG}")
    whole = line_layout._without_document

    def fails_at_the_second_line(box):
        if isinstance(box, line_layout.LineBox) and box.position_y > 0:
            raise MemoryError
        return whole(box)

    with monkeypatch.context() as patched:
        patched.setattr(line_layout, "_without_document", fails_at_the_second_line)
        with pytest.raises(MemoryError):
            documents.write_pdf(page, {})
    _assert_alike(_written(documents.write_pdf(page, {})[0]), _written(reports.plain_pdf(page, {})))


def test_no_style_sheet_has_a_length_that_depends_on_the_page():
    for name, unit in product((*documents.STYLE_SHEETS, "elements.css"), ("vw", "vh", "vmin", "vmax", "vi", "vb")):
        assert not re.search(rf"\d{unit}\b", resource("report_templates", name).read_text(encoding="utf-8"))
