"""The fonts of the reports, which travel with the software, and what to do with characters they do not have."""

from functools import cache
from pathlib import Path

from flows.steps.resources import resource

REPLACEMENT = "?"
# The family of all text; the other fonts stand in for names in scripts that it lacks.
_MAIN = "SourceSans3"


def files() -> tuple[Path, ...]:
    """The font files."""
    return tuple(sorted(resource("report_templates", "fonts").glob("*.ttf")))


@cache
def _drawable() -> frozenset[int]:
    from fontTools.ttLib import TTFont

    maps = {path.name: frozenset(TTFont(path, lazy=True).getBestCmap()) for path in files()}
    ours = frozenset.intersection(*(known for name, known in maps.items() if name.startswith(_MAIN)))
    return ours.union(*(known for name, known in maps.items() if not name.startswith(_MAIN)))


def printable(text: str) -> str:
    """The text with a question mark for every character that the fonts lack: PDF/UA allows no missing glyph."""
    known = _drawable()
    if all(ord(character) in known or character in "\n\t" for character in text):
        return text
    return "".join(c if ord(c) in known or c in "\n\t" else REPLACEMENT for c in text)
