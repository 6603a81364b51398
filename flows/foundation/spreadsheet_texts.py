"""Texts in files that people open in a spreadsheet program, escaped against formula injection."""

import re

# What a spreadsheet takes for the beginning of a formula; full-width signs count as well. Both Python and DuckDB (RE2)
# read this pattern.
FORMULA = r"^[=+\-@\t\r\n＝＋－＠]"
_FORMULA = re.compile(FORMULA)


def as_cell(text: str) -> str:
    """The text with an apostrophe in front where a spreadsheet would take it for a formula."""
    return f"'{text}" if _FORMULA.match(text) else text
