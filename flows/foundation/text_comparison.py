"""When two survey texts count as the same text."""

import html
import re
import unicodedata
from functools import lru_cache

# A tag or a comment; "< 5" and "> 5" are an answer.
_MARKUP = re.compile(r"<(?:/?[A-Za-z]|!--)[^>]{0,200}>")
_DIGITS = re.compile(r"[0-9]+")
_SPACES = re.compile(r"\s+")
# Zero-width characters and those that change the writing direction.
_UNSEEN = dict.fromkeys(
    map(
        ord,
        "\u00ad\u061c\u180e\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e"
        "\u2060\u2061\u2062\u2063\u2064\u2066\u2067\u2068\u2069\ufeff",
    )
)
# CSV writers put an apostrophe before a text that a spreadsheet would interpret as a formula; so do we
# (`spreadsheet_texts`).
_GUARDED = re.compile(r"^'(?=[=+\-@])")


@lru_cache(maxsize=20_000)
def same_text(text: str) -> str:
    """The form in which headings and labels are compared: NFKC, no markup, single spaces, any case."""
    seen = html.unescape(_GUARDED.sub("", text)).translate(_UNSEEN)
    return _SPACES.sub(" ", _MARKUP.sub(" ", unicodedata.normalize("NFKC", seen))).strip().casefold()


def look_alike(text: str) -> str:
    """The form in which visually identical texts are equal: NFC, no invisible characters, single spaces."""
    return _SPACES.sub(" ", unicodedata.normalize("NFC", text.translate(_UNSEEN))).strip()


def letters(text: str) -> str:
    """The letters and digits of a name: ``Response ID``, ``response_id`` and ``ResponseId`` are the same."""
    return "".join(filter(str.isalnum, same_text(text)))


def numbers(text: str) -> tuple[str, ...]:
    """The numbers in a name without leading zeros: ``m2[SQ003]`` has 2 and 3."""
    return tuple(digits.lstrip("0") for digits in _DIGITS.findall(text))


def differ_in_number(one: str, other: str) -> bool:
    """Whether two names have different numbers: then they name different things, however similar they look."""
    return bool(numbers(one)) and bool(numbers(other)) and numbers(one) != numbers(other)
