"""Whether day or month stands first in a form's dates: declared, or proven by the file itself, never guessed."""

import re
from collections.abc import Iterable

from flows.steps.source import DateOrder

_PARTS = re.compile(r"\s*(\d{1,4})[-/.](\d{1,2})[-/.](\d{1,4})(?=\D|$)")


def proven_order(texts: Iterable[str | None]) -> DateOrder | None:
    """The order that a column of dates proves: a number above 12 is no month, one of four digits is a year.

    None when it proves none, or when two dates prove different ones.
    """
    proven: set[DateOrder] = set()
    for text in texts:
        if match := _PARTS.match(text or ""):
            first, second, _ = match.groups()
            if len(first) == 4:
                proven.add("ymd")
            elif int(first) > 12:
                proven.add("dmy")
            elif int(second) > 12:
                proven.add("mdy")
        if len(proven) > 1:
            return None
    return proven.pop() if proven else None
