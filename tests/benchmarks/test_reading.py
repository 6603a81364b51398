"""Reading 5,000 responses of 150 columns in every format, and a re-export that is ten times as long."""

import csv
import json
import resource
import subprocess
import sys

import pytest

from flows.steps.ingest.dialects import FILE_FACTS
from flows.steps.ingest.readers.grid import open_grids

ROWS, COLUMNS = 5_000, 150
HEADINGS = [f"vraag_{c}" for c in range(COLUMNS)]


def _row(number: int) -> list[str]:
    return [f"Heel belangrijk {(number + column) % 5}" for column in range(COLUMNS)]


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    import pandas
    import pyreadstat
    import xlsxwriter

    folder = tmp_path_factory.mktemp("reading")
    rows = [HEADINGS, *map(_row, range(ROWS))]
    with (folder / "a.csv").open("w", newline="") as file:
        csv.writer(file).writerows(rows)
    with (folder / "a.tsv").open("w", newline="", encoding="utf-16") as file:
        csv.writer(file, delimiter="\t").writerows(rows)
    (folder / "a.json").write_text(json.dumps([dict(zip(HEADINGS, row, strict=True)) for row in rows[1:]]))
    codes = pandas.DataFrame([[(r + c) % 5 for c in range(COLUMNS)] for r in range(ROWS)], columns=HEADINGS)
    pyreadstat.write_sav(codes, str(folder / "a.sav"))
    with xlsxwriter.Workbook(folder / "a.xlsx") as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return folder


@pytest.mark.benchmark(group="reading")
@pytest.mark.parametrize("name", ["a.csv", "a.tsv", "a.json", "a.sav", "a.xlsx"])
def test_reading(benchmark, files, name):
    def rows() -> int:
        [grid] = open_grids(files / name, [], FILE_FACTS)
        return sum(1 for _ in grid.rows())

    count = benchmark.pedantic(rows, rounds=3, warmup_rounds=1)
    assert count == ROWS + 1 + (name == "a.sav")


_EXPORT = """
import csv, sys
from pathlib import Path
from tests import programmes
root, count = Path(sys.argv[1]), int(sys.argv[2])
programme = programmes.make(root)
programmes.plain_source(programme, programmes.ITEMS)
with (root / "inbox" / "a.csv").open("w", newline="") as file:
    writer = csv.writer(file)
    writer.writerow(programmes.answers(1))
    writer.writerows([f"r{n}", f"m{n}", *list(programmes.answers(n % 200).values())[2:]] for n in range(count))
"""
_STAGES = {
    "ingest": "assert programme.ingest().exports[0].rows == count",
    "ingest and validate": "found = programme.validate(); assert found.accepted + found.held == count",
}


@pytest.mark.benchmark(group="a long export")
@pytest.mark.parametrize("count", [20_000, 200_000])
@pytest.mark.parametrize("stage", _STAGES)
def test_a_long_export(benchmark, tmp_path, stage, count):
    """Seconds, and beside them the peak memory of the whole process in MB, which hardly grows."""
    command = [sys.executable, "-c", _EXPORT + _STAGES[stage], str(tmp_path / "programme"), str(count)]
    benchmark.pedantic(lambda: subprocess.run(command, check=True), rounds=1)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    benchmark.extra_info["peak_mb"] = peak
    print(f"{count} responses: at most {peak} MB")
