"""The letter that goes with a delivery, in the organisation's language: subject, text and HTML from one template."""

from dataclasses import dataclass
from typing import Literal

from flows.foundation.contracts import Letter
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


def letter(context: LetterContext) -> Letter:
    """Fill the template; its first paragraph is the subject."""
    words = environment(context.language)
    filled = words.get_template("letters/letter.txt").render(letter=context)
    subject, *paragraphs = [" ".join(part.split()) for part in filled.split("\n\n") if part.strip()]
    html = words.get_template("letters/letter.html").render(subject=subject, paragraphs=paragraphs)
    return Letter(subject=subject, text="\n\n".join(paragraphs) + "\n", html=html)
