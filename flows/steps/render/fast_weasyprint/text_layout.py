"""Lays each text of a page out once, and describes each style to Pango once.

WeasyPrint 70 throws the layout of a line away when the width of the line is known, and makes the layout again when the
line is drawn, so that long documents need less memory. WeasyPrint also describes the font to Pango for each layout. Our
documents have a few pages in a dozen styles, so here the layouts and the descriptions are kept.
"""

from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, ClassVar

from weasyprint.text import line_break
from weasyprint.text.ffi import ffi, gobject, pango, unicode_to_char_p
from weasyprint.text.fonts import font_features, get_font_description

from flows.steps.render.fast_weasyprint.replacing import replaced

REPLACED = ((line_break, "Layout"),)

_Layout = line_break.Layout
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
_PLAIN = {"text_decoration_line": "none", "font_language_override": "normal", "overflow_wrap": "normal"}


@dataclass(frozen=True)
class _Prepared:
    """One style in the terms of Pango: the context of layouts, the font, its features, and the language."""

    context: Any
    font: Any
    features: Any
    language: Any


class KeptLayout(_Layout):  # type: ignore[misc,valid-type]
    """A Pango layout that lives from measuring to drawing."""

    prepared: ClassVar[dict[tuple[Any, ...], _Prepared]] = {}

    def setup(self, style: Any) -> None:
        """Get ready for a text in this style, in the mode of drawing: a change of mode means a new layout."""
        if any(style[name] != value for name, value in _PLAIN.items()):
            super().setup(style)
        else:
            self._setup_plain(style)
        # In that mode a line break inside a text, which `br` is, would be drawn as a space.
        if not style["white_space"].startswith("pre"):
            pango.pango_layout_set_single_paragraph_mode(self.layout, True)

    def _setup_plain(self, style: Any) -> None:
        self.style = style
        self.first_line_direction = 0
        self.ascent = self.underline_position = self.strikethrough_position = None
        key = (id(style.font_config), *(str(style[name]) for name in _OF_FONTS))
        found = self.prepared.get(key) or self.prepared.setdefault(key, _prepare(style))
        self.language = found.language
        self.layout = ffi.gc(pango.pango_layout_new(found.context), gobject.g_object_unref)
        pango.pango_layout_set_auto_dir(self.layout, False)
        pango.pango_layout_set_font_description(self.layout, found.font)
        if found.features is not None:
            pango.pango_layout_set_attributes(self.layout, found.features)

    def deactivate(self) -> None:
        """Keep the layout, which WeasyPrint throws away here."""

    def reactivate(self, style: Any) -> None:
        """Use the layout again for drawing; only the spaces that justify a line are still to be set."""
        if self.justification_spacing:
            super().reactivate(style)


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
    return _Prepared(context, get_font_description(style), features, language)


def applied() -> AbstractContextManager[None]:
    """Keep the layouts of all texts that are laid out meanwhile."""
    return replaced(line_break, "Layout", KeptLayout)
