"""Texts are laid out once for all places and documents that have them; the page is WeasyPrint's own, to the pixel."""

import io

import pikepdf
import pypdfium2
import pytest
from PIL import ImageChops

from flows.foundation.resources import resource
from flows.steps.render import documents
from flows.steps.render.fast_weasyprint import text_layout
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
LONG = "Iets doen voor de gemeenschap, idealen en maatschappij, invloed en zeggenschap. " * 3
STYLES = {
    "lines": "",
    "a narrow box": "width: 30mm",
    "no room at all": "width: 1mm",
    "no wrapping": "white-space: nowrap",
    "spaces kept": "white-space: pre",
    "wrapped with spaces kept": "white-space: pre-wrap; width: 40mm",
    "justified": "text-align: justify; width: 40mm",
    "letters apart": "letter-spacing: 2pt; width: 60mm",
    "words apart": "word-spacing: 4pt; width: 60mm",
    "underlined": "text-decoration: underline; width: 60mm",
    "broken anywhere": "overflow-wrap: anywhere; width: 8mm",
    "all letters alike": "word-break: break-all; width: 20mm",
    "hyphenated": "hyphens: auto; width: 20mm",
    "hyphenated without room": "hyphens: auto; width: 2mm",
    "hyphens only where they are": "hyphens: none; width: 20mm",
    "figures of one width": "font-variant-numeric: tabular-nums; width: 40mm",
    "from right to left": "direction: rtl; width: 60mm",
}
TEXTS = {
    "words": LONG,
    "a soft hyphen": "Gemeenschaps\xadzin en buurt\xadbetrokken\xadheid " * 4,
    "tabs": "een\ttwee\tdrie",
    "a word too long": "meervoudigepersoonlijkheidsstoornis" * 3,
    "numbers and signs": "−12,5 · 47–69% · 1.234 « x »",
    "one space": " ",
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
    boxes = "".join(f'<p style="{style}">{text}</p><p style="{style}">{text}</p>' for style in styles)
    return f'<html lang="nl"><head><title>x</title></head><body><h1>x</h1>{boxes}</body></html>'


def _written(pdf: bytes) -> list[bytes]:
    """What each page draws."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        return [page.Contents.read_bytes() for page in document.pages]


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_each_kind_of_text_is_drawn_as_weasyprint_draws_it_also_where_another_document_had_it(text):
    every, narrow = _page(list(STYLES.values()), text), _page([STYLES["no room at all"]], text)
    drawn = [_written(documents.write_pdf(page, {})[0]) for page in (every, narrow, every)]
    assert drawn[0] == drawn[2]
    assert drawn[0] == _written(reports.plain_pdf(every, {}))
    assert drawn[1] == _written(reports.plain_pdf(narrow, {}))


def test_a_second_document_lays_out_nothing_that_the_first_one_had():
    page = _page(["", "width: 30mm"], LONG)
    documents.write_pdf(page, {})
    before = text_layout._laid_out.cache_info()
    documents.write_pdf(page, {})
    after = text_layout._laid_out.cache_info()
    assert after.misses == before.misses
    assert after.hits > before.hits


def test_no_style_sheet_cuts_a_line_off_which_would_change_a_shared_layout():
    for name in documents.STYLE_SHEETS:
        text = resource("report_templates", name).read_text(encoding="utf-8")
        assert not any(word in text for word in ("text-overflow", "line-clamp", "block-ellipsis"))
