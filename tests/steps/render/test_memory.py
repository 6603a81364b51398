"""A process that makes report after report needs no more memory for the last ones than for the first."""

import os
from pathlib import Path

import pytest

from flows import warehouse
from flows.steps.render.documents import write_pdf
from flows.steps.render.report import fill
from tests import programmes
from tests.steps.render.organisation import read_organisation
from tests.steps.render.settings import SETTING_WITH_RULES

REPORTS = 500


def _megabytes() -> float:
    """What this process holds in memory now."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="this system does not say what a process holds")
def test_memory_stays_flat_over_five_hundred_reports(programme):
    programmes.with_answers(programme, 30).compute()
    with warehouse.opened(programme.settings.folder.warehouse, read_only=True) as connection:
        figures = read_organisation(connection, "town")
    held = []
    for number in range(REPORTS):
        write_pdf(*fill(figures, SETTING_WITH_RULES))
        if number % 50 == 49:
            held.append(_megabytes())
    assert max(held[5:]) < 1.1 * max(held[:2])
