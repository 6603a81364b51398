"""A real headless Chromium, without a network beyond this machine."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Page, sync_playwright

# For what is there at once unless it never comes; a busy machine takes seconds.
_PATIENCE_MILLISECONDS = 120_000
CHROMIUM = shutil.which("chromium")
_QUIET = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update",
)  # fmt: skip


@contextmanager
def opened(width: int = 1280) -> Iterator[Page]:
    """An empty page in a window of some width."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=_QUIET)
        try:
            page = browser.new_page(viewport={"width": width, "height": 900})
            page.set_default_timeout(_PATIENCE_MILLISECONDS)
            yield page
        finally:
            browser.close()
