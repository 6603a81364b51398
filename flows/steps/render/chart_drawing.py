"""Draws our charts into a PDF: the few shapes of SVG that their templates use, and one layout per label.

WeasyPrint 70 makes two Pango layouts for every letter of an SVG text, because SVG lets letters be placed one by one,
and looks up dozens of attributes that our charts never have. `Chart` takes the place of its SVG image for exactly the
version whose drawing it was written against; with any other version the charts are drawn by WeasyPrint itself. A test
holds both ways to the same page.
"""

import re
from collections.abc import Mapping
from functools import cache, lru_cache
from typing import Any
from xml.etree import ElementTree

import weasyprint
from weasyprint.text.fonts import FontConfiguration

SUPPORTED_VERSION = "70.0"

# A circle of four Bezier curves: the distance of their control points that is right to 0.03 per cent.
_ROUND = 0.5522847498
_SVG = "{http://www.w3.org/2000/svg}"
# A label is one line, as in any SVG.
_SPACES = re.compile(r"[\t\n\r ]+")
_WEIGHTS = {"normal": 400, "bold": 700}


def is_supported() -> bool:
    """Whether this is the WeasyPrint whose drawing is known here."""
    return bool(weasyprint.__version__ == SUPPORTED_VERSION)


def by_address(charts: Mapping[str, str], fonts: FontConfiguration) -> dict[str, Any]:
    """The charts as images by their `chart:` address, as WeasyPrint keeps the images of one document.

    Raises:
        ValueError: a chart uses something of SVG that is not drawn here: our defect.
        xml.etree.ElementTree.ParseError: a chart is not well-formed: our defect.
    """
    return {f"chart:{name}": Chart(svg, fonts) for name, svg in charts.items()}


class Chart:
    """One chart, with the two methods that WeasyPrint asks of an image. Lengths are in px of the drawing."""

    def __init__(self, svg: str, fonts: FontConfiguration) -> None:
        root = ElementTree.fromstring(svg)  # noqa: S314 - from our own templates, with everything escaped
        self.width, self.height = float(root.get("width", 0)), float(root.get("height", 0))
        self._inherited = {name: root.get(name, "") for name in ("font-family", "font-size")}
        self._fonts = fonts
        self._shapes = []
        for shape in root:
            kind = shape.tag.removeprefix(_SVG)
            if kind not in _DRAWERS or len(shape):
                raise ValueError(f"a chart has a shape that is not drawn here: {kind}")
            unknown = set(shape.keys()) - _ATTRIBUTES[kind]
            if unknown:
                raise ValueError(f"a chart has a {kind} with what is not drawn here: {', '.join(sorted(unknown))}")
            self._shapes.append((_DRAWERS[kind], shape))

    def get_intrinsic_size(self, image_resolution: float, font_size: float) -> tuple[float, float, float]:
        """Width, height and their ratio; neither resolution nor size of text matters to a drawing in px."""
        return self.width, self.height, self.width / self.height

    def draw(self, stream: Any, width: float, height: float, style: Any) -> None:
        """Draw at this size, from the origin of `stream`, with y growing downwards."""
        with stream.stacked():
            stream.transform(a=width / self.width, d=height / self.height)
            for drawer, shape in self._shapes:
                drawer(self, stream, shape)

    def _line(self, stream: Any, line: ElementTree.Element) -> None:
        with stream.stacked():
            _stroke_style(stream, line)
            stream.move_to(_number(line, "x1"), _number(line, "y1"))
            stream.line_to(_number(line, "x2"), _number(line, "y2"))
            stream.stroke()

    def _rect(self, stream: Any, rect: ElementTree.Element) -> None:
        stream.set_color(_color(rect.get("fill", "black")))
        stream.rectangle(*(_number(rect, name) for name in ("x", "y", "width", "height")))
        stream.fill()

    def _circle(self, stream: Any, circle: ElementTree.Element) -> None:
        x, y, r = (_number(circle, name) for name in ("cx", "cy", "r"))
        c = r * _ROUND
        is_filled, is_stroked = circle.get("fill") != "none", circle.get("stroke") is not None
        with stream.stacked():
            if is_filled:
                stream.set_color(_color(circle.get("fill", "black")))
            if is_stroked:
                _stroke_style(stream, circle)
            stream.move_to(x + r, y)
            stream.curve_to(x + r, y + c, x + c, y + r, x, y + r)
            stream.curve_to(x - c, y + r, x - r, y + c, x - r, y)
            stream.curve_to(x - r, y - c, x - c, y - r, x, y - r)
            stream.curve_to(x + c, y - r, x + r, y - c, x + r, y)
            if is_filled and is_stroked:
                stream.fill_and_stroke()
            elif is_filled:
                stream.fill()
            else:
                stream.stroke()

    def _text(self, stream: Any, text: ElementTree.Element) -> None:
        from weasyprint.draw.text import draw_first_line
        from weasyprint.matrix import Matrix

        weight = text.get("font-weight", "normal")
        label, width = _laid_out(
            _SPACES.sub(" ", text.text or ""),
            self._inherited["font-family"],
            float(text.get("font-size") or self._inherited["font-size"]),
            _WEIGHTS.get(weight) or int(weight),
            self._fonts,
        )
        x = _number(text, "x") - width * _ANCHORS[text.get("text-anchor", "start")]
        stream.set_color(_color(text.get("fill", "black")))
        stream.begin_text()
        draw_first_line(stream, label, "none", "none", Matrix(a=1, d=-1, e=x, f=_number(text, "y")))
        stream.end_text()


_DRAWERS = {"line": Chart._line, "rect": Chart._rect, "circle": Chart._circle, "text": Chart._text}
_STROKE = {"stroke", "stroke-width", "stroke-linecap", "stroke-dasharray"}
_ATTRIBUTES = {
    "line": {"x1", "y1", "x2", "y2", *_STROKE},
    "rect": {"x", "y", "width", "height", "fill"},
    "circle": {"cx", "cy", "r", "fill", *_STROKE},
    "text": {"x", "y", "text-anchor", "font-size", "font-weight", "fill"},
}
_ANCHORS = {"start": 0.0, "middle": 0.5, "end": 1.0}
_CAPS = {"butt": 0, "round": 1}


def _number(shape: ElementTree.Element, name: str) -> float:
    return float(shape.get(name, 0))


@cache
def _color(written: str) -> Any:
    from weasyprint.css.tokens import parse_color

    return parse_color(written)


def _stroke_style(stream: Any, shape: ElementTree.Element) -> None:
    stream.set_color(_color(shape.get("stroke", "black")), stroke=True)
    stream.set_line_width(float(shape.get("stroke-width", 1)))
    if cap := shape.get("stroke-linecap"):
        stream.set_line_cap(_CAPS[cap])
    if dashes := shape.get("stroke-dasharray"):
        stream.set_dash([float(length) for length in dashes.split()], 0)


class _Label:
    """A laid-out text, as WeasyPrint's drawing of text asks for it."""

    def __init__(self, layout: Any, style: Any, text: str) -> None:
        self.pango_layout = layout
        self.style = style
        self.text = text
        self.baseline = 0.0


# The same names of motives and ticks of a scale stand in every chart of every report.
@lru_cache(maxsize=2000)
def _laid_out(text: str, family: str, size: float, weight: int, fonts: FontConfiguration) -> tuple[_Label, float]:
    """The text laid out in one line, and its width."""
    from weasyprint.css.properties import INITIAL_VALUES
    from weasyprint.svg.text import Style
    from weasyprint.text.ffi import pango
    from weasyprint.text.line_break import create_layout, line_size

    style = Style(INITIAL_VALUES)
    style.font_config = fonts
    style.update(font_family=[family], font_size=size, font_weight=weight)
    layout = create_layout(text, style, None, None, 0)
    # The drawing sets this too, and what was laid out without it would be laid out again.
    pango.pango_layout_set_single_paragraph_mode(layout.layout, True)
    width, _ = line_size(layout.get_first_line()[0], style)
    return _Label(layout, style, text), width
