"""The truth of the simulation lies inside the intervals that the pipeline reports about as often as it should."""

from pathlib import Path

import pytest

from flows.demo import programme as demo_programme
from flows.demo import simulation
from flows.programme import instrument
from flows.programme.folder import ProgrammeFolder
from tests import programmes

INSTRUMENT = instrument.load("motives", Path()).model


@pytest.mark.slow
@pytest.mark.parametrize("seeds", [(11,), (12, 13, 14)])
def test_over_several_programmes(tmp_path, seeds):
    held = total = 0
    for seed in seeds:
        root = tmp_path / f"programme-{seed}"
        simulated = simulation.simulate(INSTRUMENT, seed=seed)
        demo_programme.write(root, simulated)
        last = simulated.truth.periods()[-1]
        demo_programme.drop_exports(ProgrammeFolder(root), simulated, last)
        made = programmes.TestProgramme(root)
        made.compute(str(last))
        reported = made.query(
            "select unit_id, scale, ci_low, ci_high from statistics.scale_levels"
            " inner join reference.scales using (scale)"
            " where unit_type = 'collective' and kind = 'motive' and ci_low is not null and respondents >= 10"
        )
        truths = {p.collective.id: p.true_means(INSTRUMENT, 1) for p in simulated.populations}
        for collective, scale, low, high in reported:
            held += low <= truths[collective][scale] <= high
            total += 1
    assert total > 150 * len(seeds)
    # A few members answer for two collectives, or not on every item; so a little below 95 %.
    assert 0.91 <= held / total <= 0.98
