"""One rule for when two texts of a survey are the same text."""

import re
import unicodedata

_MARKUP = re.compile(r"<[^>]{1,200}>")
_SPACES = re.compile(r"\s+")
_UNSEEN = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"))


def same_text(text: str) -> str:
    """The form in which headings and labels are compared: NFKC, no markup, single spaces, any case."""
    seen = unicodedata.normalize("NFKC", text.translate(_UNSEEN))
    return _SPACES.sub(" ", _MARKUP.sub(" ", seen)).strip().casefold()


def refuse_unprintable(name: str) -> str:
    """A name as it stands, or ValueError when it holds control, format or private characters."""
    for character in name:
        if unicodedata.category(character) in {"Cc", "Cf", "Co", "Cs", "Cn"}:
            raise ValueError(f"holds a character that cannot be printed (U+{ord(character):04X})")
    return name
