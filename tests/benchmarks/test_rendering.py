"""CPU per report, side by side in one run: the naive call of WeasyPrint on the same page, and ours."""

import re
import time

import pytest

from flows import warehouse
from flows.foundation.resources import resource
from flows.programme import branding
from flows.steps.render import documents, fonts
from flows.steps.render.published import read_organisation
from flows.steps.render.report import fill
from tests import programmes
from tests.steps.render.settings import SETTING


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    made = programmes.make(tmp_path_factory.mktemp("bench") / "programme")
    programmes.with_answers(made, 60).compute()
    with warehouse.opened(made.settings.folder.warehouse, read_only=True) as connection:
        return fill(read_organisation(connection, "town"), SETTING)


def _naive(text: str, charts: dict[str, str]) -> bytes:
    """What anybody would write first: charts inline, style sheets and fonts read again for each report."""
    import weasyprint

    for name, svg in charts.items():
        text = re.sub(f'<img src="chart:{name}"[^>]*/>', lambda _, svg=svg: svg, text)
    sheets = [resource("report_templates", name).read_text() for name in documents.STYLE_SHEETS]
    folder = fonts.files()[0].parent.as_uri()
    css = "\n".join(sheets).replace("font:", f"{folder}/").replace("var(--accent)", branding.ACCENT)
    return weasyprint.HTML(string=text.replace("</head>", f"<style>{css}</style></head>")).write_pdf(
        pdf_variant="pdf/ua-1"
    )


@pytest.mark.benchmark(group="report", timer=time.process_time)
def test_naive(benchmark, page):
    benchmark.pedantic(lambda: _naive(*page), rounds=5, warmup_rounds=1)


@pytest.mark.benchmark(group="report", timer=time.process_time)
def test_ours(benchmark, page):
    benchmark.pedantic(lambda: documents.write_pdf(*page), rounds=15, warmup_rounds=2)
