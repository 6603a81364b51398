"""The fingerprint of all that a report is made from: a report with the same one need not be made again."""

import hashlib
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from flows.foundation.resources import resource
from flows.steps.render.report_context import ReportContext

if TYPE_CHECKING:
    from flows.steps.render.figures import OrganisationFigures

# Packages that draw.
_LIBRARIES = ("weasyprint", "pydyf", "fonttools", "jinja2", "xlsxwriter")


def fingerprint(figures: "OrganisationFigures", setting: ReportContext, drawn_with: str) -> str:
    """A SHA-256 over an organisation's figures, what else its files say, and what draws them (`drawn_with`)."""
    own = setting.of_organisation(figures)
    said = (
        replace(own, take_part={}, recent_suggestions={}),
        sorted(own.take_part.items()),
        sorted(own.recent_suggestions.get(figures.organisation_id, ())),
    )
    return hashlib.sha256(repr((figures, said, drawn_with)).encode()).hexdigest()


def drawn_with() -> str:
    """A SHA-256 over templates, fonts, translations, our code that draws, and the versions of the packages that do."""
    found = hashlib.sha256(repr([(name, version(name)) for name in _LIBRARIES]).encode())
    for folder in (resource("report_templates"), Path(__file__).parent):
        for path in sorted(path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts):
            found.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes())
    return found.hexdigest()
