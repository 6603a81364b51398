"""A report looks the same with and without the patches of WeasyPrint, and comes out either way."""

import io
import sys

import pikepdf
import pypdfium2
import pytest
import weasyprint
from PIL import Image, ImageChops
from weasyprint import css, draw
from weasyprint.layout import block
from weasyprint.pdf import tags

from flows.foundation.resources import resource
from flows.steps.render import documents, fast_weasyprint
from tests.selection import ordinarily
from tests.steps.render.fast_weasyprint import reports
from tests.steps.render.reading import alternatives, pages, structure

KINDS = {path.stem for path in resource("report_templates", "charts").glob("*.svg")} - {"axis"}


@pytest.fixture(scope="module", params=ordinarily(reports.GOLDEN))
def both(request):
    """A report with all charts in one language: the fast PDF and the plain one."""
    text, charts = reports.golden(request.param)
    # Only the organisation with several collectives has them side by side.
    assert {name.partition("-")[0] for name in charts} == (KINDS if request.param == "nl" else KINDS - {"grid"})
    return documents.write_pdf(text, charts)[0], reports.plain_pdf(text, charts)


def _drawn(page: pypdfium2.PdfPage) -> Image.Image:
    """A page at 144 dots per inch, each the mean of 16: letters are put at whole dots, and a hair may decide which."""
    return page.render(scale=8, grayscale=True).to_pil().convert("L").reduce(4)


def test_both_ways_draw_the_same_pixels(both):
    opened = [pypdfium2.PdfDocument(pdf) for pdf in both]
    try:
        for fast, plain in zip(*opened, strict=True):
            _, most = ImageChops.difference(_drawn(fast), _drawn(plain)).getextrema()
            assert most <= 8, "of 255"
    finally:
        for document in opened:
            document.close()


def test_both_ways_write_the_same_words(both):
    fast, plain = ([page.replace(" ", "") for page in pages(pdf)] for pdf in both)
    assert fast == plain


def test_both_ways_say_the_same_to_a_screen_reader(both):
    kinds = []
    for pdf in both:
        with pikepdf.open(io.BytesIO(pdf)) as document:
            kinds.append([str(element.S) for element in structure(document)])
    assert alternatives(both[0]) == alternatives(both[1])
    assert kinds[0] == kinds[1]


@pytest.mark.parametrize("name", ordinarily(fast_weasyprint.PATCHES))
def test_each_patch_alone_makes_a_report(monkeypatch, name):
    monkeypatch.setattr(fast_weasyprint, "PATCHES", (name,))
    assert documents.write_pdf(*reports.golden("en"))[1] == 4


def _in_use() -> tuple[object, ...]:
    return (
        weasyprint.UA_STYLESHEET,
        css.ComputedStyle,
        css.AnonymousStyle,
        block.iter_line_boxes,
        draw.draw_text,
        weasyprint.images.SVGImage,
        tags._build_box_tree,
    )


def test_weasyprint_has_all_its_own_back_afterwards_and_while_it_is_plain():
    own = _in_use()

    def fails():
        with fast_weasyprint.opened("<html/>", None):
            assert not any(one is other for one, other in zip(own, _in_use(), strict=True))
            raise KeyError

    with pytest.raises(KeyError):
        fails()
    assert _in_use() == own
    with fast_weasyprint.opened("<html/>", None, is_plain=True):
        assert _in_use() == own


def test_another_version_of_weasyprint_is_not_patched(monkeypatch):
    own = _in_use()
    assert fast_weasyprint.why_plain() == ""
    monkeypatch.setattr(weasyprint, "__version__", "70.1")
    assert fast_weasyprint.why_plain() == "the patches were not tested with WeasyPrint 70.1, only with 70.0"
    with fast_weasyprint.opened("<html/>", None):
        assert _in_use() == own


def test_a_weasyprint_that_lacks_a_part_is_not_patched(monkeypatch):
    monkeypatch.delattr(weasyprint.images, "SVGImage")
    assert fast_weasyprint.why_plain() == "WeasyPrint 70.0 lacks what the patches replace: weasyprint.images.SVGImage"
    monkeypatch.setattr(fast_weasyprint, "PATCHES", ("gone",))
    assert "lacks what the patches use" in fast_weasyprint.why_plain()


def test_a_weasyprint_that_lacks_what_a_patch_takes_over_is_not_patched(monkeypatch):
    monkeypatch.delitem(sys.modules, "flows.steps.render.fast_weasyprint.line_layout")
    monkeypatch.delattr(block, "iter_line_boxes")
    assert "lacks what the patches use" in fast_weasyprint.why_plain()
