"""Finds the columns whose heading has an item's wording, regardless of numbering, punctuation and matrix stems."""

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache

from flows.foundation.text_comparison import same_text

# "1.", "3a)", "Q3:", "Vraag 2 -", "1.2 ": a number that only gives the position of the question.
_NUMBERING = re.compile(
    r"[\s(\[]*(?:(?:q|v|vraag|question|item|stelling|statement|nr\.?|no\.?)?[\s_.]*\d{1,3}(?:[._-]\d{1,3})*[a-z]?\s*[.:)\]|](?!\d)"
    r"|(?:q|v|vraag|question|item|stelling|statement)[\s_.]*\d{1,3}[a-z]?\s+(?:[-–—]\s+)?"
    r"|\d{1,3}[a-z]?\s+[-–—]\s|\d{1,3}(?:\.\d{1,3})+[a-z]?\s|[a-z]\))\s*"
)
_ROW_IN_BRACKETS = re.compile(r"(.*?)\[([^\[\]]+)\]\W*", re.DOTALL)
# Separates the stem of a matrix from its row; an ambiguous separator counts only if other columns share the stem.
_BETWEEN = re.compile(r"\s[-–:]\s")
_PERHAPS_BETWEEN = re.compile(r"\s[—|>/]\s|(?<=[.?!…:])\s")
_QUOTES = "`´\u02bc\u2032\u2033"


@lru_cache(maxsize=20_000)
def words(text: str) -> str:
    """The form in which wordings are compared: without brackets, quotes and punctuation; signs such as < are kept."""
    plain = (
        " " if unicodedata.category(character).startswith("P") or character in _QUOTES else character
        for character in same_text(text)
    )
    return " ".join("".join(plain).split())


def without_number(text: str) -> str:
    """The text without leading numbering, unless nothing would be left."""
    plain = same_text(text)
    match = _NUMBERING.match(plain)
    return plain[match.end() :] if match and match.end() < len(plain) else plain


def rows(headings: Sequence[str]) -> list[set[str]]:
    """For each heading its possible wordings as a row of a matrix, after the stem that the rows share."""
    parts = [list(dict.fromkeys(_parts(" ".join(same_text(heading).split())))) for heading in headings]
    stems = Counter(stem for found in parts for stem in {words(stem) for stem, _, _ in found})
    return [{row for stem, row, is_sure in found if is_sure or stems[words(stem)] > 1} for found in parts]


def _parts(heading: str) -> Iterator[tuple[str, str, bool]]:
    """Stem and row for every place where a row may begin, and whether the separator is unambiguous."""
    if match := _ROW_IN_BRACKETS.fullmatch(heading):
        yield match[1], match[2], True
    for separator, is_sure in ((_BETWEEN, True), (_PERHAPS_BETWEEN, False)):
        for match in separator.finditer(heading):
            yield heading[: match.start()], heading[match.end() :], is_sure


def found_by_wording(
    items: Mapping[str, Iterable[str]], namings: Sequence[Sequence[str]], taken: Iterable[int]
) -> dict[str, int]:
    """The column of each item whose wording matches exactly one free column that no other item matches.

    Compares the whole heading, else the heading without its number, else its matrix row. An item that one of these
    finds in more than one column is left out.
    """
    open_items, found = dict(items), dict[str, int]()
    for forms in (_whole, _behind_numbers, _as_rows):
        claims = _claims(open_items, [forms(names) for names in namings])
        open_items = {item: texts for item, texts in open_items.items() if not claims[item]}
        single = {item: places.pop() for item, places in claims.items() if len(places) == 1}
        rivals = Counter(single.values()) + Counter([*taken, *found.values()])
        found |= {item: position for item, position in single.items() if rivals[position] == 1}
    return found


def every_form(names: Sequence[str]) -> list[set[str]]:
    """For each heading all wordings that it may contain."""
    return [set.union(*forms) for forms in zip(_whole(names), _behind_numbers(names), _as_rows(names), strict=True)]


def _whole(names: Sequence[str]) -> list[set[str]]:
    return [{words(name)} for name in names]


def _behind_numbers(names: Sequence[str]) -> list[set[str]]:
    return [{words(without_number(name))} for name in names]


def _as_rows(names: Sequence[str]) -> list[set[str]]:
    return [{words(form) for row in found for form in (row, without_number(row))} for found in rows(names)]


def _claims(items: Mapping[str, Iterable[str]], namings: Iterable[Sequence[set[str]]]) -> dict[str, set[int]]:
    """For each item the columns with one of its wordings."""
    positions: dict[str, set[int]] = defaultdict(set)
    for columns in namings:
        for position, forms in enumerate(columns):
            for form in forms:
                positions[form].add(position)
    return {
        item: {place for form in filter(None, map(words, texts)) for place in positions.get(form, ())}
        for item, texts in items.items()
    }
