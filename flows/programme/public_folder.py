"""The folder `public/`: detects what others changed since the last run, and replaces files safely.

`private/public.json` has the fingerprint of every file that a run put there, so files that somebody replaced, changed
or added are detected without being opened. They are never overwritten: they may be somebody's work. Missing files are
made again.
"""

import fcntl
import hashlib
import json
import os
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from flows.foundation.atomic_files import put, replaced, sync
from flows.foundation.errors import PublicFolderError
from flows.foundation.resources import resource
from flows.programme.folder import ProgrammeFolder

# Tables that every database has in addition to the published ones.
_TABLES = ("about", "data_dictionary", "deliveries")
_MOVE_AWAY = "Move it away, or delete it if nobody needs it; a run makes a new file."


@dataclass(frozen=True)
class Record:
    """The releases that the files in `public/` are derived from, and all fingerprints of each file, newest first.

    `statuses` stands for the deliveries of these releases, which change more often than their figures.
    """

    follows_from: str = ""
    files: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    statuses: str = ""

    def with_newer(self, fresh: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
        """The fingerprints of files, given by name and fingerprint, after they have replaced the old ones."""
        older = {name: tuple(made for made in self.files.get(name, ()) if made != fresh[name]) for name in fresh}
        return {name: (made, *older[name]) for name, made in fresh.items()}


def read_record(folder: ProgrammeFolder) -> Record | None:
    """Read which files runs put into `public/`; None when there is no record."""
    try:
        written = json.loads(folder.public_record.read_text(encoding="utf-8"))
        files = {name: tuple(made) for name, made in written["files"].items()}
        return Record(written["follows_from"], files, written.get("statuses", ""))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def troubles(folder: ProgrammeFolder, period: str) -> tuple[str, ...]:
    """Every difference between `public/` and what a run left there, each with its fix; `period` is the due month."""
    return (*_obstacles(folder, period), *_gone(folder))


def refuse_obstacles(folder: ProgrammeFolder, period: str) -> None:
    """Check that every file of a period can be placed in `public/`.

    Raises:
        PublicFolderError: something is in the way, and a person must decide what to do with it.
    """
    if found := tuple(_obstacles(folder, period)):
        raise PublicFolderError("\n".join(found))


def is_current(folder: ProgrammeFolder, follows_from: str) -> bool:
    """Whether every file is as the newest run made it, from exactly these releases; deliveries may have gone on."""
    record = read_record(folder)
    if record is None or record.follows_from != follows_from:
        return False
    return all(_fingerprint(folder.public / name) == made[0] for name, made in record.files.items())


def put_in_place(folder: ProgrammeFolder, fresh: Path, follows_from: str, statuses: str, are_all: bool = True) -> None:
    """Move every file of a folder on the same disk to `public/`, the current database last.

    Other files of earlier runs are removed first, unless the new ones are not all.

    Raises:
        PublicFolderError: files were changed by somebody else meanwhile; the next run continues from there.
    """
    paths = sorted(fresh.iterdir(), key=lambda path: (path.name == folder.database.name, path.name))
    made = {path.name: _fingerprint(path) for path in paths}
    former = read_record(folder) or Record()
    others = {name: known for name, known in former.files.items() if name not in made}
    if are_all:
        _remove(folder, others)
    # Written first, so that files of an interrupted run are recognised as ours.
    files = former.with_newer(made) | ({} if are_all else others)
    _write_record(folder, Record(follows_from, files, statuses))
    for path in paths:
        path.chmod(0o644)
        swap(path, folder.public / path.name)


def _remove(folder: ProgrammeFolder, files: Mapping[str, tuple[str, ...]]) -> None:
    """Remove files of earlier runs, unless somebody changed them."""
    for name, known in files.items():
        path = folder.public / name
        if path.is_file() and not path.is_symlink() and _fingerprint(path) in known:
            path.unlink()
    if files:
        sync(folder.public)


def swap(fresh: Path, target: Path) -> None:
    """Replace a file atomically; readers that have the old file open keep it.

    Raises:
        PublicFolderError: a write-ahead log is beside it, which a reader would replay into the wrong file, or it
            cannot be replaced.
    """
    if logs := _logs(target):
        raise PublicFolderError(_of_log(logs[0], target))
    try:
        put(fresh, target)
    except OSError:
        raise PublicFolderError(f"{_name(target)} cannot be replaced: see what is there. {_MOVE_AWAY}") from None


def _obstacles(folder: ProgrammeFolder, period: str) -> Iterator[str]:
    public = folder.public
    if not os.path.lexists(public):
        return
    if not public.is_dir():
        yield "public is not a folder, or a link to a missing one. Move it away; a run makes the folder."
    elif not _may_write(public, stat.S_IRWXU):
        yield f"A run cannot write in public/. Find out why, and restore the permission: chmod 755 {public}"
    else:
        record = read_record(folder)
        for name in sorted(_names(folder, period, record)):
            yield from _of_file(public / name, _ours(folder, name, record))


def _gone(folder: ProgrammeFolder) -> Iterator[str]:
    record = read_record(folder)
    for name in sorted(record.files if record else ()):
        if not os.path.lexists(folder.public / name):
            yield f"public/{name} is gone. The next run makes it again."


def _names(folder: ProgrammeFolder, period: str, record: Record | None) -> set[str]:
    """The files that a run of a period puts into `public/`, or that earlier runs put there."""
    models = {path.stem for path in resource("sql", "published").glob("*.sql")}
    tables = {f"{name}.parquet" for name in (*models, *_TABLES)}
    known = set(record.files) if record else set()
    return {folder.database.name, f"motiefmix_{period}.duckdb", "data_dictionary.csv", *tables, *known}


def _ours(folder: ProgrammeFolder, name: str, record: Record | None) -> tuple[str, ...] | None:
    """The fingerprints of our versions of a file; None without a record, when this is unknown."""
    if record is None and any(folder.releases.glob("*/v*/manifest.json")):
        return None
    return record.files.get(name, ()) if record else ()


def _of_file(path: Path, ours: tuple[str, ...] | None) -> Iterator[str]:
    """The first problem of a file with its fix; later ones may be consequences of it."""
    logs, name = _logs(path), _name(path)
    if path.is_file() and not path.is_symlink() and _is_written_by_somebody(path):
        yield (
            f"{name} is open for writing in another program, and a run would replace it meanwhile. Close it there;"
            " to only read it, open it with read_only."
        )
    elif logs:
        yield _of_log(logs[0], path)
    elif not os.path.lexists(path):
        return
    elif path.is_symlink() or not path.is_file():
        yield f"{name} is not an ordinary file: somebody put a link or a folder in its place. {_MOVE_AWAY}"
    elif ours is not None and _fingerprint(path) not in ours:
        yield f"{name} is not what a run put there: somebody replaced or changed it. {_MOVE_AWAY}"
    elif not _may_write(path, stat.S_IWUSR):
        yield f"{name} was made unwritable. Find out why, and restore the permission: chmod 644 {path}"


def _of_log(log: Path, database: Path) -> str:
    return (
        f"{_name(log)} is beside the database: somebody wrote to it and did not finish, and readers would apply that"
        f" to the next database. Close what has it open; then move away {_name(log)}, and {_name(database)} too"
        " if it was changed. A run makes a new database."
    )


def _logs(database: Path) -> list[Path]:
    """The write-ahead logs beside a database: `.wal`, and those left by a checkpoint or a recovery."""
    if database.suffix != ".duckdb":
        return []
    return sorted(database.parent.glob(f"{database.name}.wal*"))


def _name(path: Path) -> str:
    return f"{path.parent.name}/{path.name}"


def _may_write(path: Path, wanted: int) -> bool:
    """Whether the owner has access, by mode bits and in fact; for root, only the mode bits count."""
    return path.stat().st_mode & wanted == wanted and os.access(path, os.W_OK)


def _is_written_by_somebody(path: Path) -> bool:
    """Whether another process holds DuckDB's write lock; read locks can be shared with us."""
    try:
        with path.open("rb") as file:
            fcntl.lockf(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return os.access(path, os.R_OK)
    except OSError:
        # The file system does not support locks.
        return False
    return False


def _fingerprint(path: Path) -> str:
    """The SHA-256 of a file; empty if it cannot be read."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""


def _write_record(folder: ProgrammeFolder, record: Record) -> None:
    document = {"follows_from": record.follows_from, "statuses": record.statuses, "files": dict(record.files)}
    with replaced(folder.public_record) as file:
        file.write(json.dumps(document, indent=1) + "\n")
