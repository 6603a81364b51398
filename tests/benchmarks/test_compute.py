"""All statistics of a programme of so many respondents, 33 items and 100 answers per collective: time and memory.

`make benchmark` runs the small ones. The largest (10 million respondents, 100,000 collectives; the aim is 5 minutes and
2.5 GB on 2 cores) takes ten minutes to simulate and compute:

    .venv/bin/pytest tests/benchmarks/test_compute.py --benchmark-only -m slow
"""

import json
import subprocess
import sys

import pytest

from flows import warehouse
from flows.programme.loading import load_programme
from flows.programme.period import Period
from flows.steps import validate
from tests import programmes

SIZES = [50_000, 500_000, pytest.param(10_000_000, marks=pytest.mark.slow)]
ANSWERED = 100
ITEMS, SCALES = 33, 11
# In a process of its own, so that its peak is that of the statistics alone.
_COMPUTE = """
import json, re, sys, time
from pathlib import Path
from flows import warehouse
from flows.steps.compute import MEMORY_MEGABYTES, SCHEMAS, python_models
from flows.warehouse import models

begin = time.perf_counter()
opened = warehouse.opened(Path(sys.argv[1]), memory=MEMORY_MEGABYTES)
with opened as connection, warehouse.transaction(connection):
    warehouse.set_key(connection, b"k" * 32)
    read = warehouse.read_models
    # The answers are made already; everything that follows from them is measured.
    models.read_models = lambda schemas: {
        name: model for name, model in read(schemas).items() if name != "counted.responses"
    }
    warehouse.run_models(connection, SCHEMAS, python_models(Path(sys.argv[1]).parent))
seconds = time.perf_counter() - begin
peak = int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1])
print(json.dumps({"seconds": seconds, "peak_mb": peak // 1024}))
"""


def _simulated(tmp_path, respondents: int):
    """A programme whose accepted answers are made in the warehouse itself: a person's level, a motive's, an item's."""
    programme = programmes.make(tmp_path / "programme")
    database = programme.settings.folder.warehouse
    collectives = respondents // ANSWERED
    motives = ", ".join(f"2 * (random() + random() - 1) as motive_{scale}" for scale in range(SCALES))
    items = ", ".join(
        "case when random() >= 0.02 then cast(greatest(1, least(5, round(3.3 + person"
        f" + motive_{item // 3} + 1.6 * (random() + random() + random() - 1.5)))) as utinyint) end"
        for item in range(ITEMS)
    )
    with warehouse.opened(database) as connection:
        validate.run(connection, load_programme(programme.settings), Period.parse("2026-10"))
        connection.execute("delete from reference.collectives")
        connection.execute(
            "insert into reference.collectives by name select 'c' || i as collective_id, 'o' || i // 4 as"
            f" organisation_id, 'C' || i as name, 'type' || i % 5 as type, {2 * ANSWERED} as members"
            f" from range({collectives}) as numbers (i)"
        )
        connection.execute("select setseed(0.5)")
        connection.execute(
            "create table counted.responses as select i as response, 'current' as \"window\","
            f" sha256(cast(i as varchar)) as respondent, 'c' || i // {ANSWERED} as collective_id,"
            f" 'o' || i // {ANSWERED * 4} as organisation_id, timestamp '2026-09-01' as submitted_at,"
            f" [{items}] as item_values"
            f" from (select i, 0.8 * (random() + random() - 1) as person, {motives} from range({respondents}) as n (i))"
        )
    return database


@pytest.mark.benchmark(group="compute")
@pytest.mark.parametrize("respondents", SIZES)
def test_statistics(benchmark, tmp_path, respondents):
    database = _simulated(tmp_path, respondents)
    command = [sys.executable, "-c", _COMPUTE, str(database)]
    run = benchmark.pedantic(lambda: subprocess.run(command, capture_output=True, check=True, text=True), rounds=1)
    benchmark.extra_info.update(json.loads(run.stdout))
    with warehouse.opened(database, read_only=True) as connection:
        assert warehouse.one(connection, "select count(*) from published.diversity where motives_in_play > 1")
