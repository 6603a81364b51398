"""Charts are drawn by us as WeasyPrint draws them, only faster; WeasyPrint itself draws what we do not know."""

import io
from xml.etree import ElementTree

import pikepdf
import pytest

from flows.steps.render import documents
from flows.steps.render.fast_weasyprint import chart_drawing
from tests.steps.render.fast_weasyprint import reports

PAGE = '<html lang="en"><head><title>x</title></head><body><h1>x</h1><img src="chart:a" alt="a chart"/></body></html>'
LABELS = ("Invloed en zeggenschap", "Contact en gezelligheid", "−12,5", "71")
ANCHORS = ("end", "middle", "end", "start")


def _chart(*shapes: str) -> str:
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 600 120" width="600" height="120" '
        f'font-family="Source Sans 3" font-size="11">{"".join(shapes)}</svg>'
    )


def _labels() -> str:
    return "".join(
        f'<text x="300" y="{20 * turn}" text-anchor="{anchor}" font-weight="{400 + 200 * (turn % 2)}">{label}</text>'
        for turn, (label, anchor) in enumerate(zip(LABELS, ANCHORS, strict=True), start=1)
    )


def _drawn(chart: str, is_plain: bool = False):
    """What is written and drawn: each operator with its values and the matrix that holds for it."""
    charts = {"a": chart}
    pdf = reports.plain_pdf(PAGE, charts) if is_plain else documents.write_pdf(PAGE, charts)[0]
    with pikepdf.open(io.BytesIO(pdf)) as document:
        return list(_operators(document.pages[0], pikepdf.Matrix()))


def _operators(content, matrix):
    stack = []
    for operands, operator in pikepdf.parse_content_stream(content):
        values, name = list(operands), str(operator)
        if name == "q":
            stack.append(matrix)
        elif name == "Q":
            matrix = stack.pop()
        elif name == "cm":
            matrix = pikepdf.Matrix(*map(float, values)) @ matrix
        elif name == "Do":
            yield from _operators(content.Resources.XObject[str(values[0])], matrix)
        else:
            yield name, [_plain(value) for value in values], matrix


def _plain(value):
    return [str(entry) for entry in value] if isinstance(value, pikepdf.Array) else value


def _labels_of(drawn):
    """Where labels begin: the heading of the page comes before them, its number after them."""
    return [matrix.transform(tuple(map(float, values[4:6]))) for name, values, matrix in drawn if name == "Tm"][1:-1]


def test_labels_stand_where_letter_by_letter_layout_puts_them():
    ours = _labels_of(_drawn(_chart(_labels())))
    stock = _labels_of(_drawn(_chart(_labels()), is_plain=True))
    assert len(ours) == len(LABELS)
    assert len(stock) > 10 * len(LABELS), "letter by letter"
    for x, y in ours:
        assert any(abs(y - other[1]) < 0.02 and abs(x - other[0]) < 0.02 for other in stock), (x, y)


@pytest.mark.parametrize(
    "shape",
    [
        '<line x1="10" x2="200" y1="5" y2="5" stroke="#dddddd" stroke-width="1"/>',
        '<line x1="5" x2="53" y1="9" y2="9" stroke="#1d2f5e" stroke-width="8" stroke-linecap="round" '
        'stroke-dasharray="0 9.6"/>',
        '<rect x="10" y="20" width="33.3" height="14" fill="#e7b642"/>',
        '<circle cx="50" cy="40" r="5" fill="#1d2f5e"/>',
        '<circle cx="50" cy="40" r="5" fill="#ffffff" stroke="#1d2f5e" stroke-width="1.5"/>',
    ],
)
def test_a_shape_is_the_shape_that_weasyprint_draws(shape):
    ours, stock = _drawn(_chart(shape)), _drawn(_chart(shape), is_plain=True)
    assert _extent(ours) == pytest.approx(_extent(stock), abs=0.02)
    assert _said(ours) == _said(stock)


def _extent(drawn):
    points = [
        matrix.transform(point)
        for name, values, matrix in drawn
        if name in {"m", "l", "c"}
        for point in zip(map(float, values[::2]), map(float, values[1::2]), strict=True)
    ]
    xs, ys = [x for x, _ in points] or [0], [y for _, y in points] or [0]
    rectangles = [float(value) for name, values, _ in drawn if name == "re" for value in values]
    return [min(xs), max(xs), min(ys), max(ys), *rectangles]


def _said(drawn):
    """Whether there are curves, and the colours, dashes and ends of lines."""
    painted = {(name, str(values)) for name, values, _ in drawn if name in {"rg", "RG", "d", "J"} and any(values)}
    painted -= {("d", "[[], 0]")}
    return painted | {name for name, _, _ in drawn if name == "c"}


@pytest.mark.parametrize(
    "shape",
    [
        "<path d='M10 10H50V50z'/>",
        "<rect x='1' y='1' rx='2' width='9' height='9'/>",
        "<text x='9' y='9' dx='1'>a</text>",
        "<text x='9' y='9'>a<tspan>b</tspan></text>",
    ],
)
def test_weasyprint_itself_draws_what_is_not_drawn_here(shape):
    assert _drawn(_chart(shape)) == _drawn(_chart(shape), is_plain=True)


@pytest.mark.parametrize("language", reports.GOLDEN)
def test_all_charts_of_the_reports_are_drawn_here(language):
    _, charts = reports.golden(language)
    assert [name for name, svg in charts.items() if not chart_drawing.is_chart(ElementTree.fromstring(svg))] == []
