"""WeasyPrint with patches that make the same pages in less time; README.md says what each patch does, and its gain.

The patches replace private parts of WeasyPrint, so they are used with tested versions only. With another version, or
when the caller asks for it, nothing is patched, and the pages look the same.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from importlib import import_module
from types import ModuleType

import weasyprint
from weasyprint.urls import URLFetcher

TESTED_VERSIONS = ("70.0",)
# Each is a module of this package, with a context manager `applied`, and the attributes of WeasyPrint in `REPLACED`.
PATCHES = (
    "element_styles",
    "style_values",
    "line_layout",
    "text_drawing",
    "chart_drawing",
    "languages",
)


@contextmanager
def opened(text: str, url_fetcher: URLFetcher, is_plain: bool = False) -> Iterator[weasyprint.HTML]:
    """A page of XHTML as WeasyPrint's own `HTML`; until the context ends, WeasyPrint is patched.

    With `is_plain` nothing is patched.
    """
    with ExitStack() as patched:
        if not is_plain and not why_plain():
            for patch in _patches():
                patched.enter_context(patch.applied())
        yield weasyprint.HTML(string=text, url_fetcher=url_fetcher)


def why_plain() -> str:
    """Why the installed WeasyPrint is not patched, as a sentence without a full stop; empty where it is patched."""
    version = weasyprint.__version__
    if version not in TESTED_VERSIONS:
        return f"the patches were not tested with WeasyPrint {version}, only with {', '.join(TESTED_VERSIONS)}"
    try:
        replaced = [pair for patch in _patches() for pair in patch.REPLACED]
    except (ImportError, AttributeError) as error:
        return f"WeasyPrint {version} lacks what the patches use: {error}"
    missing = [f"{owner.__name__}.{name}" for owner, name in replaced if not hasattr(owner, name)]
    return f"WeasyPrint {version} lacks what the patches replace: {', '.join(missing)}" if missing else ""


def _patches() -> list[ModuleType]:
    """The modules of the patches, imported here because they import private parts of WeasyPrint."""
    return [import_module(f"{__name__}.{name}") for name in PATCHES]
