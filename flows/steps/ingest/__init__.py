"""Ingest: every answer as text, with its file and row. Judges nothing and loses nothing.

The landed file is the lossless copy; `raw` holds the columns that a source maps, untouched, by name.
"""

from collections.abc import Iterator, Sequence
from datetime import date

from flows import warehouse
from flows.foundation.contracts import Export, Ingested, Unread
from flows.foundation.messages import printable
from flows.foundation.progress import Progress, ProgressCallback, no_progress
from flows.programme.folder import ProgrammeFolder
from flows.programme.pseudonym_key import PseudonymKeys
from flows.programme.source import LoadedSource
from flows.steps.ingest.dialects import DIALECTS
from flows.steps.ingest.landing import inbox, reduced_copies, tombstones
from flows.steps.ingest.readers.unreadable import Unreadable
from flows.steps.ingest.reading import Reader
from flows.steps.ingest.recognised_export import Arrival, declared_encodings

__all__ = ["ingest", "read_files"]

# Rows stream through; a million responses need no more than ten thousand.
MEMORY = "256MB"


def ingest(
    folder: ProgrammeFolder,
    sources: Sequence[LoadedSource],
    keys: PseudonymKeys,
    today: date,
    progress: ProgressCallback = no_progress,
) -> Ingested:
    """Land and read every export of the inbox; one that cannot be read stops none of the others.

    Exports that were landed before and left the inbox still count, and are read again when their source changed.
    """
    inbox.clear_away_leftovers(folder.landed)
    unread: list[Unread] = []
    kept_out = tombstones.load(folder.tombstones)
    arrivals = {arrival.sha256: arrival for arrival in _landed_now(folder, kept_out, unread)}
    with warehouse.opened(folder.warehouse, memory=MEMORY) as connection:
        warehouse.prepare(connection)
        _tell_no_dates(connection)
        for sha256, name in connection.execute("select sha256, file_name from raw.exports order by all").fetchall():
            arrivals.setdefault(sha256, Arrival(name, sha256, folder.landed / sha256, is_kept=True))
        reader = Reader(connection, tuple(sources), keys, today, kept_out)
        read = read_files(reader, list(arrivals.values()), progress)
    _forget_again(folder, reader, sources, today)
    skipped = tuple(printable(name, 200) for name in inbox.skipped_files(folder.inbox))
    return Ingested(exports=read.exports, unread=(*unread, *read.unread), skipped=skipped)


def _tell_no_dates(connection: warehouse.Connection) -> None:
    """Fill anew which day stands for no date in the exports of each tool, for those that were read before too."""
    days = [{"dialect": dialect.tool, "day": dialect.no_date.day} for dialect in DIALECTS if dialect.no_date]
    with warehouse.transaction(connection):
        connection.execute("delete from raw.no_dates")
        warehouse.append(connection, "raw.no_dates", days)


def _forget_again(folder: ProgrammeFolder, reader: Reader, sources: Sequence[LoadedSource], today: date) -> None:
    """Take those who were erased out of the copies of exports that hold them again."""
    if not reader.erased:
        return
    tombstones.add(
        folder.tombstones,
        [tombstones.Tombstone("reduced", sha256, today.isoformat()) for sha256 in sorted(reader.erased)],
    )
    for sha256, rows in reader.erased.items():
        reduced_copies.without_rows(folder.landed / sha256, rows, declared_encodings(sources))


def _landed_now(folder: ProgrammeFolder, kept_out: tombstones.Tombstones, unread: list[Unread]) -> Iterator[Arrival]:
    for path in inbox.inbox_files(folder.inbox):
        try:
            name = inbox.printable_name(path, folder.inbox)
            sha256 = inbox.land(path, folder.landed, kept_out)
        except Unreadable as problem:
            name = printable(path.relative_to(folder.inbox).as_posix(), 200)
            unread.append(_unread(name, problem))
        else:
            yield Arrival(name, sha256, folder.landed / sha256)


def read_files(reader: Reader, arrivals: Sequence[Arrival], progress: ProgressCallback = no_progress) -> Ingested:
    """Read landed files into `raw`, each in a transaction of its own."""
    exports: list[Export] = []
    unread: list[Unread] = []
    for done, arrival in enumerate(arrivals):
        progress(Progress(done, len(arrivals), arrival.file_name))
        try:
            exports.append(reader.read(arrival))
        except Unreadable as problem:
            unread.append(_unread(arrival.file_name, problem, arrival.is_kept))
    return Ingested(exports=tuple(exports), unread=tuple(unread))


def _unread(file_name: str, problem: Unreadable, is_kept: bool = False) -> Unread:
    return Unread(
        file_name=file_name, reason=problem.reason, advice=problem.advice, values=problem.values, is_kept=is_kept
    )
