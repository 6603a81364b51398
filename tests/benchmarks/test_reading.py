"""Reading 5,000 responses of 150 columns, as CSV and as XLSX."""

import csv

import pytest

from flows.steps.ingest.grid import open_grid

ROWS, COLUMNS = 5_000, 150


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    import xlsxwriter

    folder = tmp_path_factory.mktemp("reading")
    rows = [[f"vraag {c}" for c in range(COLUMNS)]]
    rows += [[f"Heel belangrijk {(r + c) % 5}" for c in range(COLUMNS)] for r in range(ROWS)]
    with (folder / "a.csv").open("w", newline="") as file:
        csv.writer(file).writerows(rows)
    with xlsxwriter.Workbook(folder / "a.xlsx") as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return folder


@pytest.mark.benchmark(group="reading")
@pytest.mark.parametrize("name", ["a.csv", "a.xlsx"])
def test_reading(benchmark, files, name):
    count = benchmark.pedantic(lambda: sum(1 for _ in open_grid(files / name, []).rows()), rounds=3, warmup_rounds=1)
    assert count == ROWS + 1
