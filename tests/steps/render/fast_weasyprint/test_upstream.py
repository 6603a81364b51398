"""The patch for WeasyPrint itself fits the WeasyPrint that is installed, and lays a text out at once."""

import importlib.util
import io
import shutil
import subprocess
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
import weasyprint
from weasyprint import svg

from flows.steps.render import fast_weasyprint

PATCH = Path(fast_weasyprint.__file__).parent / "upstream" / "svg-text.patch"
LABELS = (
    '<text x="10" y="20">Members who answered</text><text x="10" y="40" rotate="30">turned</text>'
    '<text x="10 30 50" y="60">placed</text><text x="10" y="80" letter-spacing="2">spaced</text>'
    '<text x="10" y="100">one<tspan font-weight="bold"> two</tspan> three</text>'
)
PAGE = f'<svg xmlns="http://www.w3.org/2000/svg" width="300" height="120" font-size="12">{LABELS}</svg>'


@pytest.fixture
def patched(tmp_path):
    """WeasyPrint's function that draws a text, with the patch."""
    file = tmp_path / "weasyprint" / "svg" / "text.py"
    file.parent.mkdir(parents=True)
    shutil.copy(Path(svg.__file__).with_name("text.py"), file)
    subprocess.run(
        ["git", "apply", str(PATCH)], cwd=tmp_path, check=True, env={"GIT_CEILING_DIRECTORIES": str(tmp_path)}
    )
    specification = importlib.util.spec_from_file_location("weasyprint.svg.patched_text", file)
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module.text


def _drawn() -> tuple[str, int]:
    """The words of the page, and how many pieces of text are drawn."""
    pdf = weasyprint.HTML(string=PAGE).write_pdf()
    words = pypdfium2.PdfDocument(pdf)[0].get_textpage().get_text_bounded()
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        shown = [str(step.operator) for step in pikepdf.parse_content_stream(opened.pages[0])]
    return "".join(words.split()), shown.count("TJ") + shown.count("Tj")


@pytest.mark.skipif(not shutil.which("git"), reason="no git, which applies the patch")
def test_the_patch_joins_the_letters_of_a_text_and_leaves_those_that_are_placed(patched, monkeypatch):
    words, letters = _drawn()
    monkeypatch.setattr(svg, "text", patched)
    for tag in ("text", "tspan"):
        monkeypatch.setitem(svg.TAGS, tag, patched)
    joined_words, pieces = _drawn()
    assert sorted(joined_words) == sorted(words)
    # "placed" has three places, of which the last is that of four letters.
    turned, placed, spaced = len("turned"), 3, len("spaced")
    assert pieces == 1 + turned + placed + spaced + 3
    assert letters > 40
