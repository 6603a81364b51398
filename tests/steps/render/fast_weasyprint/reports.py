"""The golden reports as pages and charts, which cost no computing; and PDFs made by plain WeasyPrint."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from flows.steps.render import documents
from tests.steps.render.partials import WHOLE, put_together

GOLDEN = {"nl": "town", "en": "city"}


def golden(language: str) -> tuple[str, dict[str, str]]:
    """The text of a golden report and its charts by name; the report has a chart of each kind."""
    folder = Path(__file__).parents[3] / "golden" / GOLDEN[language]
    return put_together({path.stem: path.read_text(encoding="utf-8") for path in folder.iterdir()}, WHOLE)


def plain_pdf(text: str, charts: Mapping[str, str]) -> bytes:
    """The PDF that WeasyPrint makes without patches."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("MOTIEFMIX_PLAIN_WEASYPRINT", "1")
        return documents.write_pdf(text, charts)[0]
