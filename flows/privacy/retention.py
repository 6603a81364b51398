"""Retention: deletes exports and their rows once the retention period after their arrival is over."""

import shutil
from datetime import date
from pathlib import Path

from flows import warehouse
from flows.privacy import warehouse_rewrite
from flows.programme import schema_version
from flows.programme.folder import ProgrammeFolder
from flows.steps.ingest.landing import tombstones
from flows.steps.ingest.landing.tombstones import Tombstone

_EXPIRED = "select sha256 from raw.exports where received_on < ?"
# Temporary files of commands and of `atomic_files`.
_UNDER_WAY = ("check-*", "dry-run-*", ".making-*", "disclosure-record/.making-*", "microdata/.making-*")


def first_day_kept(today: date, months: int) -> date:
    """The first arrival day that is still kept: `months` ago, or the last day of a shorter month."""
    year, month = divmod(today.year * 12 + today.month - 1 - months, 12)
    for day in range(today.day, 0, -1):
        try:
            return date(year, month + 1, day)
        except ValueError:
            continue
    raise AssertionError("every month has a first day")


def expire(folder: ProgrammeFolder, today: date, months: int) -> int:
    """Delete exports that arrived more than `months` months ago, permanently; return their number.

    Copies that are still in the inbox are not read again. Also deletes leftovers of killed commands.
    """
    for pattern in _UNDER_WAY:
        for leftover in folder.private.glob(pattern):
            if leftover != folder.private:
                shutil.rmtree(leftover, ignore_errors=True)
    schema_version.remove_old_backups(folder, today)
    expired = _expired(folder.warehouse, first_day_kept(today, months))
    if expired:
        added = [Tombstone("expired", sha256, today.isoformat()) for sha256 in expired]
        tombstones.add(folder.tombstones, added)
        for sha256 in expired:
            (folder.landed / sha256).unlink(missing_ok=True)
        listed = ", ".join(f"({warehouse.literal(sha256)})" for sha256 in expired)
        warehouse_rewrite.rewrite(
            folder.warehouse, "select sha256, null as row_number from (values " + listed + ") as expired (sha256)"
        )
    return len(expired)


def _expired(database: Path, first_day: date) -> list[str]:
    if not database.exists():
        return []
    with warehouse.opened(database, read_only=True) as connection:
        if not warehouse.has_table(connection, "raw.exports"):
            return []
        return [row[0] for row in connection.execute(_EXPIRED, [first_day]).fetchall()]
