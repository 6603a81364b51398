"""Works out once for all documents what drawing a text writes into a PDF.

WeasyPrint 70 lays each line out again to draw it, and looks at each of its letters. Here what it writes is recorded,
with the fonts that it is in, and written again wherever the same text stands in the same style. Underlined texts, texts
that are cut off, emojis, and letters that no font has are left to WeasyPrint.
"""

from contextlib import AbstractContextManager
from copy import copy
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from weakref import WeakKeyDictionary

from weasyprint import draw
from weasyprint.draw.text import draw_first_line
from weasyprint.matrix import Matrix
from weasyprint.text.fonts import get_pango_font_key

from flows.steps.render.fast_weasyprint.replacing import replaced
from flows.steps.render.fast_weasyprint.style_numbers import number

REPLACED = ((draw, "draw_text"),)

_draw_text = draw.draw_text
# Several reports of texts; one takes some kilobytes.
_TEXTS = 2000
# Other values than these need more than letters.
_PLAIN = {"text_decoration_line": "none", "visibility": "visible"}
# A font of Pango lives as long as a layout that uses it: one layout for each font.
_layouts: WeakKeyDictionary[Any, dict[Any, Any]] = WeakKeyDictionary()


@dataclass(frozen=True)
class _Letters:
    """The letters that a text uses of one font: their widths and their characters, by their number in the font."""

    pango_font: Any
    # Of the font among those of a document.
    key: int
    widths: dict[int, int]
    characters: dict[int, str]


@dataclass(frozen=True)
class Drawing:
    """What drawing a text writes, wherever it stands: methods of a stream with their arguments."""

    letters: list[_Letters]
    written: list[tuple[str, tuple[Any, ...]]]

    def show(self, stream: Any, x: float, y: float) -> None:
        """Write the text with its baseline beginning at this point, in px."""
        stream.begin_text()
        stream.set_text_matrix(1, 0, 0, -1, x, y)
        for letters in self.letters:
            font = stream._fonts.get(letters.key) or stream.add_font(letters.pango_font)[0]
            font.widths.update(letters.widths)
            if not letters.characters.keys() <= font.to_unicode.keys():
                # The text that has a letter first says what it stands for.
                font.to_unicode = font.to_unicode | letters.characters | font.to_unicode
        for method, given in self.written:
            getattr(stream, method)(*given)
        stream.end_text()


class _Recorder:
    """Takes the place of a stream while a text is drawn."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream
        # WeasyPrint measures letters with these.
        self.ink_rect, self.logical_rect = stream.ink_rect, stream.logical_rect
        self.letters: list[_Letters] = []
        self.written: list[tuple[str, tuple[Any, ...]]] = []
        self.lacks_letters = False

    def add_font(self, pango_font: Any) -> tuple[Any, float]:
        font, size = self._stream.add_font(pango_font)
        font = copy(font)
        font.widths, font.to_unicode = {}, {}
        self.letters.append(_Letters(pango_font, get_pango_font_key(pango_font)[0], font.widths, font.to_unicode))
        font.get_unused_glyph_id = self._lacking
        return font, size

    def _lacking(self, codepoint: int) -> int:
        self.lacks_letters = True
        return 0

    def set_text_matrix(self, *given: Any) -> None:
        """Leave the place of the text out."""

    def set_font_size(self, *given: Any) -> None:
        self.written.append(("set_font_size", given))

    def set_text_rise(self, *given: Any) -> None:
        self.written.append(("set_text_rise", given))

    def show_text(self, *given: Any) -> None:
        self.written.append(("show_text", given))


def drawn(stream: Any, text: Any) -> Drawing | None:
    """What drawing a text box writes; nothing where other documents could not use it. Its layout must be active."""
    recorder = _Recorder(stream)
    emojis = draw_first_line(recorder, text, "clip", "none", Matrix())
    if emojis or recorder.lacks_letters:
        return None
    layouts = _layouts.setdefault(text.style.font_config, {})
    for letters in recorder.letters:
        layouts.setdefault(letters.pango_font, text.pango_layout.layout)
    return Drawing(recorder.letters, recorder.written)


@lru_cache(maxsize=_TEXTS)
def _kept(style_number: int, text: str, justification_spacing: float) -> list[Drawing]:
    """The drawing of a text in a style; none where nobody drew it yet."""
    return []


def _draw(stream: Any, box: Any, offset_x: float, text_overflow: str, block_ellipsis: str = "none") -> None:
    """Draw a text box."""
    style, layout = box.style, box.pango_layout
    is_whole = text_overflow == "clip" and block_ellipsis == "none"
    if is_whole and box.text.strip() and all(style[name] == value for name, value in _PLAIN.items()):
        kept = _kept(number(style), layout.text, layout.justification_spacing)
        if not kept:
            layout.reactivate(style)
            drawing = drawn(stream, box)
            layout.deactivate()
            kept += [drawing] if drawing else []
        if kept:
            stream.set_color(style["color"])
            kept[0].show(stream, box.position_x, box.position_y + box.baseline)
            return
    _draw_text(stream, box, offset_x, text_overflow, block_ellipsis)


def applied() -> AbstractContextManager[None]:
    """Keep and share what all texts write that are drawn meanwhile."""
    return replaced(draw, "draw_text", _draw)
