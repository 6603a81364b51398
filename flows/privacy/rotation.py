"""Rotation of the pseudonym key: prepares all files in a separate folder, then moves them into place; restartable."""

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from flows import warehouse
from flows.foundation.atomic_files import put, replaced
from flows.foundation.errors import UserError
from flows.programme import decisions, schema_version
from flows.programme.folder import ProgrammeFolder
from flows.programme.pseudonym_key import PseudonymKeys
from flows.programme.source import LoadedSource
from flows.steps.disclosure import disclosure_record
from flows.steps.ingest import read_files
from flows.steps.ingest.landing import tombstones
from flows.steps.ingest.reading import Reader
from flows.steps.ingest.recognised_export import Arrival

_EXPORTS = "select sha256, file_name, received_on from raw.exports order by all"
# Pairs the rows of one export under both keys by order: row numbers change when earlier rows were erased.
_RENAMED = """
    create temp table renamed as
    with before as (
        select sha256, response_id, respondent, row_number() over (partition by sha256 order by row_number) as place
        from old.raw.responses
    ),
    after as (
        select sha256, response_id, respondent, row_number() over (partition by sha256 order by row_number) as place
        from fresh.raw.responses
    )
    select distinct exports.series, before.response_id as old_id, after.response_id as new_id,
        before.respondent as old_respondent, after.respondent as new_respondent
    from before inner join after on before.sha256 = after.sha256 and before.place = after.place
    inner join old.raw.exports as exports on before.sha256 = exports.sha256
"""


@contextmanager
def changing(folder: ProgrammeFolder, patience: float = 0) -> Iterator[None]:
    """Hold the programme's lock to change something; an upgrade or an interrupted rotation is finished first.

    Raises:
        Locked: a run, or another command that changes something, is in progress.
        UserError: a newer version of the software has changed the programme.
    """
    with folder.locked(patience):
        schema_version.upgrade(folder, date.today())  # noqa: DTZ011 the day in the name of a backup
        finish(folder)
        yield


def prepare(
    folder: ProgrammeFolder, sources: Sequence[LoadedSource], keys: PseudonymKeys, key_file: Path | None
) -> int:
    """Rebuild warehouse, disclosure record and decisions under a new key beside the current ones; count the answers.

    `keys` has the new key first and the current one next; `key_file` is where they will be written, if anywhere.

    Raises:
        UserError: a kept copy of an export is missing or cannot be read, so its answers would lose their members.
    """
    aside = folder.rotation
    shutil.rmtree(aside, ignore_errors=True)
    aside.mkdir(mode=0o700)
    answers = _read_again(folder, aside, sources, keys)
    with replaced(aside / "key") as file:
        file.write("\n".join(key.decode() for key in keys.every) + "\n")
    with replaced(aside / "ready") as file:
        file.write(str(key_file or ""))
    return answers


def finish(folder: ProgrammeFolder) -> None:
    """Move a prepared rotation into place; does nothing when none is ready."""
    aside = folder.rotation
    if not folder.has_unfinished_rotation:
        return
    key_file = (aside / "ready").read_text(encoding="utf-8")
    targets = {
        aside / "key": Path(key_file) if key_file else None,
        aside / folder.warehouse.name: folder.warehouse,
        aside / folder.decisions.name: folder.decisions,
        **{
            path: folder.disclosure_record / path.name
            for path in sorted((aside / disclosure_record.FOLDER).glob("*.duckdb"))
        },
    }
    for path, target in targets.items():
        if target and path.exists():
            put(path, target)
    # Backups hold the former pseudonyms.
    shutil.rmtree(folder.backups, ignore_errors=True)
    shutil.rmtree(aside)


def _read_again(folder: ProgrammeFolder, aside: Path, sources: Sequence[LoadedSource], keys: PseudonymKeys) -> int:
    if not folder.warehouse.exists():
        return 0
    fresh = aside / folder.warehouse.name
    with warehouse.opened(folder.warehouse, read_only=True) as connection:
        exports = connection.execute(_EXPORTS).fetchall()
    with warehouse.opened(fresh) as connection:
        fresh.chmod(0o600)
        warehouse.prepare(connection)
        reader = Reader(connection, tuple(sources), keys, date.min, tombstones.load(folder.tombstones))
        arrivals = [Arrival(name, sha256, folder.landed / sha256) for sha256, name, _ in exports]
        if unread := read_files(reader, arrivals).unread:
            raise UserError(
                f"The key stays as it is: {unread[0].file_name} cannot be re-read under a new one. {unread[0].sentence}"
            )
        connection.executemany(
            "update raw.exports set received_on = ? where sha256 = ?", [[day, sha256] for sha256, _, day in exports]
        )
    with warehouse.opened(None) as connection:
        connection.execute("attach " + warehouse.literal(str(folder.warehouse)) + " as old (read_only)")
        connection.execute("attach " + warehouse.literal(str(fresh)) + " as fresh (read_only)")
        connection.execute(_RENAMED)
        _rename_in_disclosure_record(connection, folder.disclosure_record, aside / disclosure_record.FOLDER)
        _rename_in_decisions(connection, folder.decisions, aside / folder.decisions.name)
        return int(warehouse.one(connection, "select count(*) from fresh.raw.responses"))


def _rename_in_disclosure_record(connection: warehouse.Connection, current: Path, aside: Path) -> None:
    people = "select distinct old_respondent, new_respondent from renamed"
    pairs = connection.execute(people).fetchall()
    aside.mkdir(mode=0o700)
    for path in sorted(current.glob("*.duckdb")):
        disclosure_record.rename_members(path, aside / path.name, pairs)


def _rename_in_decisions(connection: warehouse.Connection, current: Path, aside: Path) -> None:
    made = decisions.load(current).made
    if made:
        ids = "select distinct series, old_id, new_id from renamed where old_id <> new_id"
        names = {(series, old): new for series, old, new in connection.execute(ids).fetchall()}
        decisions.add(
            aside,
            (
                decisions.Decision(
                    entry.kind,
                    entry.series,
                    names.get((entry.series, entry.answer_key), entry.answer_key),
                    entry.verdict,
                    entry.decided_on,
                )
                for entry in made
            ),
        )
