"""Where a run works: in the programme, or for a dry run in a copy of what is private, which is thrown away."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from flows.steps.places import Places


@contextmanager
def workplace(places: Places, dry_run: bool) -> Iterator[Places]:
    """The places of the programme, or for a dry run with everything private in a temporary copy."""
    if not dry_run:
        yield places
        return
    with tempfile.TemporaryDirectory(dir=places.private, prefix="dry-run-") as folder:
        copied = replace(places, private_folder=Path(folder))
        copied.make_private()
        for kept, copy in ((places.warehouse, copied.warehouse), (places.tombstones, copied.tombstones)):
            if kept.exists():
                shutil.copyfile(kept, copy)
        for landed in places.landed.iterdir():
            (copied.landed / landed.name).hardlink_to(landed)
        for kept, copy in ((places.profiles, copied.profiles), (places.ledger, copied.ledger)):
            if kept.exists():
                shutil.copytree(kept, copy)
        yield copied
