"""Lays out the text of a chart once per label instead of once per letter: most of what drawing a chart costs.

WeasyPrint 70 makes two Pango layouts for every letter of an SVG text, because SVG lets letters be placed one by one.
Our labels never do. `install` puts a drawer for plain labels in its place, and leaves everything as it is when the
version is another one; a test holds both ways to the same positions.
"""

from typing import Any

SUPPORTED_VERSION = "70.0"
_PLACED_BY_LETTER = ("dx", "dy", "rotate", "letter-spacing", "textLength")


def install() -> bool:
    """Use the drawer for plain labels in this process; False when WeasyPrint is of another version."""
    import weasyprint
    from weasyprint import svg

    if weasyprint.__version__ != SUPPORTED_VERSION:
        return False
    stock = svg.TAGS["text"]
    if getattr(stock, "lays_out_labels", False):
        return True

    def text(drawing: Any, node: Any, font_size: float) -> None:
        if _is_plain(node):
            _draw_label(drawing, node, font_size)
        else:
            stock(drawing, node, font_size)

    text.lays_out_labels = True  # type: ignore[attr-defined]
    # The drawing code recognises text nodes by this very function, under its name and in its table.
    svg.text = text
    svg.TAGS.update({tag: text for tag, drawer in svg.TAGS.items() if drawer is stock})
    return True


def _is_plain(node: Any) -> bool:
    return bool(
        node.tag == "text"
        and node.text
        and not any(node.get(name) for name in _PLACED_BY_LETTER)
        and " " not in node.get("x", "").strip()
        and " " not in node.get("y", "").strip()
        and not node.get("dominant-baseline")
        and not len(node._etree_node)
    )


def _draw_label(drawing: Any, node: Any, font_size: float) -> None:
    from weasyprint.draw.text import draw_first_line
    from weasyprint.matrix import Matrix
    from weasyprint.svg.bounding_box import extend_bounding_box
    from weasyprint.svg.utils import size
    from weasyprint.text.ffi import FROM_UNITS, pango
    from weasyprint.text.line_break import create_layout, line_size

    style = _style(drawing, node, font_size)
    layout = create_layout(node.text, style, drawing.context, None, 0)
    # The drawing sets this too, and what was laid out without it would be laid out again.
    pango.pango_layout_set_single_paragraph_mode(layout.layout, True)
    width, height = line_size(layout.get_first_line()[0], style)
    baseline = pango.pango_layout_get_baseline(layout.layout) * FROM_UNITS
    x = size(node.get("x"), font_size, drawing.inner_width)
    y = size(node.get("y"), font_size, drawing.inner_height)
    corners = ((x, y - baseline), (x + width, y - baseline + height))
    node.text_bounding_box = extend_bounding_box(node.text_bounding_box, corners)
    drawing.cursor_position = (x + width, y)

    drawing.stream.push_state()
    fill, stroke = drawing.set_graphical_state(node, font_size)
    drawing.stream.begin_text()
    drawing.fill_stroke(fill, stroke, text=True)
    box = _TextBox(layout, style, baseline)
    draw_first_line(drawing.stream, box, "none", "none", Matrix(a=1, d=-1, e=x, f=y))
    drawing.stream.end_text()
    drawing.stream.pop_state()


class _TextBox:
    """What WeasyPrint's text drawing asks of a box."""

    def __init__(self, layout: Any, style: Any, baseline: float) -> None:
        self.pango_layout = layout
        self.style = style
        self.baseline = baseline

    @property
    def text(self) -> str:
        return str(self.pango_layout.text)


def _style(drawing: Any, node: Any, font_size: float) -> Any:
    from weasyprint.css.properties import INITIAL_VALUES
    from weasyprint.svg.text import Style

    style = Style(INITIAL_VALUES)
    style.font_config = drawing.font_config
    weight = node.get("font-weight", "400")
    style["font_family"] = [family.strip("\"' ") for family in node.get("font-family", "sans-serif").split(",")]
    style["font_style"] = node.get("font-style", "normal")
    style["font_weight"] = int(weight) if str(weight).isdigit() else 400
    style["font_size"] = font_size
    return style
