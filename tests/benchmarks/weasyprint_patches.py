"""What each patch of WeasyPrint gains: a report with all patches and without one of them, in turns.

    python -m tests.benchmarks.weasyprint_patches

Prints the CPU seconds that the Dutch golden report takes, and the difference from all patches: in the shortest of all
rounds, which other work on the machine disturbs least, and in the median one, since Python does not search for garbage
in every round.
"""

import time
from collections.abc import Sequence
from statistics import median

from flows.steps.render import documents, fast_weasyprint
from tests.steps.render.fast_weasyprint.reports import golden

ROUNDS = 15
ALL = fast_weasyprint.PATCHES


def _seconds(patches: Sequence[str], page: tuple[str, dict[str, str]]) -> float:
    """CPU time of one report with these patches."""
    fast_weasyprint.PATCHES = tuple(patches)
    started = time.process_time()
    documents.write_pdf(*page)
    return time.process_time() - started


def main() -> None:
    """Measure and print."""
    page = golden("nl")
    variants = {
        "all patches": ALL,
        **{f"without {name}": tuple(patch for patch in ALL if patch != name) for name in ALL},
        "no patch": (),
    }
    for patches in variants.values():
        _seconds(patches, page)
    rounds = [[_seconds(patches, page) for patches in variants.values()] for _ in range(ROUNDS)]
    print(f"{'':30}{'shortest':>16}{'median':>16}")
    columns = [[chosen(times) for times in zip(*rounds, strict=True)] for chosen in (min, median)]
    for name, *chosen in zip(variants, *columns, strict=True):
        shown = "".join(
            f"{seconds:8.3f}{seconds - times[0]:+8.3f}" for seconds, times in zip(chosen, columns, strict=True)
        )
        print(f"{name:30}{shown}")


if __name__ == "__main__":
    main()
