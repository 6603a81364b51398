"""Gives an element of the PDF's structure the language that its element of the page has.

WeasyPrint gives a language to the document only, so a screen reader would speak a name of another language wrongly.
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from typing import Any

import pydyf
from weasyprint.layout.absolute import AbsolutePlaceholder
from weasyprint.pdf import tags

from flows.steps.render.fast_weasyprint.replacing import replaced

REPLACED = ((tags, "_build_box_tree"),)
_built_by_weasyprint = tags._build_box_tree


def _build(box: Any, *others: Any) -> Iterator[pydyf.Dictionary]:
    """The elements of a box; WeasyPrint comes back here for each box inside."""
    language = _language(box)
    for element in _built_by_weasyprint(box, *others):
        if language:
            element["Lang"] = pydyf.String(language)
        yield element


def _language(box: Any) -> str | None:
    element = (box._box if isinstance(box, AbsolutePlaceholder) else box).element
    # The language of the page itself is that of the document.
    return None if element is None or element.tag == "html" else element.get("lang")


def applied() -> AbstractContextManager[None]:
    """Give structure elements their languages meanwhile."""
    return replaced(tags, "_build_box_tree", _build)
