"""The letters to an organisation, in its language: subject, text and HTML from one template."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from flows.foundation.contracts import Letter, Standing
from flows.steps.render.templates import environment


@dataclass(frozen=True, kw_only=True)
class LetterContext:
    """Everything that a letter says. A letter holds no figures.

    `replaces` is the version that the recipient received before; `reason` says why it is sent again or withdrawn.
    """

    kind: Literal["report", "withdrawal"]
    channel: str
    language: str
    organisation: str
    period: str
    version: int
    programme: str
    contact: str
    replaces: int | None = None
    is_again: bool = False
    reason: str = ""
    has_leaflets: bool = False


@dataclass(frozen=True, kw_only=True)
class ReminderContext:
    """Everything that a reminder says: how many answers are missing until a day, never how many came or whose."""

    language: str
    organisation: str
    period: str
    last_day: date
    programme: str
    contact: str
    collectives: Sequence[Standing]


def letter(context: LetterContext) -> Letter:
    """The letter that goes with a delivery."""
    return _filled("letters/letter.txt", context.language, letter=context)


def reminder(context: ReminderContext) -> Letter:
    """The reminder for the collectives of an organisation."""
    return _filled("letters/reminder.txt", context.language, reminder=context)


def missing_in_words(standing: Standing, language: str) -> str:
    """What it takes before more is shown of a collective, as a reminder says it."""
    words = environment(language).get_template("letters/missing.txt").module
    return str(words.missing_words(standing))  # type: ignore[attr-defined]


def _filled(template: str, language: str, **values: Any) -> Letter:
    """Fill a template; its first paragraph is the subject."""
    words = environment(language)
    filled = words.get_template(template).render(**values)
    subject, *paragraphs = [" ".join(part.split()) for part in filled.split("\n\n") if part.strip()]
    html = words.get_template("letters/letter.html").render(subject=subject, paragraphs=paragraphs)
    return Letter(subject=subject, text="\n\n".join(paragraphs) + "\n", html=html)
