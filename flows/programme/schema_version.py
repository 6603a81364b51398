"""The version of the layout of `private/`: an older one is migrated after a backup, a newer one is refused.

Version 1 had no version file, and kept the disclosure record in `private/ledger`.
"""

import shutil
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from pathlib import Path

from flows.foundation.atomic_files import replaced, sync
from flows.foundation.errors import UserError
from flows.programme.folder import ProgrammeFolder

VERSION = 2
# Backups hold answers, so they are kept only as long as a failed upgrade may take to be noticed.
_BACKUPS_KEPT = timedelta(days=31)
# Prefect's files can be made again, and exports are never changed by an upgrade.
_NOT_IN_BACKUP = ("prefect", "landed", "backups", "runs", "run.lock")


def found(folder: ProgrammeFolder) -> int:
    """The version of the folder; that of this software for a programme that never ran.

    Raises:
        UserError: the version file was changed by hand.
    """
    try:
        return int(_file(folder).read_text(encoding="ascii"))
    except FileNotFoundError:
        return 1 if folder.warehouse.exists() or (folder.private / "ledger").exists() else VERSION
    except (OSError, ValueError):
        raise UserError(f"{_file(folder)} must hold one number, {VERSION}: restore it from a backup.") from None


def refuse_newer(folder: ProgrammeFolder) -> None:
    """Refuse a programme that a newer version of the software has changed.

    Raises:
        UserError: the folder has a newer version than this software knows.
    """
    if (version := found(folder)) > VERSION:
        raise UserError(
            f"{folder.root} was changed by a newer version of Motiefmix (layout {version}; this one knows {VERSION})."
            " Install that version again; see: motiefmix --version"
        )


def upgrade(folder: ProgrammeFolder, today: date) -> None:
    """Bring the folder to the present version, one version at a time; the caller holds the programme's lock.

    A migration that is interrupted begins again from the same version.

    Raises:
        UserError: the folder has a newer version.
    """
    refuse_newer(folder)
    version = found(folder)
    if version < VERSION:
        _back_up(folder, folder.backups / f"schema-{version}-{today}")
    for step in range(version, VERSION):
        _MIGRATIONS[step](folder)
    if not _file(folder).exists() or version < VERSION:
        with replaced(_file(folder)) as file:
            file.write(f"{VERSION}\n")


def remove_old_backups(folder: ProgrammeFolder, today: date) -> None:
    """Delete backups made more than a month ago."""
    for backup in folder.backups.glob("schema-*-????-??-??"):
        made_on = date.fromisoformat(backup.name[-len("2026-01-01") :])
        if made_on < today - _BACKUPS_KEPT:
            shutil.rmtree(backup)


def _back_up(folder: ProgrammeFolder, target: Path) -> None:
    """Copy what a migration may change; a finished backup of an earlier attempt stays."""
    if target.exists():
        return
    making = target.with_name(f".making-{target.name}")
    shutil.rmtree(making, ignore_errors=True)
    folder.backups.mkdir(mode=0o700, exist_ok=True)
    shutil.copytree(
        folder.private, making, ignore=lambda place, _: _NOT_IN_BACKUP if place == str(folder.private) else ()
    )
    sync(making)
    making.rename(target)
    sync(folder.backups)


def _rename_disclosure_record(folder: ProgrammeFolder) -> None:
    former = folder.private / "ledger"
    if former.exists():
        former.rename(folder.disclosure_record)
        sync(folder.private)


def _file(folder: ProgrammeFolder) -> Path:
    return folder.private / "schema-version"


_MIGRATIONS: Mapping[int, Callable[[ProgrammeFolder], None]] = {1: _rename_disclosure_record}
