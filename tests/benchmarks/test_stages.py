"""Every stage is measured, and the table has a row for each."""

from pathlib import Path

import pytest

from tests.benchmarks import stages


@pytest.mark.slow
def test_every_stage_is_measured_in_a_process_of_its_own():
    [found] = stages.measure_all(1, Path(__file__).parents[2])
    assert list(found) == list(stages.STAGES)
    assert all(entry["seconds"] > 0 and entry["megabytes"] > 50 for entry in found.values())
    rows = stages.table({1: found}).splitlines()[2:]
    assert [row.split(" | ")[0].strip("| ") for row in rows] == list(stages.STAGES)
