"""On a disk that is too small a run says so at once, and as much room as it asks for is enough."""

import os
import subprocess

import pytest

from tests import programmes, service

pytestmark = [
    pytest.mark.slow,
    pytest.mark.prefect,
    pytest.mark.skipif(os.getuid() != 0, reason="only an administrator can mount a small disk"),
]


@pytest.fixture
def disk(tmp_path):
    """A file system of its own in memory, of 1 MB at first."""
    place = tmp_path / "disk"
    place.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(place)], check=False)
    if mounted.returncode:
        pytest.skip("this machine does not let us mount a disk")
    yield place
    subprocess.run(["umount", "--lazy", str(place)], check=True)


def _resize(disk, megabytes: int) -> None:
    subprocess.run(["mount", "-o", f"remount,size={megabytes}m", str(disk)], check=True)


@pytest.mark.parametrize("megabytes", [1, 60])
def test_it_is_told_at_once_and_the_next_run_with_room_succeeds(disk, megabytes):
    _resize(disk, megabytes)
    programme = programmes.with_answers(programmes.make(disk / "programme"), 14)
    full = service.motiefmix(programme, "run", "--period", "2026-10")
    assert (full.returncode, full.stdout) == (1, "")
    assert f"The disk of {programme.root}/private is full" in full.stderr
    assert "Traceback" not in full.stderr
    _resize(disk, 66)
    made = service.motiefmix(programme, "run", "--period", "2026-10")
    assert made.returncode == 0, made.stderr
    assert (programme.root / "releases/2026-10/v1/reports/town.pdf").exists()
