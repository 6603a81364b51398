"""A real headless Chromium: what a page looks like, and what it contains once it is drawn."""

import shutil
import subprocess
from pathlib import Path

from tests import programmes

CHROMIUM = shutil.which("chromium")
_QUIET = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update", "--hide-scrollbars",
)  # fmt: skip


def _run(page: str, folder: Path, *words: str) -> bytes:
    assert CHROMIUM
    command = [CHROMIUM, *_QUIET, f"--user-data-dir={folder / 'profile'}", *words, page]
    return subprocess.run(command, check=True, capture_output=True, timeout=programmes.PATIENCE).stdout


def drawn(page: Path, folder: Path, width: int) -> Path:
    """A picture of the top of a page in a window of some width."""
    target = folder / f"{page.stem}-{width}.png"
    _run(page.as_uri(), folder, f"--window-size={width},1200", f"--screenshot={target}")
    return target


def document(page: str, folder: Path) -> str:
    """The document of a page after it is loaded."""
    return _run(page, folder, "--dump-dom").decode()
