"""A run that is killed at any event is finished by the next one: nothing is lost, readers see whole releases only."""

import os
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from flows.programme import manifest, public_folder
from flows.steps.disclosure import disclosure_record
from tests import programmes

# Places spread over a run, as fractions of its events; make test-slow tries many more.
SOME = (0.9,)
MANY = tuple(number / 60 for number in range(1, 60))


def _run(programme, fatal: int | None = None, events: Path | None = None) -> int:
    module = ["tests.flows.stages"] if fatal is None else ["tests.faults", str(fatal), "tests.flows.stages"]
    environment = {**os.environ, "EVENTS_FILE": str(events)}
    words = [sys.executable, "-m", *module, str(programme.root)]
    return subprocess.run(words, env=environment, capture_output=True, timeout=programmes.PATIENCE).returncode


def _new(folder):
    return programmes.with_answers(programmes.make(folder / "programme"), 14)


def _published(path: Path):
    with duckdb.connect(str(path), read_only=True) as connection:
        return connection.execute("select * from scale_levels order by all").fetchall()


def _state(programme):
    """All that people and later runs see."""
    folder = programme.settings.folder
    releases = [(entry.name, [report.status for report in entry.reports]) for entry in manifest.every(folder)]
    return {
        "releases": releases,
        "record": disclosure_record.in_order(folder.disclosure_record),
        "levels": _published(folder.database),
        "public": sorted(path.name for path in folder.public.iterdir()),
        "landed": sorted(path.name for path in folder.landed.iterdir()),
        "leftovers": [path.name for path in folder.releases.rglob(".making-*")],
        "troubles": public_folder.troubles(folder, "2026-10"),
        "responses": programme.query("select count(*) from raw.responses"),
    }


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory):
    """The number of events of a run, and the state after it."""
    folder = tmp_path_factory.mktemp("undisturbed")
    programme = _new(folder)
    assert _run(programme, 0, folder / "events") == 0
    return int((folder / "events").read_text()), _state(programme)


def _check(folder, undisturbed, place):
    programme = _new(folder)
    assert _run(programme, place) in (-9, 0)
    # Whatever a reader finds is whole.
    if programme.settings.folder.database.exists():
        assert _published(programme.settings.folder.database) == undisturbed[1]["levels"]
    for entry in manifest.every(programme.settings.folder):
        assert (entry.folder_in(programme.settings.folder) / "reports" / "town.pdf").exists()
    assert _run(programme) == 0
    assert _state(programme) == undisturbed[1]


@pytest.mark.parametrize("fraction", SOME)
def test_the_next_run_finishes_what_a_killed_one_began(tmp_path, undisturbed, fraction):
    _check(tmp_path, undisturbed, max(1, round(undisturbed[0] * fraction)))


@pytest.mark.slow
@pytest.mark.parametrize("fraction", MANY)
def test_at_many_more_events(tmp_path, undisturbed, fraction):
    _check(tmp_path, undisturbed, max(1, round(undisturbed[0] * fraction)))
