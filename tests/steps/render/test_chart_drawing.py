"""Charts are drawn by us as WeasyPrint draws them, only faster; and by WeasyPrint itself when it is another one."""

import io

import pikepdf
import pytest

from flows.steps.render import chart_drawing, documents

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


def _drawn(chart: str):
    """What is written and drawn: each operator with its values and the matrix that holds for it."""
    pdf, _ = documents.write_pdf(PAGE, {"a": chart})
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


def test_labels_stand_where_letter_by_letter_layout_puts_them(monkeypatch):
    ours = _labels_of(_drawn(_chart(_labels())))
    monkeypatch.setattr(chart_drawing, "is_supported", lambda: False)
    stock = _labels_of(_drawn(_chart(_labels())))
    assert len(ours) == len(LABELS)
    for x, y in ours:
        # Letter by letter knows no kerning, so a label that ends or is centred at a place may begin a bit before it.
        assert any(abs(y - other[1]) < 0.1 and abs(x - other[0]) < 2.5 for other in stock), (x, y)


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
def test_a_shape_is_the_shape_that_weasyprint_draws(monkeypatch, shape):
    ours = _drawn(_chart(shape))
    monkeypatch.setattr(chart_drawing, "is_supported", lambda: False)
    stock = _drawn(_chart(shape))
    assert _extent(ours) == pytest.approx(_extent(stock), abs=0.2)
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
    told = {(name, str(values)) for name, values, _ in drawn if name in {"rg", "RG", "d", "J"} and any(values)}
    told -= {("d", "[[], 0]")}
    return told | {name for name, _, _ in drawn if name == "c"}


@pytest.mark.parametrize(
    ("shape", "named"), [("<path d='M0 0'/>", "path"), ("<rect x='1' rx='2'/>", "rx"), ("<text dx='1'>a</text>", "dx")]
)
def test_what_is_not_drawn_here_is_an_error_and_not_left_out(shape, named):
    with pytest.raises(ValueError, match=named):
        documents.write_pdf(PAGE, {"a": _chart(shape)})


def test_another_weasyprint_draws_the_charts_itself(monkeypatch):
    import weasyprint

    monkeypatch.setattr(weasyprint, "__version__", "70.1")
    assert not chart_drawing.is_supported()
    assert len(_labels_of(_drawn(_chart(_labels())))) > 10 * len(LABELS), "letter by letter"
