"""Breaks each paragraph into lines once for all documents.

WeasyPrint 70 finds the lines of a paragraph again in every document, and several times where columns are balanced.
Four of five paragraphs of a report are also in that of the organisation before. So here the lines of a paragraph are
kept as data that belong to no document: what each box measures, and where it is, seen from the place where the
paragraph begins. The boxes of a new document are copies of its own boxes with these data.

Paragraphs with anything but text in them, or beside something that floats, are left to WeasyPrint.
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from functools import lru_cache
from typing import Any, NamedTuple

from weasyprint.formatting_structure.boxes import Box, InlineBox, LineBox, TextBox
from weasyprint.layout import block
from weasyprint.text.line_break import Layout

from flows.steps.render.fast_weasyprint.replacing import replaced
from flows.steps.render.fast_weasyprint.style_numbers import number

REPLACED = ((block, "iter_line_boxes"),)

_iter_line_boxes = block.iter_line_boxes
# Several reports of paragraphs; the lines of one take some ten kilobytes.
_PARAGRAPHS = 1500
_PLACE = "place_in_paragraph"
# What a box has before it is laid out belongs to its document; its place in the paragraph is kept by itself.
_OF_DOCUMENT = {*vars(InlineBox("", {}, None, ())), *vars(Box)}
_KEPT_BY_ITSELF = {_PLACE, "position_x", "position_y", "pango_layout"}


class _BoxOfLine(NamedTuple):
    """A laid-out box of a line without its document; lengths in px."""

    # Of the box that it is a part of, among all boxes of the paragraph.
    place: int
    attributes: dict[str, Any]
    # From the left edge of the containing block, and from the top of the paragraph.
    x: float
    y: float
    sides_without_decoration: frozenset[str]
    # How WeasyPrint lays the text out again to draw it.
    text: dict[str, Any] | None
    children: tuple["_BoxOfLine", ...]


def _lines(
    context: Any, box: Any, position_y: float, bottom_space: float, skip_stack: Any, containing_block: Any,
    absolute_boxes: list[Any], fixed_boxes: list[Any], first_letter_style: Any, first_line_style: Any,
) -> Iterator[tuple[Any, Any]]:  # fmt: skip
    """Each line of a paragraph, and where the next one begins, as WeasyPrint's `iter_line_boxes` gives them."""
    parts = list(box.descendants())
    if context.excluded_shapes or first_letter_style or first_line_style or not all(map(_is_text, parts)):
        yield from _iter_line_boxes(
            context, box, position_y, bottom_space, skip_stack, containing_block,
            absolute_boxes, fixed_boxes, first_letter_style, first_line_style,
        )  # fmt: skip
        return
    lines = _kept(tuple(map(_content, parts)), containing_block.width, repr(skip_stack))
    if not lines:
        lines += _laid_out(context, box, parts, skip_stack, containing_block)
    left = containing_block.content_box_x()
    for line, resume_at in lines:
        yield _placed(line, parts, left, position_y), resume_at


def _is_text(box: Any) -> bool:
    """Whether a box is a line, a text, or something around a text that follows the text."""
    return type(box) in (LineBox, InlineBox, TextBox) and box.style["position"] == "static"


def _content(box: Any) -> tuple[Any, ...]:
    """All that makes the lines of one paragraph other than those of another."""
    inside = box.text if type(box) is TextBox else len(box.children)
    return number(box.style), box.trailing_collapsible_space, inside


@lru_cache(maxsize=_PARAGRAPHS)
def _kept(content: tuple[Any, ...], width: float, begins_at: str) -> list[tuple[_BoxOfLine, Any]]:
    """The lines of a paragraph from some place in it; none where nobody laid it out yet."""
    return []


def _laid_out(
    context: Any, box: Any, parts: list[Any], skip_stack: Any, containing_block: Any
) -> list[tuple[_BoxOfLine, Any]]:
    """The lines as WeasyPrint lays them out in the corner of a page.

    They are the same to the last digit wherever the paragraph was first seen, so each document has the same bytes.
    """
    for place, part in enumerate(parts):
        setattr(part, _PLACE, place)
    corner = containing_block.copy()
    corner.position_x = corner.margin_left = corner.padding_left = corner.border_left_width = 0
    lines = _iter_line_boxes(context, box, 0, 0, skip_stack, corner, [], [], None, None)
    return [(_without_document(line), resume_at) for line, resume_at in lines]


def _without_document(box: Any) -> _BoxOfLine:
    own = vars(box)
    return _BoxOfLine(
        own[_PLACE],
        {name: value for name, value in own.items() if name not in _OF_DOCUMENT and name not in _KEPT_BY_ITSELF},
        own["position_x"],
        own["position_y"],
        frozenset(own["remove_decoration_sides"]),
        vars(own["pango_layout"]) if "pango_layout" in own else None,
        tuple(map(_without_document, own["children"])),
    )


def _placed(line: _BoxOfLine, parts: list[Any], left: float, top: float) -> Any:
    """A copy of the document's own box with what is known of the line."""
    box = parts[line.place].copy()
    own = vars(box)
    own.update(line.attributes)
    own["position_x"], own["position_y"] = left + line.x, top + line.y
    own["remove_decoration_sides"] = set(line.sides_without_decoration)
    own["children"] = [_placed(child, parts, left, top) for child in line.children]
    if line.text:
        own["pango_layout"] = layout = Layout.__new__(Layout)
        vars(layout).update(line.text)
    return box


def applied() -> AbstractContextManager[None]:
    """Keep and share the lines of all paragraphs that are laid out meanwhile."""
    return replaced(block, "iter_line_boxes", _lines)
