"""Lays each text of a page out once, and describes each style to Pango once.

WeasyPrint 70 throws the layout of a line away when the width of the line is known, and makes the layout again when the
line is drawn, so that long documents need less memory. WeasyPrint also describes the font to Pango for each layout. Our
documents have a few pages in a dozen styles, so here the layouts and the descriptions are kept.

Most texts of a report are also in that of the next organisation, and many of them several times in one. So a layout is
shared by all places with the same text, style and width. Nobody may change it then: what WeasyPrint tells a layout
before its text goes to another one that is never drawn.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, ClassVar

from weasyprint.text import line_break
from weasyprint.text.ffi import TO_UNITS, ffi, gobject, pango, unicode_to_char_p
from weasyprint.text.fonts import font_features, get_font_description

from flows.steps.render.fast_weasyprint.replacing import replaced

REPLACED = ((line_break, "Layout"), (line_break, "first_line_metrics"))

_Layout, _first_line_metrics = line_break.Layout, line_break.first_line_metrics
_FEATURES = (
    "font_kerning", "font_variant_ligatures", "font_variant_position", "font_variant_caps", "font_variant_numeric",
    "font_variant_alternates", "font_variant_east_asian", "font_feature_settings",
)  # fmt: skip
# The properties of a style that decide how Pango sets a text.
_OF_FONTS = (
    "direction", "lang", "font_family", "font_style", "font_stretch", "font_weight", "font_size",
    "font_variation_settings", *_FEATURES,
)  # fmt: skip
# Styles with other values than these need more than a font in Pango; WeasyPrint lays their texts out.
_PLAIN = {
    "text_decoration_line": ("none",),
    "font_language_override": ("normal",),
    "overflow_wrap": ("normal",),
    "word_break": ("normal",),
    "hyphens": ("none", "manual"),
    "letter_spacing": ("normal", 0),
    "word_spacing": (0,),
    "white_space": ("normal", "nowrap"),
}
# Tabs, line breaks and soft hyphens: WeasyPrint changes the layout of such a text.
_SPECIAL = re.compile("[\\t\\n\xad]")
# Several reports of texts; a layout takes some kilobytes.
_SHARED_LAYOUTS = 4000
# Pango wraps no line of a layout with this width.
_ONE_LINE = -1


@dataclass(frozen=True, eq=False)
class _Prepared:
    """One style in the terms of Pango: the context of layouts, the font, its features, and the language."""

    context: Any
    font: Any
    features: Any
    language: Any
    # What is told what no shared layout may be told.
    undrawn: Any


class KeptLayout(_Layout):  # type: ignore[misc,valid-type]
    """A Pango layout that lives from measuring to drawing, and is shared where nothing but text and style matter."""

    prepared: ClassVar[dict[tuple[Any, ...], _Prepared]] = {}

    def __init__(self, style: Any, justification_spacing: float = 0, max_width: float | None = None) -> None:
        self._width = _ONE_LINE if max_width is None else _units(style, max_width)
        super().__init__(style, justification_spacing, max_width)

    def setup(self, style: Any) -> None:
        """Get ready for a text in this style."""
        self._shared: _Prepared | None = None
        if any(style[name] not in values for name, values in _PLAIN.items()):
            self._setup_own(style)
            return
        key = (id(style.font_config), *(str(style[name]) for name in _OF_FONTS))
        self._shared = self.prepared.get(key) or self.prepared.setdefault(key, _prepare(style))
        self.style = style
        self.first_line_direction = 0
        self.ascent = self.underline_position = self.strikethrough_position = None
        self.language = self._shared.language
        self.layout = self._shared.undrawn

    def _setup_own(self, style: Any) -> None:
        """Have a layout that nobody else has, in the mode of drawing: a change of mode means a new layout."""
        super().setup(style)
        # In that mode a line break inside a text, which `br` is, would be drawn as a space.
        if not style["white_space"].startswith("pre"):
            pango.pango_layout_set_single_paragraph_mode(self.layout, True)

    def set_text(self, text: str, justify: bool = False) -> None:
        """Lay this text out, or take the layout that it has already."""
        if self._shared and not justify and not _SPECIAL.search(text):
            self.text = text
            self.layout = _laid_out(self._shared, self._width, text)
            return
        if self._shared:
            self._shared = None
            self._setup_own(self.style)
            pango.pango_layout_set_width(self.layout, self._width)
        super().set_text(text, justify)

    def in_one_line(self) -> None:
        """Wrap no line of the text that comes next."""
        if self._shared:
            self._width, self.layout = _ONE_LINE, self._shared.undrawn

    def deactivate(self) -> None:
        """Keep the layout, which WeasyPrint throws away here."""

    def reactivate(self, style: Any) -> None:
        """Use the layout again for drawing; only the spaces that justify a line are still to be set."""
        if self.justification_spacing:
            self._width = _ONE_LINE
            super().reactivate(style)


def _units(style: Any, max_width: float) -> int:
    """A width in px as Pango measures it, with WeasyPrint's rules for which widths are no limit."""
    wraps = style["white_space"] in ("normal", "pre-wrap", "pre-line") and max_width < 2**21
    return int(max(0, max_width) * TO_UNITS) if wraps else _ONE_LINE


def _prepare(style: Any) -> _Prepared:
    context = ffi.gc(pango.pango_font_map_create_context(style.font_config.font_map), gobject.g_object_unref)
    pango.pango_context_set_round_glyph_positions(context, False)
    pango.pango_context_set_base_dir(context, line_break.PANGO_DIRECTION[style["direction"]])
    language = pango.pango_language_get_default()
    if style["lang"]:
        code, _kept = unicode_to_char_p(style["lang"])
        language = pango.pango_language_from_string(code)
        pango.pango_context_set_language(context, language)
    wanted = font_features(*(style[name] for name in _FEATURES))
    features = None
    if wanted:
        written = ",".join(f"{name} {value}" for name, value in wanted.items()).encode()
        features = ffi.gc(pango.pango_attr_list_new(), pango.pango_attr_list_unref)
        pango.pango_attr_list_insert(features, pango.pango_attr_font_features_new(written))
    return _Prepared(context, get_font_description(style), features, language, _new(context))


def _new(context: Any) -> Any:
    return ffi.gc(pango.pango_layout_new(context), gobject.g_object_unref)


@lru_cache(maxsize=_SHARED_LAYOUTS)
def _laid_out(prepared: _Prepared, width: int, text: str) -> Any:
    """The layout of a text in a style, with lines of this width in units of Pango."""
    layout = _new(prepared.context)
    pango.pango_layout_set_auto_dir(layout, False)
    pango.pango_layout_set_font_description(layout, prepared.font)
    if prepared.features is not None:
        pango.pango_layout_set_attributes(layout, prepared.features)
    pango.pango_layout_set_single_paragraph_mode(layout, True)
    pango.pango_layout_set_width(layout, width)
    written, _kept = unicode_to_char_p(text)
    pango.pango_layout_set_text(layout, written, -1)
    return layout


def _metrics(
    first_line: Any, text: str, layout: KeptLayout, resume_at: int | None, space_collapse: bool, style: Any,
    hyphenated: bool = False, hyphenation_character: str | None = None,
) -> tuple[Any, ...]:  # fmt: skip
    """Measure a line with WeasyPrint's own function, which lets the layout have no width where it is one of several."""
    # The line belongs to this layout.
    _kept = layout.layout
    if resume_at and not hyphenated:
        layout.in_one_line()
    measured: tuple[Any, ...] = _first_line_metrics(
        first_line, text, layout, resume_at, space_collapse, style, hyphenated, hyphenation_character
    )
    return measured


@contextmanager
def applied() -> Iterator[None]:
    """Keep and share the layouts of all texts that are laid out meanwhile."""
    with replaced(line_break, "Layout", KeptLayout), replaced(line_break, "first_line_metrics", _metrics):
        yield
