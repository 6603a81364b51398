"""A question in two columns: deleted and made again, renamed, copied, or put into another version of its form.

A tool then writes a second column under nearly the same heading, and a source that names the first loses what stands in
the second.
"""

import re
from collections.abc import Iterable, Mapping

from flows.foundation.text_comparison import numbers, same_text
from flows.steps.ingest.dialects import Layout
from flows.steps.ingest.matching import Columns

# Headings of questions that are as alike as that, from 0 to 100, ask the same.
_ALIKE_FROM = 93
_SHORTEST = 15
# What is put behind the code of a question that is made again; a number alone only where the code has one of its own.
_BEHIND_A_CODE = re.compile(
    r"[_.\- ]+v\d{1,2}|[_.\- ]*#\d{1,2}|[_.\- ]+(?:copy|kopie|new|nieuw|old|oud)|\s*\(.*\)|(?<=[\d\]])[_.\- ]+\d{1,2}"
)
# Behind its words: signs, and a remark in brackets; then perhaps a number.
_REMARK = re.compile(r"\W*(?:\([^()]*\)\W*)?$")
_COUNTER = re.compile(r"\W*v?\d{1,2}")


def twins(layout: Layout, columns: Columns, taken: Iterable[int]) -> dict[int, str]:
    """For each column (its position) that no source maps, and that seems to ask an item anew, that item."""
    free = set(range(len(layout.headings))) - set(taken)
    found: dict[int, str] = {}
    for names in layout.names:
        asked = _asked(names, columns.items)
        for position in sorted(free - found.keys()):
            if item := next((item for name, item in asked.items() if asks_the_same(name, names[position])), None):
                found[position] = item
    return found


def _asked(names: tuple[str, ...], items: Mapping[str, tuple[int, ...]]) -> dict[str, str]:
    """The items by the names of their columns; where columns share a name, as the stem of a grid, it tells nothing."""
    by_name: dict[str, set[str]] = {}
    for item, positions in items.items():
        for position in positions:
            by_name.setdefault(names[position], set()).add(item)
    return {name: next(iter(asking)) for name, asking in by_name.items() if len(asking) == 1 and name.strip()}


def asks_the_same(one: str, other: str) -> bool:
    """Whether two headings are those of one question, but for what tools and people put behind a second one."""
    shorter, longer = sorted((same_text(one), same_text(other)), key=len)
    if shorter == longer:
        return bool(shorter)
    if " " not in shorter:
        return longer.startswith(shorter) and _BEHIND_A_CODE.fullmatch(longer, len(shorter)) is not None
    bare, bare_longer = _REMARK.sub("", shorter), _REMARK.sub("", longer)
    return bare == bare_longer or (len(bare) >= _SHORTEST and _alike(bare, bare_longer))


def _alike(one: str, other: str) -> bool:
    """The same words with a counter behind them, or nearly the same words with the same numbers among them."""
    from rapidfuzz import fuzz

    if not one[-1].isdigit() and other.startswith(one) and _COUNTER.fullmatch(other, len(one)):
        return True
    return numbers(one) == numbers(other) and fuzz.ratio(one, other) >= _ALIKE_FROM
