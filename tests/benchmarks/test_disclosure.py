"""The differencing check and the audit of a month, in a programme that goes on: by organisations and by months.

Of five collectives in each organisation, of 4 to 25 members, 35 % answer a month, and a window is three months long.
The aims on 2 cores: 20 seconds for 40 organisations in month 6, 5 minutes for 1,000 in month 12, 5 seconds for 12
organisations of four collectives in month 24. The largest takes half an hour to come to its twelfth month:

    .venv/bin/pytest tests/benchmarks/test_disclosure.py --benchmark-only -m slow
"""

from pathlib import Path

import numpy as np
import pytest

from flows import warehouse
from flows.programme.period import Period
from flows.steps.disclosure import differencing
from flows.steps.publish.audit import refuse_unsafe
from tests.sql.disclosure.simulated import Population, Simulated, answers_of, populate_unequally

FIRST = Period.parse("2024-01")
ANSWERING, WINDOW_MONTHS = 0.35, 3
SHAPES = [
    (10, 5, 6),
    (20, 5, 6),
    (40, 5, 6),
    (40, 5, 12),
    (12, 4, 24),
    pytest.param(1000, 5, 12, marks=pytest.mark.slow),
]


def _goes_on(folder: Path, organisations: int, collectives: int, months: int) -> tuple[Simulated, str, Path]:
    """A programme in the last of some months, all of it done but the check and the audit; its last release."""
    chance = np.random.default_rng(1)
    views, population = populate_unequally(organisations, collectives, (4, 25), chance)
    simulated = Simulated(folder, population)
    answers = population.answers.copy()
    last = np.full(len(answers), -WINDOW_MONTHS)
    for month in range(months):
        who = np.flatnonzero(chance.random(len(answers)) < ANSWERING)
        answers[who], last[who] = answers_of(views[who], chance), month
        counted = np.flatnonzero(last > month - WINDOW_MONTHS)
        period = str(FIRST.plus(month))
        now = Population(population.organisation, population.collective, answers)
        simulated.compute(period, counted, population=now, minutes=last[counted] * 100_000)
        database = simulated.release_with_database(period)
    return simulated, f"{period} v1", database


@pytest.mark.benchmark(group="disclosure")
@pytest.mark.parametrize(("organisations", "collectives", "months"), SHAPES)
def test_check_and_audit(benchmark, tmp_path, organisations, collectives, months):
    simulated, name, database = _goes_on(tmp_path, organisations, collectives, months)
    folder = simulated.programme.settings.folder

    def check_and_audit():
        with warehouse.opened(folder.warehouse) as connection:
            connection.execute("truncate disclosure.differencing_verdicts")
            differencing.fill_differencing_verdicts(connection)
        return refuse_unsafe(folder, name, database)

    assert benchmark.pedantic(check_and_audit, rounds=1).figures
