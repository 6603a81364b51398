"""CPU per report of eight pages, side by side in one run: naive WeasyPrint, headless Chromium, Typst, and ours."""

import itertools
import re
import time

import psutil
import pypdfium2
import pytest

from flows import warehouse
from flows.foundation.resources import resource
from flows.programme import branding
from flows.steps.render import documents, fonts
from flows.steps.render.published import read_organisation
from flows.steps.render.report import fill
from tests import browser
from tests.benchmarks.alternatives.pages_in_typst import write_source
from tests.benchmarks.stages import make_programme
from tests.steps.render.settings import SETTING


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    made = make_programme(tmp_path_factory.mktemp("bench"), 4)
    made.compute()
    with warehouse.opened(made.settings.folder.warehouse, read_only=True) as connection:
        return fill(read_organisation(connection, "o0"), SETTING)


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
    benchmark.pedantic(lambda: _naive(*pages), rounds=5, warmup_rounds=1)


@pytest.mark.benchmark(group="report", timer=time.process_time)
def test_ours(benchmark, pages):
    benchmark.pedantic(lambda: documents.write_pdf(*pages), rounds=15, warmup_rounds=2)


@pytest.mark.skipif(not browser.CHROMIUM, reason="no Chromium")
@pytest.mark.benchmark(group="report", timer=_with_chromium)
def test_chromium_that_stays_open(benchmark, pages, tmp_path):
    file = tmp_path / "page.html"
    file.write_text(_whole(*pages))
    with browser.opened() as opened:

        def printed() -> bytes:
            opened.goto(file.as_uri())
            return opened.pdf(prefer_css_page_size=True, print_background=True, tagged=True)

        benchmark.pedantic(printed, rounds=15, warmup_rounds=2)
        benchmark.extra_info["pages"] = len(pypdfium2.PdfDocument(printed()))


@pytest.mark.benchmark(group="report", timer=time.process_time)
def test_typst(benchmark, pages, tmp_path):
    """The lower limit: a compiled program, and pages without our design; `pip install typst` to measure it."""
    typst = pytest.importorskip("typst")
    rounds = itertools.count()

    def differently() -> tuple[tuple[str], dict[str, str]]:
        """Another size of text and other charts each time, since Typst remembers what it laid out before."""
        charts = {name: f"{svg}<!-- {next(rounds)} -->" for name, svg in pages[1].items()}
        return (str(write_source(pages[0], charts, tmp_path, size=10 + next(rounds) / 1e5)),), {}

    def compiled(source: str) -> bytes:
        shipped = [str(fonts.files()[0].parent)]
        return typst.compile(source, font_paths=shipped, ignore_system_fonts=True, pdf_standards="ua-1")

    made = benchmark.pedantic(compiled, setup=differently, rounds=15, warmup_rounds=2)
    benchmark.extra_info["pages"] = len(pypdfium2.PdfDocument(made))
