"""Processor time and memory of each stage of a month, by the size of the programme, beside the bare floor.

`make bench` measures two sizes in two minutes and writes the table of `README.md` beside this file; `make
bench-full` measures larger ones as well. To see what became slower since a revision:

    .venv/bin/python -m tests.benchmarks.stages --compare HEAD~10

Each stage runs in a process of its own, so that processor time (of its children as well) and the peak of memory are its
alone. The floor is what the machine needs for the same work without anything of ours around it: the same SELECTs in
DuckDB, and drawing the same pages in one process.
"""

import argparse
import json
import os
import platform
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from flows.foundation.garbage import look_rarely
from flows.programme import decisions
from tests import programmes

if TYPE_CHECKING:
    from flows.steps.render.drawing import Material

COLLECTIVES, ANSWERS = 3, 16
QUICK, FULL = (4, 16), (4, 16, 100, 1000)
PERIOD = "2026-10"
PAGE = Path(__file__).with_name("README.md")
BEGIN, END = "<!-- measured -->", "<!-- end -->"
# Slower by more than this is said to be slower; less is noise on a shared machine.
NOISE = 1.2


def make_programme(root: Path, organisations: int) -> programmes.TestProgramme:
    """A programme of so many organisations, each with three collectives of sixteen members who answered by chance."""
    made = programmes.make(root / "programme")
    names = [f"o{number}" for number in range(organisations)]
    groups = [f"{name}-{letter}" for name in names for letter in "abc"[:COLLECTIVES]]
    made.register(
        [{"organisation_id": name, "name": name, "language": "nl"} for name in names],
        [
            {
                **programmes.COLLECTIVES[0],
                "collective_id": group,
                "organisation_id": group[:-2],
                "name": group,
                "take_part": f"https://example.org/{group}",
            }
            for group in groups
        ],
    )
    programmes.plain_source(made, programmes.ITEMS)
    chance = random.Random(1)
    rows = (
        programmes.answers(place * ANSWERS + number, group, programmes.random_answers(chance))
        for place, group in enumerate(groups)
        for number in range(ANSWERS)
    )
    made.export("answers.csv", list(rows))
    return made


def make_pages(root: Path, organisations: int) -> list[tuple[str, dict[str, str]]]:
    """The filled report of each organisation of such a programme, and its charts by name."""
    from flows import warehouse
    from flows.steps.render.published import PublishedFigures
    from flows.steps.render.report import fill
    from tests.steps.render.settings import SETTING

    made = make_programme(root, organisations)
    made.compute(PERIOD)
    with warehouse.opened(made.settings.folder.warehouse, read_only=True) as connection:
        names = _organisations(made)
        published = PublishedFigures(connection, names)
        return [fill(published.of(name), SETTING) for name in names]


def _ingest(made: programmes.TestProgramme) -> None:
    made.ingest()


def _validate(made: programmes.TestProgramme) -> None:
    made.validate(PERIOD, made.ingest())


def _compute(made: programmes.TestProgramme) -> None:
    from flows.steps.compute import compute

    settings = made.settings
    compute(settings.folder.warehouse, settings.pseudonym_keys().disclosure_record)


def _bare_sql(made: programmes.TestProgramme) -> None:
    """The floor of compute: its SELECTs, one after the other, in a database in memory."""
    from flows import warehouse
    from flows.steps.compute import SCHEMAS

    models = warehouse.read_models(SCHEMAS)
    with warehouse.opened(made.settings.folder.warehouse, read_only=True) as connection:
        warehouse.load_macros(connection)
        warehouse.set_key(connection, b"k" * 32)
        for number, model in enumerate(models.values()):
            connection.execute(f"create temp table floor_{number} as {model.sql}")


def _organisations(made: programmes.TestProgramme) -> list[str]:
    return [name for (name,) in made.query("select organisation_id from published.organisations order by all")]


def _render(made: programmes.TestProgramme) -> None:
    from flows.steps.render import render
    from tests.steps.render.settings import SETTING

    folder = made.settings.folder
    reports = render(folder.warehouse, _organisations(made), SETTING, made.root / "reports", os.cpu_count() or 1)
    assert {report.status for report in reports} == {"ready"}


def _bare_pages(made: programmes.TestProgramme) -> None:
    """The floor of render: the bare pages of all organisations, in one process."""
    from flows import warehouse
    from flows.steps.render.materials import Materials
    from tests.steps.render.settings import SETTING

    with warehouse.opened(made.settings.folder.warehouse, read_only=True) as connection:
        for material in Materials(connection, None, SETTING).of(_organisations(made)):
            draw_bare_pages(material)


def draw_bare_pages(material: "Material") -> None:
    """Fill and draw the pages of an organisation's report and leaflets, and do nothing else."""
    from flows.steps.render.documents import write_pdf
    from flows.steps.render.report import fill, fill_leaflet

    figures, setting = material.figures, material.setting
    write_pdf(*fill(figures, setting))
    for unit in figures.collectives:
        write_pdf(*fill_leaflet(figures, unit, setting))


def _publish(made: programmes.TestProgramme) -> None:
    programmes.release(made, PERIOD, is_computed=True)


def _run(made: programmes.TestProgramme) -> None:
    """The whole command, Prefect and its server included; of the same month in a folder of its own."""
    command = [sys.executable, "-m", "flows.cli", "run", "--period", PERIOD, "-p", str(made.root)]
    subprocess.run(command, check=True, capture_output=True)


def _run_after_answers_from_one(made: programmes.TestProgramme) -> None:
    """The whole command once more: late answers of three members of one collective came, and are to count."""
    chance = random.Random(2)
    late = [programmes.answers(10**6 + number, "o0-a", programmes.random_answers(chance)) for number in range(3)]
    made.export("late.csv", late)
    accepted = [decisions.Decision("late", "form", str(row["id"]), "accept", "2026-11-02") for row in late]
    decisions.add(made.settings.folder.decisions, accepted)
    _run(made)


STAGES: dict[str, Callable[[programmes.TestProgramme], None]] = {
    "ingest": _ingest,
    "validate": _validate,
    "compute": _compute,
    "the same SELECTs, bare": _bare_sql,
    "render": _render,
    "the same pages, bare": _bare_pages,
    "publish": _publish,
    "a whole run": _run,
    "a run in which nothing is new": _run,
    "a run after answers from one organisation": _run_after_answers_from_one,
}


def measure(stage: str, root: Path) -> dict[str, float]:
    """Processor seconds and peak memory (MB) of one stage of a programme, in this process and its children."""
    made = programmes.TestProgramme(root)
    look_rarely()
    begun = sum(os.times()[:4])
    STAGES[stage](made)
    seconds = sum(os.times()[:4]) - begun
    peaks = (resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return {"seconds": seconds, "megabytes": max(peaks) / 1024}


def measure_all(organisations: int, *codes: Path) -> list[dict[str, dict[str, float]]]:
    """Every stage of a month with the code of each checkout, in turns, so that both meet the same busy moments."""
    found: list[dict[str, dict[str, float]]] = [{} for _ in codes]
    with tempfile.TemporaryDirectory() as folder:
        roots = []
        for place in range(len(codes)):
            made = make_programme(Path(folder) / str(place), organisations)
            roots.append((made.root, programmes.copied(made, Path(folder) / f"apart-{place}").root))
        for stage in STAGES:
            print(f"{organisations} organisations: {stage} …", file=sys.stderr)
            for measured, code, (root, apart) in zip(found, codes, roots, strict=True):
                measured[stage] = _in_its_own_process(stage, apart if stage.startswith("a ") else root, code)
    return found


def _in_its_own_process(stage: str, root: Path, code: Path) -> dict[str, float]:
    command = [sys.executable, "-m", "tests.benchmarks.stages", "--stage", stage, "--root", str(root)]
    environment = {**os.environ, "PYTHONPATH": str(code)}
    done = subprocess.run(command, env=environment, cwd=code, check=True, stdout=subprocess.PIPE, text=True)
    measured: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return measured


def table(found: dict[int, dict[str, dict[str, float]]]) -> str:
    """Processor seconds and memory of each stage, in Markdown; a column for each number of organisations."""
    lines = [
        "| | " + " | ".join(f"{size} organisations" for size in found) + " |",
        "|---" * (1 + len(found)) + "|",
    ]
    for stage in STAGES:
        cells = (f"{found[size][stage]['seconds']:.1f} s, {found[size][stage]['megabytes']:.0f} MB" for size in found)
        lines.append(f"| {stage} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def write_page(found: dict[int, dict[str, dict[str, float]]]) -> None:
    """Put the table into the page, with the machine, the versions and the day."""
    names = ("duckdb", "weasyprint", "prefect", "great-expectations")
    versions = ", ".join(f"{name} {version(name)}" for name in names)
    made_of = (
        f"Processor seconds and peak memory, {datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} processors"
        f" ({platform.machine()}), Python {platform.python_version()}, {versions}."
    )
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
    after = rest.partition(END)[2]
    PAGE.write_text(f"{before}{BEGIN}\n{made_of}\n\n{table(found)}\n{END}{after}", encoding="utf-8")


def compare(revision: str, organisations: int) -> bool:
    """Print each stage beside that of a revision, both measured now; whether any became slower."""
    here = Path(__file__).parents[2]
    with tempfile.TemporaryDirectory() as folder:
        there = Path(folder) / "before"
        subprocess.run(["git", "worktree", "add", "--detach", str(there), revision], cwd=here, check=True)
        try:
            before, now = measure_all(organisations, there, here)
        finally:
            subprocess.run(["git", "worktree", "remove", "--force", str(there)], cwd=here, check=True)
    slower = False
    for stage in STAGES:
        ratio = now[stage]["seconds"] / max(before[stage]["seconds"], 0.01)
        slower |= ratio > NOISE
        seconds = f"{before[stage]['seconds']:7.1f} s {now[stage]['seconds']:7.1f} s"
        print(f"{stage:32}{seconds}  x {ratio:.2f}{'  slower' if ratio > NOISE else ''}")
    return slower


def main() -> int:
    """Measure, and write the page or compare."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--full", action="store_true", help="larger programmes as well: up to half an hour")
    options.add_argument("--compare", metavar="REV", help="a revision that has this module, too")
    options.add_argument("--stage", choices=list(STAGES), help=argparse.SUPPRESS)
    options.add_argument("--root", type=Path, help=argparse.SUPPRESS)
    asked = options.parse_args()
    if asked.stage:
        print(json.dumps(measure(asked.stage, asked.root)))
        return 0
    if asked.compare:
        return 1 if compare(asked.compare, QUICK[-1]) else 0
    begun = time.monotonic()
    found = {size: measure_all(size, Path(__file__).parents[2])[0] for size in (FULL if asked.full else QUICK)}
    write_page(found)
    print(f"{table(found)}\n\n{time.monotonic() - begun:.0f} s; written to {PAGE}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
