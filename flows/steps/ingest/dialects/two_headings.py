"""Whether a table of no known tool has two rows of headings: codes above texts, or groups above their items.

A response that is taken for a heading is lost, so every doubt speaks for one row: the second must read like headings
and like no response at all, and what only answers are must begin below it.
"""

import re
from collections.abc import Sequence

from flows.foundation.text_comparison import same_text
from flows.steps.ingest.dialects.dialect import Head

_DATE = re.compile(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}\b.*")
# What headings are not.
_VALUE = re.compile(rf"[-+]?\d+(?:[.,]\d+)*\s*%?|{_DATE.pattern}|\d{{1,2}}:\d{{2}}(?::\d{{2}})?")
# A first answer to a question about a number may be "unknown", even to two; nobody answers so to what the tool dates.
_OF_NUMBERS, _OF_DATES, _ENOUGH = 1, 2, 3
_FEWEST_COLUMNS = 2
# With fewer texts than these, even answers on a scale may all be different.
_FEWEST_TEXTS = 6


def has_two(head: Head) -> bool:
    """Whether the second row holds headings too."""
    if len(head) < 3:
        return False
    first, second, *below = [[cell.strip() for cell in row] for row in head]
    texts = [same_text(cell) for cell in second if cell]
    if len(texts) < _FEWEST_COLUMNS or len(set(texts)) < len(texts) or any(map(_VALUE.fullmatch, texts)):
        return False
    is_second = _are_groups(first, second) or _are_codes(first, second)
    return is_second and _answers_begin(second, below, len(texts))


def are_groups(first: Sequence[str], second: Sequence[str]) -> bool:
    """Whether the first of two heading rows holds groups: each stands once, above several items."""
    return _are_groups([cell.strip() for cell in first], [cell.strip() for cell in second])


def with_groups(first: Sequence[str], second: Sequence[str]) -> tuple[str, ...]:
    """For each column ``Group [item]``, the group being the one that stands above it or to the left of that."""
    names, group = [], ""
    for above, below in zip(first, second, strict=True):
        group = above if above.strip() else group
        names.append(f"{group} [{below}]" if group.strip() and below.strip() else above or below)
    return tuple(names)


def _are_groups(first: Sequence[str], second: Sequence[str]) -> bool:
    """Two or more items without a heading of their own, or with that of their neighbour; and no column without any."""
    pairs = list(zip(first, second, strict=True))
    under = sum(
        bool(below) and (not above or (place > 0 and above == first[place - 1]))
        for place, (above, below) in enumerate(pairs)
    )
    composed = [same_text(name) for name in with_groups(first, second)]
    return under >= _FEWEST_COLUMNS and all(composed) and len(set(composed)) == len(composed)


def _are_codes(first: Sequence[str], second: Sequence[str]) -> bool:
    """Every column has a code of its own, without spaces, and most of the texts below are more than a word."""
    codes = [cell for cell in first if cell]
    if len(codes) < len(first) or len(set(codes)) < len(codes) or any(" " in code for code in codes):
        return False
    longer = sum(" " in below and len(below) > len(above) for above, below in zip(first, second, strict=True))
    return all(second) and 2 * longer >= len(second)


def _answers_begin(second: Sequence[str], below: Sequence[Sequence[str]], texts: int) -> bool:
    """Whether numbers and dates enough stand below; fewer are, where answers repeat themselves and headings do not."""
    columns = [[row[place] for row in below if row[place]] for place in range(len(second))]
    weight = sum(map(_weight, columns))
    repeats = all(len(set(filled)) < len(filled) for row in below if (filled := [cell for cell in row if cell]))
    return weight >= _ENOUGH or (weight > 0 and texts >= _FEWEST_TEXTS and repeats)


def _weight(cells: Sequence[str]) -> int:
    if not cells or not all(map(_VALUE.fullmatch, cells)):
        return 0
    return _OF_DATES if all(map(_DATE.fullmatch, cells)) else _OF_NUMBERS
