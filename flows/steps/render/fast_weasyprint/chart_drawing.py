"""Draws our charts into a PDF: the few shapes of SVG that their templates use, and one layout per label.

WeasyPrint 70 makes two Pango layouts for every letter of an SVG text, because SVG can place letters one by one, and
looks up dozens of attributes that our charts never have. `Chart` takes the place of WeasyPrint's SVG image, and draws
the same shapes and letters at the same places. WeasyPrint itself draws an SVG image that has anything else.
"""

import math
import re
from contextlib import AbstractContextManager
from functools import cache, lru_cache
from typing import Any
from xml.etree import ElementTree

from weasyprint import images
from weasyprint.css.properties import INITIAL_VALUES
from weasyprint.css.tokens import parse_color
from weasyprint.draw.text import draw_first_line
from weasyprint.matrix import Matrix
from weasyprint.svg.text import Style
from weasyprint.text.ffi import pango
from weasyprint.text.fonts import FontConfiguration
from weasyprint.text.line_break import create_layout, line_size

from flows.steps.render.fast_weasyprint.replacing import replaced
from flows.steps.render.fast_weasyprint.text_drawing import Drawing, drawn

REPLACED = ((images, "SVGImage"),)

_SVGImage = images.SVGImage
# The distance of the control points of the four Bezier curves that WeasyPrint draws a circle with, for a radius of 1.
_ROUND = 1 / math.sqrt(math.pi)
_SVG = "{http://www.w3.org/2000/svg}"
# A label is one line, as in any SVG.
_SPACES = re.compile(r"[\t\n\r ]+")
_WEIGHTS = {"normal": 400, "bold": 700}


def applied() -> AbstractContextManager[None]:
    """Draw the SVG images meanwhile that have nothing but known shapes."""
    return replaced(images, "SVGImage", _image)


def _image(svg: ElementTree.Element, base_url: str | None, url_fetcher: Any, context: Any) -> Any:
    if context and is_chart(svg):
        return Chart(svg, context.font_config)
    return _SVGImage(svg, base_url, url_fetcher, context)


def is_chart(svg: ElementTree.Element) -> bool:
    """Whether this module can draw every element of a drawing."""
    return set(svg.keys()) == _ATTRIBUTES_OF_CHART and all(
        shape.tag in _ATTRIBUTES and not len(shape) and _ATTRIBUTES[shape.tag].issuperset(shape.keys()) for shape in svg
    )


class Chart:
    """One chart, with the two methods that WeasyPrint asks of an image. Lengths are in px of the drawing."""

    def __init__(self, svg: ElementTree.Element, fonts: FontConfiguration) -> None:
        self.width, self.height = float(svg.get("width", 0)), float(svg.get("height", 0))
        self._family, self._size = svg.get("font-family", ""), float(svg.get("font-size", 0))
        self._fonts = fonts
        self._shapes = tuple(svg)

    def get_intrinsic_size(self, image_resolution: float, font_size: float) -> tuple[float, float, float]:
        """Width, height and their ratio; neither resolution nor size of text matters to a drawing in px."""
        return self.width, self.height, self.width / self.height

    def draw(self, stream: Any, width: float, height: float, style: Any) -> None:
        """Draw at this size, from the origin of `stream`, with y growing downwards."""
        with stream.stacked():
            stream.transform(a=width / self.width, d=height / self.height)
            for shape in self._shapes:
                _DRAWERS[shape.tag](self, stream, shape)

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
        weight = text.get("font-weight", "normal")
        label, width = _laid_out(
            _SPACES.sub(" ", text.text or "").strip(),
            self._family,
            float(text.get("font-size") or self._size),
            _WEIGHTS.get(weight) or int(weight),
            self._fonts,
        )
        x = _number(text, "x") - width * _ANCHORS[text.get("text-anchor", "start")]
        stream.set_color(_color(text.get("fill", "black")))
        label.draw(stream, x, _number(text, "y"))


_DRAWERS = {
    f"{_SVG}line": Chart._line,
    f"{_SVG}rect": Chart._rect,
    f"{_SVG}circle": Chart._circle,
    f"{_SVG}text": Chart._text,
}
_ATTRIBUTES_OF_CHART = {"viewBox", "width", "height", "font-family", "font-size"}
_STROKE = {"stroke", "stroke-width", "stroke-linecap", "stroke-dasharray"}
_ATTRIBUTES = {
    f"{_SVG}line": {"x1", "y1", "x2", "y2", *_STROKE},
    f"{_SVG}rect": {"x", "y", "width", "height", "fill"},
    f"{_SVG}circle": {"cx", "cy", "r", "fill", *_STROKE},
    f"{_SVG}text": {"x", "y", "text-anchor", "font-size", "font-weight", "fill"},
}
_ANCHORS = {"start": 0.0, "middle": 0.5, "end": 1.0}
_CAPS = {"butt": 0, "round": 1}


def _number(shape: ElementTree.Element, name: str) -> float:
    return float(shape.get(name, 0))


@cache
def _color(written: str) -> Any:
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
        self._drawing: Drawing | None = None

    def draw(self, stream: Any, x: float, y: float) -> None:
        """Draw the text with its baseline beginning at this point."""
        self._drawing = self._drawing or drawn(stream, self)
        if self._drawing:
            self._drawing.show(stream, x, y)
        else:
            stream.begin_text()
            draw_first_line(stream, self, "clip", "none", Matrix(a=1, d=-1, e=x, f=y))
            stream.end_text()


# The names of motives and the numbers of a scale are the same in every report.
@lru_cache(maxsize=2000)
def _laid_out(text: str, family: str, size: float, weight: int, fonts: FontConfiguration) -> tuple[_Label, float]:
    """The text laid out in one line, and its width."""
    style = Style(INITIAL_VALUES)
    style.font_config = fonts
    # WeasyPrint lays letters out one by one, so it knows neither kerning nor ligatures.
    style.update(
        font_family=[family], font_size=size, font_weight=weight, font_kerning="none", font_variant_ligatures="none"
    )
    layout = create_layout(text, style, None, None, 0)
    # Drawing sets this mode too; a layout without it would be made again.
    pango.pango_layout_set_single_paragraph_mode(layout.layout, True)
    width, _ = line_size(layout.get_first_line()[0], style)
    return _Label(layout, style, text), width
