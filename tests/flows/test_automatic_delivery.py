"""With automatic approval a run delivers its reports, once; a dry run never does."""

from datetime import date

import pytest

from flows.commands import run
from flows.releases import choosing
from flows.steps.deliver import delivery_ledger
from tests import programmes

pytestmark = pytest.mark.prefect
TODAY = date(2026, 11, 2)


@pytest.fixture
def automatic(programme):
    toml = programme.root / "motiefmix.toml"
    toml.write_text(f'{toml.read_text()}[delivery]\napproval = "automatic"\n')
    return programmes.with_answers(programme, 14)


def _run(programme, **changes):
    return run.monthly_run(programme.settings, today=TODAY, **changes)


def _delivered(programme) -> list[str]:
    return [entry.state for entry in delivery_ledger.read(programme.settings.folder.deliveries)]


@pytest.mark.slow
def test_a_run_approves_and_delivers_once_and_a_dry_run_never(automatic):
    assert _run(automatic, deliver=False).delivered == ()
    tried = _run(automatic, dry_run=True)
    assert (tried.exit_code, tried.delivered, _delivered(automatic)) == (0, (), [])
    assert _run(automatic, dry_run=True, deliver=True).delivered == ()
    assert choosing.standing(automatic.settings).reports[0].status == "ready"
    first = _run(automatic)
    assert [entry.outcome for entry in first.delivered] == ["delivered"]
    assert (automatic.root / "delivered" / "town" / "2026-10" / "town.pdf").exists()
    assert choosing.standing(automatic.settings).reports[0].status == "delivered"
    second = _run(automatic)
    assert [entry.outcome for entry in second.delivered] == ["already"]
    assert "Delivered before, not sent again: 1." in second.message
    assert _delivered(automatic) == ["delivered"]
