"""Reads a finished PDF back as its readers do: the words on its pages, and what a screen reader says."""

import io
import re
from collections.abc import Iterator

import pikepdf
import pypdfium2


def words(pdf: bytes) -> str:
    """All text on all pages, in the order of drawing, with single spaces."""
    return " ".join(text for text in pages(pdf))


def pages(pdf: bytes) -> list[str]:
    """The text of each page, with single spaces."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        return [" ".join(page.get_textpage().get_text_range().split()) for page in document]
    finally:
        document.close()


def elements(node: pikepdf.Dictionary) -> Iterator[pikepdf.Dictionary]:
    """A node of the structure tree and all below it, in the order of reading."""
    yield node
    children = node.get("/K", [])
    for child in children if isinstance(children, pikepdf.Array) else [children]:
        if isinstance(child, pikepdf.Dictionary) and "/S" in child:
            yield from elements(child)


def structure(document: pikepdf.Pdf) -> list[pikepdf.Dictionary]:
    """Every element of the structure tree, in the order of reading."""
    return list(elements(document.Root.StructTreeRoot.K[0]))


def alternatives(pdf: bytes) -> list[str]:
    """What is said instead of each figure."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        return [str(element.Alt) for element in structure(document) if str(element.S) == "/Figure"]


def without(text: str, *patterns: str) -> str:
    """The text with what matches the patterns blanked out."""
    for pattern in patterns:
        text = re.sub(pattern, " ", text)
    return text
