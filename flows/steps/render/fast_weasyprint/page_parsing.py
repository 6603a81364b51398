"""Parses a page with Python's XML parser, which is written in C, instead of WeasyPrint's HTML parser in Python."""

from contextlib import AbstractContextManager
from types import SimpleNamespace
from typing import Any
from xml.etree import ElementTree

import weasyprint

from flows.steps.render.fast_weasyprint.replacing import replaced

REPLACED = ((weasyprint, "tinyhtml5"),)


def _parse(file: Any, **options: Any) -> ElementTree.Element:
    # The text comes from our own templates with everything escaped; expat defines no entities by itself.
    return ElementTree.parse(file).getroot()  # noqa: S314


def applied() -> AbstractContextManager[None]:
    """Parse pages as XML meanwhile."""
    return replaced(weasyprint, "tinyhtml5", SimpleNamespace(parse=_parse))
