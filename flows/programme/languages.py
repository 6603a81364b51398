"""The supported languages: English, in which the templates are written, and every language with a catalogue."""

from collections.abc import Mapping
from functools import cache
from typing import Annotated, NamedTuple

from pydantic import AfterValidator

from flows.foundation.messages import pattern
from flows.foundation.resources import resource

WRITTEN_IN = "en"


@cache
def known() -> tuple[str, ...]:
    """The codes of all languages; a new catalogue in `report_templates/locale` adds a language."""
    catalogues = resource("report_templates", "locale").glob("*/LC_MESSAGES/motiefmix.po")
    return (*sorted(path.parts[-3] for path in catalogues), WRITTEN_IN)


def _known(code: str) -> str:
    if code not in known():
        raise ValueError("must be " + " or ".join(f"'{name}'" for name in known()))
    return code


# A language of reports, and any language at all.
Language = Annotated[str, AfterValidator(_known)]
LanguageTag = Annotated[
    str, AfterValidator(pattern(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*", "the code of a language, such as en or pt-BR"))
]


class Written(NamedTuple):
    """A text and the code of its language."""

    text: str
    language: str


def available(texts: Mapping[str, str], language: str) -> Written:
    """The text in the reader's language, or else in any available one; empty where there is none."""
    found = language if texts.get(language) else next(iter(texts), language)
    return Written(texts.get(found, ""), found)
