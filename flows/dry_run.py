"""The folder of a run: the programme's own, or for a dry run a copy of the private files, deleted afterwards."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from flows.foundation.disk_space import told_when_full
from flows.programme.folder import ProgrammeFolder


@contextmanager
def run_folder(folder: ProgrammeFolder, dry_run: bool) -> Iterator[ProgrammeFolder]:
    """The programme folder; for a dry run, its private folder is a temporary copy."""
    if not dry_run:
        yield folder
        return
    with tempfile.TemporaryDirectory(dir=folder.private, prefix="dry-run-") as temporary:
        copied = replace(folder, private_folder=Path(temporary))
        with told_when_full(folder.private):
            _copy(folder, copied)
        yield copied


def _copy(folder: ProgrammeFolder, copied: ProgrammeFolder) -> None:
    """Copy what a run reads and changes; kept exports, which no run changes, are linked."""
    copied.make_private()
    for kept, copy in ((folder.warehouse, copied.warehouse), (folder.tombstones, copied.tombstones)):
        if kept.exists():
            shutil.copyfile(kept, copy)
    for landed in folder.landed.iterdir():
        (copied.landed / landed.name).hardlink_to(landed)
    for kept, copy in ((folder.profiles, copied.profiles), (folder.disclosure_record, copied.disclosure_record)):
        if kept.exists():
            shutil.copytree(kept, copy)
