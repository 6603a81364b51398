"""What can be wrong with what people hand us, each with the words that the command line shows."""

import difflib
from collections.abc import Iterable

from flows.steps.plain_text import differ_in_number, numbers


class Mistake(Exception):
    """Something a person can mend: what is wrong, where, and what to do next. Never shown as a traceback."""

    exit_code = 2


class RegisterMistake(Mistake):
    """The register contradicts itself: no release can be trusted, so the run stops before it."""

    exit_code = 3


class ValidationStopped(Mistake):
    """A critical check over the accepted whole failed: there is no release."""

    exit_code = 3


class NoInput(Mistake):
    """There is nothing to make a release from."""

    exit_code = 4


class Unsafe(Mistake):
    """A release would tell too much of few people: the last look before it found what disclosure control missed."""

    exit_code = 1


class PublicFolderMistake(Mistake):
    """Somebody did something in `public/` that no run may go over."""


class PrefectFailed(Mistake):
    """Prefect could not begin or end a run; its own words may hold what the flow was given, so they are not told."""

    exit_code = 1


class Locked(Mistake):
    """Another run holds the programme's lock."""

    exit_code = 75


def unexpected(error: Exception) -> str:
    """What is said of a defect; its own words may hold an answer."""
    return f"Stopped unexpectedly ({type(error).__name__}). This is a defect; MOTIEFMIX_DEBUG=1 shows where."


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """`` (did you mean 'learning'?)`` for a word that resembles a known one, else nothing.

    Among names that count, a number is no slip of the pen: one with another number is another thing.
    """
    kin = [name for name in known if not differ_in_number(word, name)]
    alike = [name for name in kin if numbers(name) == numbers(word)]
    for names in (alike, kin):
        if nearest := difflib.get_close_matches(word, names, n=1, cutoff=0.6):
            return f" (did you mean '{nearest[0]}'?)"
    return ""
