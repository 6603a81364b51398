"""Finds twin columns: a question that was deleted and recreated, renamed, copied, or put into another form version.

A tool then writes a second column with nearly the same heading, and a source that names only the first one loses the
answers in the second.
"""

import re
from collections.abc import Iterable, Mapping

from flows.foundation.text_comparison import numbers, same_text
from flows.steps.ingest.dialects import Layout
from flows.steps.ingest.matching import Columns

# Question texts with at least this similarity, from 0 to 100, ask the same.
_ALIKE_FROM = 93
_SHORTEST = 15
# Suffixes to the code of a recreated question; a number alone only where the code itself ends in a number.
_BEHIND_A_CODE = re.compile(
    r"[_.\- ]+v\d{1,2}|[_.\- ]*#\d{1,2}|[_.\- ]+(?:copy|kopie|new|nieuw|old|oud)|\s*\(.*\)|(?<=[\d\]])[_.\- ]+\d{1,2}"
)
# Suffixes to a question text: punctuation and a remark in brackets; possibly a counter.
_REMARK = re.compile(r"\W*(?:\([^()]*\)\W*)?$")
_COUNTER = re.compile(r"\W*v?\d{1,2}")


def twins(layout: Layout, columns: Columns, taken: Iterable[int]) -> dict[int, str]:
    """The item that each unmapped column seems to repeat, by the column's position."""
    free = set(range(len(layout.headings))) - set(taken)
    found: dict[int, str] = {}
    for names in layout.names:
        asked = _asked(names, columns.items)
        for position in sorted(free - found.keys()):
            if item := next((item for name, item in asked.items() if asks_the_same(name, names[position])), None):
                found[position] = item
    return found


def _asked(names: tuple[str, ...], items: Mapping[str, tuple[int, ...]]) -> dict[str, str]:
    """Items by column name; a name that columns of several items share, such as the stem of a grid, is left out."""
    by_name: dict[str, set[str]] = {}
    for item, positions in items.items():
        for position in positions:
            by_name.setdefault(names[position], set()).add(item)
    return {name: next(iter(asking)) for name, asking in by_name.items() if len(asking) == 1 and name.strip()}


def asks_the_same(one: str, other: str) -> bool:
    """Whether two headings ask the same question, apart from suffixes that tools and people add to a second one."""
    shorter, longer = sorted((same_text(one), same_text(other)), key=len)
    if shorter == longer:
        return bool(shorter)
    if " " not in shorter:
        return longer.startswith(shorter) and _BEHIND_A_CODE.fullmatch(longer, len(shorter)) is not None
    bare, bare_longer = _REMARK.sub("", shorter), _REMARK.sub("", longer)
    return bare == bare_longer or (len(bare) >= _SHORTEST and _alike(bare, bare_longer))


def _alike(one: str, other: str) -> bool:
    """Whether the texts are equal apart from a counter at the end, or nearly equal with the same numbers in them."""
    from rapidfuzz import fuzz

    if not one[-1].isdigit() and other.startswith(one) and _COUNTER.fullmatch(other, len(one)):
        return True
    return numbers(one) == numbers(other) and fuzz.ratio(one, other) >= _ALIKE_FROM
