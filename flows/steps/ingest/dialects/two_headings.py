"""Decides whether a table of an unknown tool has two heading rows: codes above texts, or groups above their items.

A response mistaken for headings would be lost, so in doubt it is one row: the second must read like headings and not
like a response, and values that only answers have (numbers, dates) must begin below it.
"""

import re
from collections.abc import Sequence

from flows.foundation.text_comparison import same_text
from flows.steps.ingest.dialects.dialect import Head

_DATE = re.compile(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}\b.*")
# Values that are never headings: numbers, percentages, dates and times.
_VALUE = re.compile(rf"[-+]?\d+(?:[.,]\d+)*\s*%?|{_DATE.pattern}|\d{{1,2}}:\d{{2}}(?::\d{{2}})?")
# Weights of a column of numbers and of a column of dates below row 2, and the sum that suffices. Numbers weigh less:
# row 2 may be a response with "unknown" for a number, even for two, but dates are filled in by the tool.
_OF_NUMBERS, _OF_DATES, _ENOUGH = 1, 2, 3
_FEWEST_COLUMNS = 2
# In a row of fewer texts than this, even answers on a scale may all differ.
_FEWEST_TEXTS = 6


def has_two(head: Head) -> bool:
    """Whether the second row holds headings as well."""
    if len(head) < 3:
        return False
    first, second, *below = [[cell.strip() for cell in row] for row in head]
    texts = [same_text(cell) for cell in second if cell]
    if len(texts) < _FEWEST_COLUMNS or len(set(texts)) < len(texts) or any(map(_VALUE.fullmatch, texts)):
        return False
    is_second = _are_groups(first, second) or _are_codes(first, second)
    return is_second and _answers_begin(second, below, len(texts))


def are_groups(first: Sequence[str], second: Sequence[str]) -> bool:
    """Whether the first of two heading rows holds groups, each above several items."""
    return _are_groups([cell.strip() for cell in first], [cell.strip() for cell in second])


def with_groups(first: Sequence[str], second: Sequence[str]) -> tuple[str, ...]:
    """``Group [item]`` for each column; where the group is blank, it is the nearest one to the left."""
    names, group = [], ""
    for above, below in zip(first, second, strict=True):
        group = above if above.strip() else group
        names.append(f"{group} [{below}]" if group.strip() and below.strip() else above or below)
    return tuple(names)


def _are_groups(first: Sequence[str], second: Sequence[str]) -> bool:
    """Whether two or more items share their left neighbour's group, and all columns get distinct, non-empty names."""
    pairs = list(zip(first, second, strict=True))
    under = sum(
        bool(below) and (not above or (place > 0 and above == first[place - 1]))
        for place, (above, below) in enumerate(pairs)
    )
    composed = [same_text(name) for name in with_groups(first, second)]
    return under >= _FEWEST_COLUMNS and all(composed) and len(set(composed)) == len(composed)


def _are_codes(first: Sequence[str], second: Sequence[str]) -> bool:
    """Whether all columns have a unique code without spaces and a text; at least half are several words."""
    codes = [cell for cell in first if cell]
    if len(codes) < len(first) or len(set(codes)) < len(codes) or any(" " in code for code in codes):
        return False
    longer = sum(" " in below and len(below) > len(above) for above, below in zip(first, second, strict=True))
    return all(second) and 2 * longer >= len(second)


def _answers_begin(second: Sequence[str], below: Sequence[Sequence[str]], texts: int) -> bool:
    """Whether enough columns below hold numbers or dates; fewer suffice if each row repeats values, unlike headings."""
    columns = [[row[place] for row in below if row[place]] for place in range(len(second))]
    weight = sum(map(_weight, columns))
    repeats = all(len(set(filled)) < len(filled) for row in below if (filled := [cell for cell in row if cell]))
    return weight >= _ENOUGH or (weight > 0 and texts >= _FEWEST_TEXTS and repeats)


def _weight(cells: Sequence[str]) -> int:
    if not cells or not all(map(_VALUE.fullmatch, cells)):
        return 0
    return _OF_DATES if all(map(_DATE.fullmatch, cells)) else _OF_NUMBERS
