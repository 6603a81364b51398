"""The fonts of the reports, which travel with the software; which characters they can draw, and what is drawn else.

The unit is the visible character (a grapheme cluster of Unicode's annex 29): the emoji of a family is several code
points, and one sign. It is drawn where one family has all of it: a letter of one font with an accent of another would
fall apart.
"""

from functools import cache
from pathlib import Path

import regex

from flows.foundation.resources import resource

# What is drawn for a visible character that the fonts lack. Source Sans has it in every weight.
REPLACEMENT = "□"
# The family of all text; the other fonts stand in for names in scripts that it lacks.
_MAIN = "SourceSans3"
# A mark behind a space does not make the space a letter.
_VISIBLE_CHARACTER = regex.compile(r"\s|\X")
# Joiners, variation selectors and the like: they shape what stands beside them.
_UNSEEN = regex.compile(r"\p{Default_Ignorable_Code_Point}+")
# What is drawn of a page: a title and attributes are read by programs, which have fonts of their own.
_TEXT_BETWEEN_TAGS = regex.compile(r"(?<=>)(?<!<title>)[^<>]+")
_PART_OF_MARKUP = regex.compile(r"(&#?\w+;)|([^&]+)")
_NOT_IN_XML = regex.compile(r"[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\U00010000-\U0010FFFF]")


def files() -> tuple[Path, ...]:
    """The font files."""
    return tuple(sorted(resource("report_templates", "fonts").glob("*.ttf")))


def lacking(text: str) -> tuple[str, ...]:
    """The visible characters of a text that the fonts lack, each once."""
    found = () if _is_plain(text) else _VISIBLE_CHARACTER.findall(text)
    return tuple(dict.fromkeys(character for character in found if _drawn(character) == REPLACEMENT != character))


def drawable(text: str) -> str:
    """The text as the fonts can draw it: one sign for each visible character that they lack."""
    return text if _is_plain(text) else "".join(map(_drawn, _VISIBLE_CHARACTER.findall(text)))


def drawable_markup(markup: str) -> str:
    """A page or a chart whose texts the fonts can draw; what XML does not allow at all is replaced anywhere."""
    if _is_plain(markup):
        return markup
    return str(_TEXT_BETWEEN_TAGS.sub(_drawable_text, _NOT_IN_XML.sub(_drawable_text, markup)))


def _drawable_text(found: "regex.Match[str]") -> str:
    return str(_PART_OF_MARKUP.sub(lambda part: part[1] or drawable(part[2]), found[0]))


def _drawn(character: str) -> str:
    if _is_had(character):
        return character
    if character.isspace():
        return " "
    seen = _UNSEEN.sub("", character)
    return seen if _is_had(seen) else REPLACEMENT


def _is_plain(text: str) -> bool:
    """Whether the main family has all of it: nearly every text, told without taking it apart."""
    return _families()[0].issuperset(text)


def _is_had(character: str) -> bool:
    return any(family.issuperset(character) for family in _families())


@cache
def _families() -> tuple[frozenset[str], ...]:
    """The characters of each family; first of the main one, of which all weights have them."""
    from fontTools.ttLib import TTFont

    maps = {}
    for path in files():
        with TTFont(path, lazy=True) as font:
            maps[path.name] = frozenset(map(chr, font.getBestCmap()))
    ours = frozenset.intersection(*(known for name, known in maps.items() if name.startswith(_MAIN)))
    others = (known - {"\0"} for name, known in maps.items() if not name.startswith(_MAIN))
    return ours | set("\n\t\r"), *others
