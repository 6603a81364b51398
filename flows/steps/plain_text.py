"""One rule for when two texts of a survey are the same text."""

import html
import re
import unicodedata
from collections.abc import Callable
from functools import cache, lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import regex

# A tag or a comment; "< 5" and "> 5" are an answer.
_MARKUP = re.compile(r"<(?:/?[A-Za-z]|!--)[^>]{0,200}>")
_DIGITS = re.compile(r"[0-9]+")
_SPACES = re.compile(r"\s+")
# Zero-width characters and those that turn the direction of writing round.
_UNSEEN = dict.fromkeys(
    map(
        ord,
        "\u00ad\u061c\u180e\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e"
        "\u2060\u2061\u2062\u2063\u2064\u2066\u2067\u2068\u2069\ufeff",
    )
)
# LimeSurvey guards texts that a spreadsheet would take for a formula with an apostrophe.
_GUARDED = re.compile(r"^'(?=[=+\-@])")


@lru_cache(maxsize=20_000)
def same_text(text: str) -> str:
    """The form in which headings and labels are compared: NFKC, no markup, single spaces, any case."""
    seen = html.unescape(_GUARDED.sub("", text)).translate(_UNSEEN)
    return _SPACES.sub(" ", _MARKUP.sub(" ", unicodedata.normalize("NFKC", seen))).strip().casefold()


def look_alike(text: str) -> str:
    """The form in which two texts that the eye cannot tell apart are equal: NFC, nothing unseen, single spaces."""
    return _SPACES.sub(" ", unicodedata.normalize("NFC", text.translate(_UNSEEN))).strip()


def letters(text: str) -> str:
    """A name by its letters and digits alone: ``Response ID``, ``response_id`` and ``ResponseId`` are one."""
    return "".join(filter(str.isalnum, same_text(text)))


def numbers(text: str) -> tuple[str, ...]:
    """The numbers in a name, as they count: ``m2[SQ003]`` has 2 and 3."""
    return tuple(digits.lstrip("0") for digits in _DIGITS.findall(text))


def differ_in_number(one: str, other: str) -> bool:
    """Whether two names have numbers that are not the same: then they name two things, however alike they look."""
    return bool(numbers(one)) and bool(numbers(other)) and numbers(one) != numbers(other)


def spelled(pattern: str, words: str) -> Callable[[str], str]:
    """A check that a text is spelled as a pattern says, and that says in words how it should be when it is not."""

    def check(text: str) -> str:
        if not re.fullmatch(pattern, text):
            raise ValueError(f"'{printable(text)}' must be written with {words}")
        return text

    return check


def printable(text: str, length: int = 60) -> str:
    """A text for a message: at most `length` characters on one line, and what cannot be printed as an escape."""
    line = "".join(character if character.isprintable() else ascii(character)[1:-1] for character in text[: length + 1])
    return line if len(line) <= length else line[: length - 1] + "…"


def counted(count: int, noun: str) -> str:
    """``1 report``, ``2 reports``."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def refuse_unprintable(name: str) -> str:
    """A name as it stands, or ValueError when it holds control, format or private characters.

    Format characters that are part of what is seen belong to the name.
    """
    if not name.isprintable() and (found := _unprintable().search(name)):
        raise ValueError(f"holds a character that cannot be printed (U+{ord(found[0]):04X})")
    return name


@cache
def _unprintable() -> "regex.Pattern[str]":
    """Knows the characters of newer versions of Unicode than Python does; not needed for most names."""
    import regex

    joined_letters = r"(?<=[\p{Script=Arabic}\p{Canonical_Combining_Class=Virama}])[\u200c\u200d](?=[\p{L}\p{M}])"
    joined_emoji = r"(?<=\p{Extended_Pictographic}[\ufe0f\p{Emoji_Modifier}]?)\u200d(?=\p{Extended_Pictographic})"
    flag_of_a_region = r"(?<=\U0001f3f4[\U000e0020-\U000e007e]*)[\U000e0020-\U000e007f]"
    return regex.compile(rf"(?!{joined_letters}|{joined_emoji}|{flag_of_a_region})\p{{C}}")
