"""What each patch of WeasyPrint gains: reports with all patches and without one of them, in turns.

    python -m tests.benchmarks.weasyprint_patches

Prints the CPU seconds of a report, and the difference from all patches.
"""

import tempfile
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from flows.steps.render import documents, fast_weasyprint
from tests.benchmarks import turns
from tests.benchmarks.stages import make_pages

ORGANISATIONS, ROUNDS = 25, 5
ALL = fast_weasyprint.PATCHES


def _seconds(patches: Sequence[str], pages: Sequence[tuple[str, dict[str, str]]]) -> list[float]:
    """CPU time of each report with these patches."""
    fast_weasyprint.PATCHES = tuple(patches)
    return turns.seconds(partial(documents.write_pdf, *page) for page in pages)


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as temporary:
        pages = make_pages(Path(temporary), ORGANISATIONS)
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
