"""Turns filled templates into PDF/UA-1 with WeasyPrint, without access to files or network.

Fonts and style sheets are parsed once per process. Charts, fonts and the logo are assets that our own fetcher
provides. All patches of WeasyPrint are in `fast_weasyprint`.
"""

import logging
import re
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from typing import Any

from weasyprint import CSS
from weasyprint.logger import LOGGER
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

from flows.foundation.resources import resource
from flows.programme.branding import PLAIN, Branding
from flows.programme.environment import wants_plain_weasyprint
from flows.steps.render import fast_weasyprint, fonts
from flows.steps.render.link_names import name_links

STYLE_SHEETS = ("page.css", "report.css")
# Without meaning in HTML, but before it WeasyPrint breaks a line too early where the last line is just full.
_SPACE_AT_THE_END = re.compile(r"\s+(?=</(?:p|li|dd|dt|td|th|caption|figcaption|h[1-3])>)")


class DrawingWarning(RuntimeWarning):
    """WeasyPrint draws something differently than the page specifies."""


class ClosedFetcher(URLFetcher):  # type: ignore[misc]
    """Serves `chart:` from a dictionary, `logo:` from the branding, `font:` from our fonts; refuses all other URLs."""

    def __init__(self, charts: Mapping[str, str] | None = None, logo: bytes = b"") -> None:
        super().__init__(allowed_protocols=(), allow_redirects=False)
        self._charts = charts or {}
        self._logo = logo

    def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:
        """The asset of that name.

        Raises:
            ValueError: there is none; no other URL is ever opened.
        """
        kind, _, name = url.partition(":")
        if kind == "chart" and name in self._charts:
            return URLFetcherResponse(url, self._charts[name].encode(), {"Content-Type": "image/svg+xml"})
        if kind == "logo" and self._logo:
            return URLFetcherResponse(url, self._logo, {"Content-Type": "image/png"})
        if kind == "font":
            found = next((path for path in fonts.files() if path.name == name), None)
            if found:
                return URLFetcherResponse(url, found.read_bytes(), {"Content-Type": "font/ttf"})
        raise ValueError(f"not an asset of ours: {kind}")


@cache
def _style(accent: str) -> tuple[FontConfiguration, tuple[CSS, ...]]:
    """The style sheets, with the accent colour filled in."""
    configuration = FontConfiguration()
    fetcher = ClosedFetcher()
    sheets = tuple(
        CSS(
            string=resource("report_templates", name).read_text(encoding="utf-8").replace("var(--accent)", accent),
            font_config=configuration,
            url_fetcher=fetcher,
        )
        for name in STYLE_SHEETS
    )
    return configuration, sheets


class _Complaints(logging.Handler):
    """Collects WeasyPrint's log messages, separated by whether something is missing on the page."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.warnings: list[str] = []
        self.errors: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        if record.exc_info:
            self.errors.append(f"{record.getMessage()} {record.exc_info[1]!r}")
        elif record.levelno >= logging.ERROR:
            self.errors.append(record.getMessage())
        elif record.levelno >= logging.WARNING:
            self.warnings.append(record.getMessage())


@contextmanager
def _heard() -> Iterator[None]:
    """Collect WeasyPrint's complaints while it draws.

    Anything that it cannot draw is an error, because a chart would be empty. Other complaints are only warnings.
    """
    complaints = _Complaints()
    level, propagates = LOGGER.level, LOGGER.propagate
    LOGGER.addHandler(complaints)
    LOGGER.setLevel(logging.DEBUG)
    # A complaint may quote the page, so it must not reach the logs.
    LOGGER.propagate = False
    try:
        yield
    finally:
        LOGGER.removeHandler(complaints)
        LOGGER.setLevel(level)
        LOGGER.propagate = propagates
    if complaints.errors:
        raise RuntimeError("WeasyPrint: " + "; ".join(complaints.errors))
    _warn(complaints.warnings)


def _warn(messages: list[str]) -> None:
    """Issue Python warnings, which are shown only to those who enable them, such as tests."""
    with warnings.catch_warnings():
        # Appended, so that filters set by the caller take precedence.
        warnings.filterwarnings("ignore", category=DrawingWarning, append=True)
        for message in dict.fromkeys(messages):
            warnings.warn(f"WeasyPrint: {message}", DrawingWarning, stacklevel=2)


def write_pdf(text: str, charts: Mapping[str, str], branding: Branding = PLAIN) -> tuple[bytes, int]:
    """Render a filled template as PDF; return it with its number of pages. The same input gives the same bytes.

    Raises:
        RuntimeError: WeasyPrint could not draw or find an element.
    """
    text = _SPACE_AT_THE_END.sub("", text)
    charts = {name: fonts.drawable_markup(svg) for name, svg in charts.items()}
    fetcher = ClosedFetcher(charts, branding.logo)
    with _heard(), fast_weasyprint.opened(fonts.drawable_markup(text), fetcher, wants_plain_weasyprint()) as page:
        configuration, sheets = _style(branding.accent)
        document = page.render(font_config=configuration, stylesheets=list(sheets), pdf_variant="pdf/ua-1")
        return document.write_pdf(finisher=name_links, pdf_variant="pdf/ua-1"), len(document.pages)
