"""Publish: makes a release atomically, and replaces the analysts' database as a whole.

A release is complete once its folder has its final name. `public/` is derived from the releases only, so the next run
completes an interrupted one.
"""

import hashlib
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import date
from pathlib import Path

from flows import __version__
from flows.foundation.atomic_files import sync
from flows.foundation.contracts import Audit, Export, Release, Report
from flows.foundation.errors import PublicFolderError
from flows.programme import manifest
from flows.programme.folder import ProgrammeFolder
from flows.programme.loading import Programme
from flows.programme.manifest import InputFile, Manifest
from flows.programme.period import Period
from flows.programme.public_folder import is_current, put_in_place, read_record, refuse_obstacles, swap
from flows.steps.disclosure import disclosure_record
from flows.steps.publish import database
from flows.steps.publish.audit import refuse_unsafe
from flows.steps.publish.figure_references import printed_figures

__all__ = ["Manifest", "complete", "find_same", "new_manifest", "publish", "refresh_public", "staging", "swap"]


def staging(folder: ProgrammeFolder, period: str, run_id: str) -> Path:
    """A new folder beside the releases of a period; leftovers of an earlier run are removed."""
    parent = folder.releases / period
    parent.mkdir(parents=True, exist_ok=True)
    for leftover in parent.glob(".making-*"):
        shutil.rmtree(leftover)
    staged = parent / f".making-{run_id}"
    staged.mkdir()
    return staged


def find_same(folder: ProgrammeFolder, period: str, inputs_hash: str, has_ended: bool = True) -> Release | None:
    """The newest release of a period if it has the same inputs and all of its reports were made.

    A release made before its month ended never equals one made after.
    """
    newest = manifest.newest(folder, period)
    if newest is None or newest.inputs_hash != inputs_hash or bool(newest.unfinished_on) == has_ended:
        return None
    if any(report.status == "failed" for report in newest.reports):
        return None
    return Release(
        period=period,
        version=newest.version,
        folder=newest.folder_in(folder),
        reports=newest.reports,
        is_new=False,
    )


def new_manifest(
    folder: ProgrammeFolder,
    programme: Programme,
    period: Period,
    *,
    exports: Sequence[Export],
    reports: tuple[Report, ...],
    inputs_hash: str,
    made_at: str,
    unfinished_on: date | None,
) -> Manifest:
    """The manifest of the next version of a period; `unfinished_on` is today if the period has not ended."""
    instrument = programme.instrument.model
    return Manifest(
        period=str(period),
        version=manifest.next_version(folder, str(period)),
        software=__version__,
        instrument=instrument.instrument,
        instrument_version=instrument.version,
        made_at=made_at,
        inputs_hash=inputs_hash,
        programme=programme.name,
        levels_from=programme.policy.levels_from,
        full_from=programme.policy.full_from,
        distributions_from=programme.policy.distributions_from,
        window_months=programme.window_months,
        inputs=tuple(InputFile(export.file_name, export.sha256, export.source) for export in exports),
        reports=reports,
        unfinished_on=unfinished_on.isoformat() if unfinished_on else "",
    )


def complete(folder: ProgrammeFolder, staged: Path, made: Manifest) -> Audit:
    """Write figures, manifest and disclosure record of the staged release, and audit it.

    Raises:
        Unsafe: the audit finds that the release narrows the answers of few people too far, which earlier ones do not.
    """
    built = staged / made.database_name
    database.build_period(folder.warehouse, built, made)
    database.export_figures(built, staged / "figures")
    manifest.write(staged / manifest.FILE_NAME, made, printed_figures(built, made.period))
    disclosure_record.write(folder.warehouse, folder.disclosure_record, made.period, made.version)
    return refuse_unsafe(folder, f"{made.period} v{made.version}", built)


def publish(folder: ProgrammeFolder, staged: Path, made: Manifest) -> Release:
    """Rename the staged folder to the release's name and update `public/`.

    Raises:
        PublicFolderError: somebody changed files in `public/` since the run began; there is no release then.
    """
    sync(staged)
    target = made.folder_in(folder)
    newest = {entry.period: (entry, entry.folder_in(folder)) for entry in manifest.all_newest(folder)}
    newest[made.period] = (made, staged)
    releases = [newest[period] for period in sorted(newest)]
    with _made_ready(folder, releases) as fresh:
        refuse_obstacles(folder, made.period)
        staged.rename(target)
        sync(target.parent)
        try:
            made_of = [entry for entry, _ in releases]
            put_in_place(folder, fresh, _follows_from(made_of), _statuses(made_of))
        except PublicFolderError as mistake:
            name = f"{made.period} v{made.version}"
            raise PublicFolderError(
                f"Release {name} is made, but public/ lacks some of it. {mistake} Then run again."
            ) from None
    return Release(period=made.period, version=made.version, folder=target, reports=made.reports)


def refresh_public(folder: ProgrammeFolder) -> None:
    """Update `public/` to the newest release of every period; does nothing when it is current.

    Where only deliveries went on, only they are written again. If every release was withdrawn, all files of earlier
    runs are removed.
    """
    _remove_leftovers(folder)
    releases = manifest.all_newest(folder)
    follows_from, statuses = _follows_from(releases), _statuses(releases)
    record = read_record(folder)
    if is_current(folder, follows_from):
        if record and record.statuses != statuses:
            with _temporary(folder) as fresh:
                database.build_with_deliveries(folder.database, fresh / folder.database.name, releases)
                put_in_place(folder, fresh, follows_from, statuses, are_all=False)
    elif releases or record:
        with _made_ready(folder, [(entry, entry.folder_in(folder)) for entry in releases]) as fresh:
            put_in_place(folder, fresh, follows_from, statuses)


@contextmanager
def _made_ready(folder: ProgrammeFolder, releases: Sequence[tuple[Manifest, Path]]) -> Iterator[Path]:
    """A temporary folder inside `public/` with every file derived from some releases and their folders."""
    folder.public.mkdir(parents=True, exist_ok=True)
    mode = folder.public.stat().st_mode
    if mode & 0o755 != 0o755:
        # A folder owned by somebody else keeps its permissions.
        with suppress(PermissionError):
            folder.public.chmod(mode | 0o755)
    _remove_leftovers(folder)
    with _temporary(folder) as fresh:
        if releases:
            current = fresh / folder.database.name
            database.build_current(current, [(entry, path / entry.database_name) for entry, path in releases])
            database.export_tables(current, fresh)
        for entry, path in releases:
            shutil.copyfile(path / entry.database_name, fresh / entry.database_name)
        yield fresh


@contextmanager
def _temporary(folder: ProgrammeFolder) -> Iterator[Path]:
    """A temporary folder inside `public/`, removed afterwards."""
    fresh = Path(tempfile.mkdtemp(dir=folder.public, prefix=".making-"))
    try:
        yield fresh
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def _remove_leftovers(folder: ProgrammeFolder) -> None:
    """Remove what a process that was killed while it made the files of `public/` left there."""
    for leftover in folder.public.glob(".making-*"):
        shutil.rmtree(leftover, ignore_errors=True)


def _follows_from(releases: Sequence[Manifest]) -> str:
    return ", ".join(f"{entry.name} {entry.inputs_hash}" for entry in releases)


def _statuses(releases: Sequence[Manifest]) -> str:
    """The deliveries of some releases in short."""
    told = [" ".join((entry.name, *delivery)) for entry in releases for delivery in database.deliveries(entry)]
    return hashlib.sha256("\n".join(told).encode()).hexdigest() if told else ""
