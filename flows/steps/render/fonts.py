"""The fonts shipped for reports: which characters they can draw, and replacements for the others.

The unit is the visible character (a grapheme cluster, Unicode annex 29): the family emoji has several code points but
is one sign. It is drawn if a single font family has all of it: a letter and its accent from different fonts would not
combine.
"""

import html
from functools import cache
from pathlib import Path

import regex

from flows.foundation.resources import resource

# Drawn for a visible character that the fonts lack. Source Sans has it in every weight.
REPLACEMENT = "□"
# The family of all text; the other fonts are fallbacks for names in scripts that it lacks.
_MAIN = "SourceSans3"
# A combining mark after a space does not combine with it.
_VISIBLE_CHARACTER = regex.compile(r"\s|\X")
# Joiners, variation selectors and the like, which only affect adjacent characters.
_UNSEEN = regex.compile(r"\p{Default_Ignorable_Code_Point}+")
# The drawn text of a page; the title and attributes are read by programs with their own fonts.
_TEXT_BETWEEN_TAGS = regex.compile(r"(?<=>)(?<!<title>)[^<>]+")
_NOT_IN_XML = regex.compile(r"[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\U00010000-\U0010FFFF]")


def files() -> tuple[Path, ...]:
    """The font files."""
    return tuple(sorted(resource("report_templates", "fonts").glob("*.ttf")))


def lacking(text: str) -> tuple[str, ...]:
    """The visible characters of a text that the fonts lack, each once."""
    found = () if _is_plain(text) else _VISIBLE_CHARACTER.findall(text)
    return tuple(dict.fromkeys(character for character in found if _drawn(character) == REPLACEMENT != character))


def drawable(text: str) -> str:
    """The text with a replacement sign for each visible character that the fonts lack."""
    if _is_plain(text):
        return text
    # As in a page, where a mark after a control character belongs to the sign that replaces it.
    drawn = "".join(map(_drawn, _VISIBLE_CHARACTER.findall(_NOT_IN_XML.sub(lambda found: _drawn(found[0]), text))))
    # What was replaced or left out no longer keeps a mark apart from the character before it.
    return drawn if drawn == text else drawable(drawn)


def drawable_markup(markup: str) -> str:
    """A page or chart with undrawable characters in texts, and characters invalid in XML anywhere, replaced."""
    if _is_plain(markup):
        return markup
    return str(_TEXT_BETWEEN_TAGS.sub(_drawable_text, _NOT_IN_XML.sub(_drawable_text, markup)))


def _drawable_text(found: "regex.Match[str]") -> str:
    # Entities are characters too: a mark may belong to one.
    return html.escape(drawable(html.unescape(found[0])), quote=False)


def _drawn(character: str) -> str:
    if _is_had(character):
        return character
    if character.isspace():
        return " "
    seen = _UNSEEN.sub("", character)
    return seen if _is_had(seen) else REPLACEMENT


def _is_plain(text: str) -> bool:
    """Whether the main family has every code point: a fast test that nearly every text passes."""
    return _families()[0].issuperset(text)


def _is_had(character: str) -> bool:
    return any(family.issuperset(character) for family in _families())


@cache
def _families() -> tuple[frozenset[str], ...]:
    """The characters of each family; first those that all weights of the main family have."""
    from fontTools.ttLib import TTFont

    maps = {}
    for path in files():
        with TTFont(path, lazy=True) as font:
            maps[path.name] = frozenset(map(chr, font.getBestCmap()))
    ours = frozenset.intersection(*(known for name, known in maps.items() if name.startswith(_MAIN)))
    others = (known - {"\0"} for name, known in maps.items() if not name.startswith(_MAIN))
    return ours | set("\n\t\r"), *others
