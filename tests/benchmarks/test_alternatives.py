"""What somebody would write first, beside the same part of Motiefmix: processor seconds in one run.

From a CSV of so many responses to levels, reliabilities and mixes of a hundred collectives, with pandas and Great
Expectations, and with R (data.table, psych) where it is installed. Motiefmix does more with them: it pseudonymises,
holds and explains single responses, and computes far more statistics. Pages are in `test_rendering.py`.
"""

import csv
import json
import os
import random
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from flows import warehouse
from tests import programmes

FOLDER = Path(__file__).with_name("alternatives")
SIZES = [2_000, 200_000]
COLLECTIVES = 100


def _seconds() -> float:
    """Processor seconds of this process and of the processes that it waited for."""
    return sum(os.times()[:4])


@pytest.fixture(scope="module", params=SIZES)
def made(request, tmp_path_factory):
    """A programme with one export, and what the alternatives must know about its questionnaire."""
    folder = tmp_path_factory.mktemp("alternatives")
    programme = programmes.make(folder / "programme")
    chance = random.Random(1)
    names = [f"c{number}" for number in range(COLLECTIVES)]
    members = 2 * request.param // COLLECTIVES
    groups = [{**programmes.COLLECTIVES[0], "collective_id": name, "name": name, "members": members} for name in names]
    programme.register(programmes.ORGANISATIONS, groups)
    programmes.plain_source(programme, programmes.ITEMS)
    with (programme.root / "inbox" / "answers.csv").open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(programmes.answers(1))
        for number in range(request.param):
            values = programmes.random_answers(chance)
            writer.writerow(programmes.answers(number, names[number % COLLECTIVES], values).values())
    shutil.copy(programme.root / "inbox" / "answers.csv", folder / "answers.csv")
    _describe(folder)
    return programme, folder


def _describe(folder: Path) -> None:
    instrument = programmes.INSTRUMENT
    scales = {
        name: {"kind": scale.kind, "items": [[item, instrument.items[item].reverse] for item in scale.items]}
        for name, scale in instrument.scales.items()
    }
    (folder / "scales.json").write_text(json.dumps(scales))
    with (folder / "items.csv").open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["item", "scale", "reverse", "kind"])
        for name, scale in scales.items():
            writer.writerows([item, name, int(turned), scale["kind"]] for item, turned in scale["items"])


def _means(programme) -> dict[tuple[str, str], float]:
    with warehouse.opened(programme.settings.folder.warehouse, read_only=True) as connection:
        rows = connection.execute(
            "select unit_id, scale, mean from statistics.scale_levels where unit_type = 'collective'"
        ).fetchall()
    return {(unit, scale): mean for unit, scale, mean in rows}


@pytest.mark.benchmark(group="statistics", timer=_seconds)
def test_ours(benchmark, made):
    programme, _ = made
    command = [sys.executable, "-c", "import sys; from pathlib import Path; from tests import programmes;"]
    command[-1] += " programmes.TestProgramme(Path(sys.argv[1])).compute()"
    benchmark.pedantic(lambda: subprocess.run([*command, str(programme.root)], check=True), rounds=1)


@pytest.mark.benchmark(group="statistics", timer=_seconds)
def test_pandas(benchmark, made):
    programme, folder = made
    files = [folder / name for name in ("answers.csv", "scales.json", "levels.json")]
    command = [sys.executable, FOLDER / "month_in_pandas.py", *files]
    benchmark.pedantic(lambda: subprocess.run(command, check=True, capture_output=True), rounds=1)
    found = json.loads(files[-1].read_text())["levels"]
    means = {(row["group"], scale): row["mean"] for scale, rows in found.items() for row in rows}
    assert means == pytest.approx(_means(programme))


@pytest.mark.skipif(not shutil.which("Rscript"), reason="no R")
@pytest.mark.benchmark(group="statistics", timer=_seconds)
def test_r(benchmark, made):
    programme, folder = made
    files = [folder / name for name in ("answers.csv", "items.csv", "levels.csv")]
    command = ["Rscript", "--vanilla", FOLDER / "month_in_r.R", *files]
    benchmark.pedantic(lambda: subprocess.run(command, check=True, capture_output=True), rounds=1)
    with files[-1].open() as file:
        means = {(row["group"], row["scale"]): float(row["mean"]) for row in csv.DictReader(file)}
    assert means == pytest.approx(_means(programme))
