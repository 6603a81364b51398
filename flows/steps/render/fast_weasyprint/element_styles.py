"""Uses a style sheet for the elements of our templates in the place of WeasyPrint's sheet for all of HTML."""

from contextlib import AbstractContextManager
from functools import cache

import weasyprint

from flows.foundation.resources import resource
from flows.steps.render.fast_weasyprint.replacing import replaced

REPLACED = ((weasyprint, "UA_STYLESHEET"),)


@cache
def _sheet() -> weasyprint.CSS:
    return weasyprint.CSS(string=resource("report_templates", "elements.css").read_text(encoding="utf-8"))


def applied() -> AbstractContextManager[None]:
    """Use the short style sheet meanwhile."""
    return replaced(weasyprint, "UA_STYLESHEET", _sheet())
