"""A run that is killed at any event, or fills the disk, is finished by the next one, on whatever machine it runs.

Nothing is lost, and readers see whole releases only.
"""

import os
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from flows.programme import manifest, public_folder
from flows.steps.disclosure import disclosure_record
from tests import faults, programmes

# Places spread over a run, as fractions of its events; make test-slow tries many more.
SOME = (0.9,)
MANY = tuple(number / 60 for number in range(1, 60))


@pytest.fixture(scope="module")
def forks():
    heavy = ("great_expectations", "scipy.stats", "flows.steps.render.documents")
    with faults.forks_of("tests.steps.stages", *heavy) as made:
        yield made


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
def undisturbed(forks, tmp_path_factory):
    """The number of events of a run, and the state after it."""
    programme = _new(tmp_path_factory.mktemp("undisturbed"))
    return forks.events_of(str(programme.root)), _state(programme)


def _check(forks, folder, undisturbed, place):
    programme = _new(folder)
    assert forks.run(str(programme.root), fatal=place) in (-9, 0)
    # Whatever a reader finds is whole.
    if programme.settings.folder.database.exists():
        assert _published(programme.settings.folder.database) == undisturbed[1]["levels"]
    for entry in manifest.every(programme.settings.folder):
        assert (entry.folder_in(programme.settings.folder) / "reports" / "town.pdf").exists()
    assert forks.run(str(programme.root)) == 0
    assert _state(programme) == undisturbed[1]


@pytest.mark.parametrize("fraction", SOME)
def test_the_next_run_finishes_what_a_killed_one_began(forks, tmp_path, undisturbed, fraction):
    _check(forks, tmp_path, undisturbed, max(1, round(undisturbed[0] * fraction)))


@pytest.mark.slow
@pytest.mark.parametrize("fraction", MANY)
def test_at_many_more_events(forks, tmp_path, undisturbed, fraction):
    _check(forks, tmp_path, undisturbed, max(1, round(undisturbed[0] * fraction)))


@pytest.mark.slow
@pytest.mark.parametrize("kilobytes", [4, 64, 256, 512, 1024, 1536, 2048, 3072])
def test_the_next_run_finishes_what_a_full_disk_ended(forks, tmp_path, undisturbed, kilobytes):
    """The disk takes so much in each file, so that another stage is the first to meet it."""
    programme = _new(tmp_path)
    assert forks.run(str(programme.root), bytes_per_file=kilobytes * 1024) == 1
    assert forks.run(str(programme.root)) == 0
    assert _state(programme) == undisturbed[1]


@pytest.mark.slow
@pytest.mark.parametrize(
    "machine",
    [
        {"TZ": "Pacific/Kiritimati", "LC_ALL": "tr_TR.UTF-8"},
        {"TZ": "America/Los_Angeles", "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    ],
    ids=lambda machine: machine["TZ"],
)
def test_the_zone_and_language_of_the_machine_change_nothing(tmp_path, undisturbed, machine):
    programme = _new(tmp_path)
    words = [sys.executable, "-m", "tests.steps.stages", str(programme.root)]
    subprocess.run(words, env={**os.environ, **machine}, check=True, timeout=programmes.PATIENCE)
    assert _state(programme) == undisturbed[1]
