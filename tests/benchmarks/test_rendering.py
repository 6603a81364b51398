"""CPU per report of eight pages, side by side in one run: naive WeasyPrint, headless Chromium, Typst, and ours.

Each round draws the report of another organisation, as a run does. Whoever remembers something of the reports before,
as ours and Typst do, has drawn a few of them before the first round that counts.
"""

import re
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import psutil
import pypdfium2
import pytest

from flows.foundation.resources import resource
from flows.programme import branding
from flows.steps.render import documents, fonts
from tests import browser
from tests.benchmarks.alternatives.pages_in_typst import write_source
from tests.benchmarks.stages import make_pages

WARM_UP, ROUNDS = 5, 15


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    """The filled templates and charts of as many organisations as there are rounds."""
    return make_pages(tmp_path_factory.mktemp("bench"), WARM_UP + ROUNDS)


def _measure(benchmark: Any, draw: Callable[[Any], Any], given: Sequence[Any]) -> None:
    """Draw each of these once, and count all but the first few."""
    rest = iter(given)
    benchmark.pedantic(draw, setup=lambda: ((next(rest),), {}), rounds=ROUNDS, warmup_rounds=WARM_UP)


def _whole(text: str, charts: dict[str, str]) -> str:
    """What anybody would write first: charts and style sheets inline, fonts from files."""
    for name, svg in charts.items():
        text = re.sub(f'<img src="chart:{name}"[^>]*/>', lambda _, svg=svg: svg, text)
    sheets = [resource("report_templates", name).read_text() for name in documents.STYLE_SHEETS]
    folder = fonts.files()[0].parent.as_uri()
    css = "\n".join(sheets).replace("font:", f"{folder}/").replace("var(--accent)", branding.ACCENT)
    return text.replace("</head>", f"<style>{css}</style></head>")


def _naive(text: str, charts: dict[str, str]) -> bytes:
    import weasyprint

    return weasyprint.HTML(string=_whole(text, charts)).write_pdf(pdf_variant="pdf/ua-1")


def _with_chromium() -> float:
    """Processor seconds of this process and of Chromium's; what drives it from outside is not counted."""
    return time.process_time() + sum(map(_of_process, psutil.Process().children(recursive=True)))


def _of_process(process: psutil.Process) -> float:
    """Processor seconds of a process of Chromium, and of those that it started and that have ended."""
    try:
        return sum(process.cpu_times()[:4]) if "chrom" in process.name() else 0
    except psutil.NoSuchProcess:
        return 0


@pytest.mark.benchmark(group="report", timer=time.process_time)
def test_naive(benchmark, pages):
    _measure(benchmark, lambda page: _naive(*page), pages)


@pytest.mark.benchmark(group="report", timer=time.process_time)
def test_ours(benchmark, pages):
    _measure(benchmark, lambda page: documents.write_pdf(*page), pages)


@pytest.mark.skipif(not browser.CHROMIUM, reason="no Chromium")
@pytest.mark.benchmark(group="report", timer=_with_chromium)
def test_chromium_that_stays_open(benchmark, pages, tmp_path):
    files = [tmp_path / f"{number}.html" for number in range(len(pages))]
    for file, page in zip(files, pages, strict=True):
        file.write_text(_whole(*page))
    with browser.opened() as opened:

        def printed(file: Path) -> bytes:
            opened.goto(file.as_uri())
            return opened.pdf(prefer_css_page_size=True, print_background=True, tagged=True)

        _measure(benchmark, printed, files)
        benchmark.extra_info["pages"] = len(pypdfium2.PdfDocument(printed(files[0])))


@pytest.mark.benchmark(group="report", timer=time.process_time)
def test_typst(benchmark, pages, tmp_path):
    """The lower limit: a compiled program, and pages without our design; `pip install typst` to measure it."""
    typst = pytest.importorskip("typst")
    sources = []
    for number, page in enumerate(pages):
        folder = tmp_path / str(number)
        folder.mkdir()
        sources.append(str(write_source(*page, folder)))

    def compiled(source: str) -> bytes:
        shipped = [str(fonts.files()[0].parent)]
        return typst.compile(source, font_paths=shipped, ignore_system_fonts=True, pdf_standards="ua-1")

    _measure(benchmark, compiled, sources)
    benchmark.extra_info["pages"] = len(pypdfium2.PdfDocument(compiled(sources[0])))
