"""What drawing all that an organisation receives takes beside its bare pages, in turns.

    python -m tests.benchmarks.floor

Other work on a machine changes the time of a page by a third from minute to minute, so one run of each tells little.
Here both take turns organisation by organisation, and of each the shortest time counts.
"""

import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from flows import warehouse
from flows.steps.render.drawing import Material, draw
from flows.steps.render.published import read_organisation
from tests.benchmarks.stages import PERIOD, draw_bare_pages, make_programme
from tests.steps.render.settings import SETTING

ORGANISATIONS, ROUNDS = 8, 6


def draw_documents(database: Path, organisation: str, folder: Path) -> None:
    """Everything that a run makes of one organisation, as its workers do."""
    with warehouse.opened(database, read_only=True) as connection:
        figures = read_organisation(connection, organisation)
    drawn = draw(Material(figures, SETTING, drawn_with=""))
    assert drawn
    for name, content in drawn.files.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(content)


def _seconds(work: Callable[[], None]) -> float:
    begun = time.process_time()
    work()
    return time.process_time() - begun


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as temporary:
        made = make_programme(Path(temporary), ORGANISATIONS)
        made.compute(PERIOD)
        database, names = made.settings.folder.warehouse, [f"o{number}" for number in range(ORGANISATIONS)]
        with warehouse.opened(database, read_only=True) as connection:
            rounds = [
                [
                    (
                        _seconds(partial(draw_documents, database, name, Path(temporary))),
                        _seconds(partial(draw_bare_pages, connection, name)),
                    )
                    for name in names
                ]
                for _ in range(ROUNDS)
            ]
    shortest = [[min(times) for times in zip(*of_name, strict=True)] for of_name in zip(*rounds, strict=True)]
    documents, pages = (sum(times) / ORGANISATIONS for times in zip(*shortest, strict=True))
    print(f"all documents {documents:.3f} s, bare pages {pages:.3f} s: ratio {documents / pages:.3f}")


if __name__ == "__main__":
    main()
