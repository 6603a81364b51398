"""What each patch of WeasyPrint gains: reports with all patches and without one of them, in turns.

    python -m tests.benchmarks.weasyprint_patches

Prints the CPU seconds of a report, and the difference from all patches.
"""

import tempfile
import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from flows import warehouse
from flows.steps.render import documents, fast_weasyprint
from flows.steps.render.published import read_organisation
from flows.steps.render.report import fill
from tests.benchmarks import turns
from tests.benchmarks.stages import make_programme
from tests.steps.render.settings import SETTING

ORGANISATIONS, ROUNDS = 25, 5
ALL = fast_weasyprint.PATCHES
Page = tuple[str, dict[str, str]]


def _pages() -> list[Page]:
    """The filled templates and charts of each organisation."""
    with tempfile.TemporaryDirectory() as temporary:
        made = make_programme(Path(temporary), ORGANISATIONS)
        made.compute()
        with warehouse.opened(made.settings.folder.warehouse, read_only=True) as connection:
            return [fill(read_organisation(connection, f"o{number}"), SETTING) for number in range(ORGANISATIONS)]


def _seconds(patches: Sequence[str], pages: Sequence[Page]) -> list[float]:
    """CPU time of each report with these patches."""
    fast_weasyprint.PATCHES = tuple(patches)
    seconds = []
    for page in pages:
        started = time.process_time()
        documents.write_pdf(*page)
        seconds.append(time.process_time() - started)
    return seconds


def main() -> None:
    """Measure and print."""
    pages = _pages()
    variants = {
        "all patches": ALL,
        **{f"without {name}": tuple(patch for patch in ALL if patch != name) for name in ALL},
        "no patch": (),
    }
    ways = {name: partial(_seconds, patches, pages) for name, patches in variants.items()}
    found = turns.shortest(ways, ROUNDS)
    for name, seconds in found.items():
        print(f"{name:30}{seconds:8.3f}{seconds - found['all patches']:+8.3f}")


if __name__ == "__main__":
    main()
