"""Names the links of a PDF by the words that one clicks, where WeasyPrint names them by their target in the page."""

import pydyf
from weasyprint import Document


def name_links(document: Document, pdf: pydyf.PDF) -> None:
    """Give each link annotation the text of its link, which a screen reader reads (PDF/UA-1, 7.18.5)."""
    for page in document.pages:
        for *_, box in page.links:
            text = " ".join("".join(box.element.itertext()).split())
            if text:
                box.link_annotation["Contents"] = pydyf.String(text)
