"""Publish: a release that is there or not there, and a database for analysts that is swapped in whole.

A release is complete from the moment its folder gets its name. `public/` follows from the releases alone, so a run
that was cut off is finished by the next one.
"""

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from flows.steps.contracts import Audit, Release
from flows.steps.disclosure import ledger
from flows.steps.mistakes import PublicFolderMistake
from flows.steps.places import Places
from flows.steps.public_folder import is_current, put_in_place, refuse_obstacles, swap, sync
from flows.steps.publish import database, manifest
from flows.steps.publish.audit import refuse_unsafe
from flows.steps.publish.manifest import Manifest
from flows.steps.publish.references import printed_figures

__all__ = ["Manifest", "complete", "find_same", "publish", "refresh_public", "staging", "swap"]


def staging(places: Places, period: str, run_id: str) -> Path:
    """A new folder beside the releases of a period; what an earlier run left there is removed."""
    parent = places.releases / period
    parent.mkdir(parents=True, exist_ok=True)
    for leftover in parent.glob(".making-*"):
        shutil.rmtree(leftover)
    folder = parent / f".making-{run_id}"
    folder.mkdir()
    return folder


def find_same(places: Places, period: str, inputs_hash: str, has_ended: bool = True) -> Release | None:
    """The newest release of a period when it follows from the same inputs and every report in it was made.

    One that was made before its month ended is another than one made after, whatever came in meanwhile.
    """
    newest = manifest.newest(places, period)
    if newest is None or newest.inputs_hash != inputs_hash or bool(newest.unfinished_on) == has_ended:
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
    """Give the completed folder its name, and bring `public/` up to date with what was made ready before.

    Raises:
        PublicFolderMistake: somebody got in the way in `public/` since the run began; then there is no release.
    """
    sync(staged)
    target = made.folder(places)
    newest = {entry.period: (entry, entry.folder(places)) for entry in manifest.all_newest(places)}
    newest[made.period] = (made, staged)
    releases = [newest[period] for period in sorted(newest)]
    with _made_ready(places, releases) as fresh:
        refuse_obstacles(places, made.period)
        staged.rename(target)
        sync(target.parent)
        try:
            put_in_place(places, fresh, _follows_from([entry for entry, _ in releases]))
        except PublicFolderMistake as mistake:
            name = f"{made.period} v{made.version}"
            raise PublicFolderMistake(
                f"Release {name} is made, but public/ lacks some of it. {mistake} Then run again."
            ) from None
    return Release(made.period, made.version, target, made.reports)


def refresh_public(places: Places) -> None:
    """Make `public/` what the newest release of every period says; does nothing when it is."""
    releases = manifest.all_newest(places)
    if not releases or is_current(places, _follows_from(releases)):
        return
    with _made_ready(places, [(entry, entry.folder(places)) for entry in releases]) as fresh:
        put_in_place(places, fresh, _follows_from(releases))


@contextmanager
def _made_ready(places: Places, releases: Sequence[tuple[Manifest, Path]]) -> Iterator[Path]:
    """A folder inside `public/` with every file that follows from some releases and their folders; gone at the end."""
    places.public.mkdir(parents=True, exist_ok=True)
    mode = places.public.stat().st_mode
    if mode & 0o755 != 0o755:
        # Where the folder is somebody else's, they decide who reads it.
        with suppress(PermissionError):
            places.public.chmod(mode | 0o755)
    for leftover in places.public.glob(".making-*"):
        shutil.rmtree(leftover, ignore_errors=True)
    fresh = Path(tempfile.mkdtemp(dir=places.public, prefix=".making-"))
    try:
        current = fresh / places.database.name
        database.build_current(current, [(entry, folder / entry.database_name) for entry, folder in releases])
        database.export_tables(current, fresh)
        for entry, folder in releases:
            shutil.copyfile(folder / entry.database_name, fresh / entry.database_name)
        yield fresh
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def _follows_from(releases: Sequence[Manifest]) -> str:
    return ", ".join(f"{entry.period} v{entry.version} {entry.inputs_hash}" for entry in releases)
