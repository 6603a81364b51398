"""Words for messages: texts that are safe to print, plurals, and the nearest known name."""

import difflib
import re
from collections.abc import Callable, Iterable
from functools import cache
from typing import TYPE_CHECKING

from flows.foundation.text_comparison import differ_in_number, numbers

if TYPE_CHECKING:
    import regex


def pattern(pattern: str, words: str) -> Callable[[str], str]:
    """A pydantic validator: the text must match the regular expression; the error describes it in words."""

    def check(text: str) -> str:
        if not re.fullmatch(pattern, text):
            raise ValueError(f"'{printable(text)}' must be written with {words}")
        return text

    return check


def printable(text: str, length: int = 60) -> str:
    """A text made safe for a message: at most `length` characters, one line, unprintable characters escaped."""
    line = "".join(character if character.isprintable() else ascii(character)[1:-1] for character in text[: length + 1])
    return line if len(line) <= length else line[: length - 1] + "…"


def pluralise(count: int, noun: str, plural: str = "") -> str:
    """``1 report``, ``2 reports``; with a plural of its own ``2 deliveries``."""
    return f"{count} {noun}" if count == 1 else f"{count} {plural or noun + 's'}"


def refuse_unprintable(name: str) -> str:
    """Return a name unchanged, or raise ValueError when it has control, format or private-use characters.

    Format characters that are part of a visible character are allowed.
    """
    if not name.isprintable() and (found := _unprintable().search(name)):
        raise ValueError(f"holds a character that cannot be printed (U+{ord(found[0]):04X})")
    return name


@cache
def _unprintable() -> "regex.Pattern[str]":
    """The pattern of unprintable characters; `regex` knows a newer Unicode than Python; most names do not need it."""
    import regex

    joined_letters = r"(?<=[\p{Script=Arabic}\p{Canonical_Combining_Class=Virama}])[\u200c\u200d](?=[\p{L}\p{M}])"
    joined_emoji = r"(?<=\p{Extended_Pictographic}[\ufe0f\p{Emoji_Modifier}]?)\u200d(?=\p{Extended_Pictographic})"
    flag_of_a_region = r"(?<=\U0001f3f4[\U000e0020-\U000e007e]*)[\U000e0020-\U000e007f]"
    return regex.compile(rf"(?!{joined_letters}|{joined_emoji}|{flag_of_a_region})\p{{C}}")


def without_addresses(text: str) -> str:
    """A text for logs, pages and notifications, in which no mail address stands."""
    return re.sub(r"[^\s<>()'\",;:]+@[^\s<>()'\",;:]+", "(address)", text)


def unexpected(error: BaseException) -> str:
    """The sentence for an unexpected exception; the exception's own message may hold an answer, so it is left out."""
    return f"Stopped unexpectedly ({type(error).__name__}). This is a defect; MOTIEFMIX_DEBUG=1 shows where."


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """`` (did you mean 'learning'?)`` for a word that resembles a known one, else nothing.

    Names that differ in a number are different things, not typing errors, so they are not suggested.
    """
    kin = [name for name in known if not differ_in_number(word, name)]
    alike = [name for name in kin if numbers(name) == numbers(word)]
    for names in (alike, kin):
        if nearest := difflib.get_close_matches(word, names, n=1, cutoff=0.6):
            return f" (did you mean '{nearest[0]}'?)"
    return ""
