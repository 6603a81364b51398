"""The supported languages: English, in which the templates are written, and every language with a catalogue."""

from functools import cache
from typing import Annotated

from pydantic import AfterValidator

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


Language = Annotated[str, AfterValidator(_known)]
