"""The languages that people can be addressed in: English, in which the templates are written, and every catalogue."""

from functools import cache
from typing import Annotated

from pydantic import AfterValidator

from flows.foundation.resources import resource

WRITTEN_IN = "en"


@cache
def known() -> tuple[str, ...]:
    """The codes of all languages; a new catalogue below `report_templates/locale` is a new language."""
    catalogues = resource("report_templates", "locale").glob("*/LC_MESSAGES/motiefmix.po")
    return (*sorted(path.parts[-3] for path in catalogues), WRITTEN_IN)


def _known(code: str) -> str:
    if code not in known():
        raise ValueError("must be " + " or ".join(f"'{name}'" for name in known()))
    return code


Language = Annotated[str, AfterValidator(_known)]
