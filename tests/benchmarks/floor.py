"""What drawing all that an organisation receives takes beside its bare pages, in turns.

    python -m tests.benchmarks.floor

Prints the CPU seconds of both, and their ratio.
"""

import tempfile
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from flows import warehouse
from flows.steps.render.drawing import Material, draw
from flows.steps.render.materials import Materials
from tests.benchmarks import turns
from tests.benchmarks.stages import PERIOD, draw_bare_pages, make_programme
from tests.steps.render.settings import SETTING

ORGANISATIONS, ROUNDS = 25, 4


def draw_documents(material: Material, folder: Path) -> None:
    """Everything that a run makes of one organisation, as its workers do."""
    for name, content in draw(material).files.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(content)


def _documents(database: Path, names: Sequence[str]) -> list[float]:
    """CPU time of everything that a run makes of each organisation."""
    with warehouse.opened(database, read_only=True) as connection, tempfile.TemporaryDirectory() as folder:
        materials = Materials(connection, None, SETTING).of(names)
        return turns.seconds(partial(draw_documents, material, Path(folder)) for material in materials)


def _pages(database: Path, names: Sequence[str]) -> list[float]:
    """CPU time of the bare pages of each organisation."""
    with warehouse.opened(database, read_only=True) as connection:
        return turns.seconds(partial(draw_bare_pages, each) for each in Materials(connection, None, SETTING).of(names))


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as temporary:
        made = make_programme(Path(temporary), ORGANISATIONS)
        made.compute(PERIOD)
        given = (made.settings.folder.warehouse, [f"o{number}" for number in range(ORGANISATIONS)])
        ways = {"all documents": partial(_documents, *given), "bare pages": partial(_pages, *given)}
        documents, pages = turns.shortest(ways, ROUNDS).values()
    print(f"all documents {documents:.3f} s, bare pages {pages:.3f} s: ratio {documents / pages:.3f}")


if __name__ == "__main__":
    main()
