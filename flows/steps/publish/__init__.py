"""Publish: a release that is there or not there, and a database for analysts that is swapped in whole.

A release is complete from the moment its folder gets its name. `public/` follows from the releases alone, so a run
that was cut off is finished by the next one.
"""

import os
import shutil
from pathlib import Path

from flows.steps.contracts import Audit, Release
from flows.steps.disclosure import ledger
from flows.steps.places import Places
from flows.steps.publish import database, manifest
from flows.steps.publish.audit import refuse_unsafe
from flows.steps.publish.manifest import Manifest
from flows.steps.publish.references import printed_figures

__all__ = ["Manifest", "complete", "find_same", "publish", "refresh_public", "staging"]


def staging(places: Places, period: str, run_id: str) -> Path:
    """A new folder beside the releases of a period; what an earlier run left there is removed."""
    parent = places.releases / period
    parent.mkdir(parents=True, exist_ok=True)
    for leftover in parent.glob(".making-*"):
        shutil.rmtree(leftover)
    folder = parent / f".making-{run_id}"
    folder.mkdir()
    return folder


def find_same(places: Places, period: str, inputs_hash: str) -> Release | None:
    """The newest release of a period when it follows from the same inputs and every report in it was made."""
    newest = manifest.newest(places, period)
    if newest is None or newest.inputs_hash != inputs_hash:
        return None
    if any(report.failed_because for report in newest.reports):
        return None
    return Release(period, newest.version, newest.folder(places), newest.reports, is_new=False)


def complete(places: Places, staged: Path, made: Manifest) -> Audit:
    """Put figures and manifest into the staged folder, keep what they stand on, and attack what is to be released.

    Raises:
        Unsafe: the attack pins down few people, which earlier releases do not.
    """
    built = staged / made.database_name
    database.build_period(places.warehouse, built, made)
    database.export_figures(built, staged / "figures")
    manifest.write(staged / manifest.FILE_NAME, made, printed_figures(built, made.period))
    ledger.write(places.warehouse, places.ledger, made.period, made.version)
    return refuse_unsafe(places, f"{made.period} v{made.version}", built)


def publish(places: Places, staged: Path, made: Manifest) -> Release:
    """Give the completed folder its name, and bring `public/` up to date."""
    _sync(staged)
    target = made.folder(places)
    staged.rename(target)
    _sync(target.parent)
    refresh_public(places)
    return Release(made.period, made.version, target, made.reports)


def refresh_public(places: Places) -> None:
    """Make `public/` what the newest release of every period says; does nothing when it is."""
    releases = manifest.all_newest(places)
    if not releases or database.is_current(places.database, releases):
        return
    places.public.mkdir(parents=True, exist_ok=True)
    places.public.chmod(0o755)
    fresh = places.public / ".making.duckdb"
    fresh.unlink(missing_ok=True)
    database.build_current(fresh, [(entry, entry.folder(places) / entry.database_name) for entry in releases])
    database.export_tables(fresh, places.public)
    for entry in releases:
        copy = places.public / f".making-{entry.database_name}"
        shutil.copyfile(entry.folder(places) / entry.database_name, copy)
        swap(copy, places.public / entry.database_name)
    swap(fresh, places.database)
    for path in places.public.iterdir():
        path.chmod(0o644)


def swap(fresh: Path, target: Path) -> None:
    """Put a finished file in the place of another at once; who has the old one open keeps it.

    Raises:
        RuntimeError: a write-ahead log lies beside one of them, which a reader would replay into the wrong file.
    """
    for path in (fresh, target):
        if path.with_name(path.name + ".wal").exists():
            raise RuntimeError(f"{path.name}.wal lies beside the database; remove it when nobody writes there.")
    _sync(fresh)
    fresh.replace(target)
    _sync(target.parent)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
