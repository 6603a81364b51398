"""The pages of a report in Typst: the same words, tables and charts, without our design. A lower limit of the time."""

import json
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

_HEADINGS = {"h1": 1, "h2": 2, "h3": 3}
_PARAGRAPHS = {"p", "li", "dt", "dd", "figcaption", "caption"}
_LEFT_OUT = {"style", "title", "head"}
_START = """#set document(title: "Report")
#set page(paper: "a4", margin: (x: 18mm, y: 16mm))
#set text(font: "Source Sans 3", size: 10pt, lang: "nl")
"""


def write_source(page: str, charts: dict[str, str], folder: Path) -> Path:
    """Write a filled page as a Typst source with its charts beside it; return the source."""
    for name, svg in charts.items():
        (folder / f"{name}.svg").write_text(svg, encoding="utf-8")
    source = folder / "report.typ"
    body = ElementTree.fromstring(page[page.index("<body") : page.index("</body>") + len("</body>")])
    source.write_text(_START + "\n".join(_blocks(body)), encoding="utf-8")
    return source


def _blocks(element: ElementTree.Element) -> Iterator[str]:
    """The blocks of a page in their order; what has no block of its own passes its children on."""
    name = element.tag
    if name in _LEFT_OUT:
        return
    if name in _HEADINGS:
        yield f"#heading(level: {_HEADINGS[name]}, {_words(element)})"
    elif name == "table":
        yield from _table(element)
    elif name == "img":
        yield from _image(element)
    elif name in _PARAGRAPHS:
        yield f"#par({_words(element)})"
        yield from (block for image in element.iter("img") for block in _image(image))
    else:
        for child in element:
            yield from _blocks(child)


def _table(element: ElementTree.Element) -> Iterator[str]:
    rows = [[cell for cell in row if cell.tag in ("td", "th")] for row in element.iter("tr")]
    width = max((len(row) for row in rows), default=0)
    cells = [_words(cell) for row in rows for cell in [*row, *[ElementTree.Element("td")] * (width - len(row))]]
    if cells:
        yield f"#table(columns: {width}, {', '.join(cells)})"


def _image(element: ElementTree.Element) -> Iterator[str]:
    kind, _, name = element.get("src", "").partition(":")
    if kind == "chart":
        alternative = json.dumps(element.get("alt", ""), ensure_ascii=False)
        yield f'#image("{name}.svg", alt: {alternative})'


def _words(element: ElementTree.Element) -> str:
    return json.dumps(" ".join("".join(element.itertext()).split()), ensure_ascii=False)
