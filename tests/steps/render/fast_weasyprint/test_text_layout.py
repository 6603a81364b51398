"""Texts are laid out once instead of twice; the page is the same, to the pixel."""

import pypdfium2
from PIL import ImageChops

from flows.steps.render import documents
from tests.steps.render.fast_weasyprint.reports import plain_pdf

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


def _drawn(pdf):
    document = pypdfium2.PdfDocument(pdf)
    try:
        return [page.render(scale=2).to_pil().convert("L") for page in document]
    finally:
        document.close()


def test_a_page_is_the_same_as_weasyprints_own():
    ours, _ = documents.write_pdf(PAGE, {})
    for one, other in zip(_drawn(ours), _drawn(plain_pdf(PAGE, {})), strict=True):
        assert ImageChops.difference(one, other).getbbox() is None


def test_the_same_page_is_the_same_bytes_however_often():
    first, _ = documents.write_pdf(PAGE, {})
    assert documents.write_pdf(PAGE, {})[0] == first
