"""Ingest: lands exports and copies every mapped answer into `raw` as text, with its file and row number.

Nothing is judged here and nothing is lost: the landed file is the complete copy; `raw` holds the mapped answers
verbatim, by item.
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

# Rows are streamed: a million responses need no more memory than ten thousand.
MEMORY_MEGABYTES = 256


def ingest(
    folder: ProgrammeFolder,
    sources: Sequence[LoadedSource],
    keys: PseudonymKeys,
    today: date,
    progress: ProgressCallback = no_progress,
) -> Ingested:
    """Land and read every export in the inbox; an unreadable file does not stop the others.

    Exports that were landed earlier still count after they have left the inbox; they are read again when their source
    has changed.
    """
    inbox.clear_away_leftovers(folder.landed)
    unread: list[Unread] = []
    kept_out = tombstones.load(folder.tombstones)
    arrivals = {arrival.sha256: arrival for arrival in _landed_now(folder, kept_out, unread)}
    warehouse.remove_unfinished(folder.warehouse)
    with warehouse.opened(folder.warehouse, memory=MEMORY_MEGABYTES) as connection:
        warehouse.prepare(connection, ["raw"])
        _tell_no_dates(connection)
        for sha256, name in connection.execute("select sha256, file_name from raw.exports order by all").fetchall():
            arrivals.setdefault(sha256, Arrival(name, sha256, folder.landed / sha256, is_kept=True))
        reader = Reader(connection, tuple(sources), keys, today, kept_out)
        read = read_files(reader, list(arrivals.values()), progress)
    _forget_again(folder, reader, sources, today)
    skipped = tuple(printable(name, 200) for name in inbox.skipped_files(folder.inbox))
    return Ingested(exports=read.exports, unread=(*unread, *read.unread), skipped=skipped)


def _tell_no_dates(connection: warehouse.Connection) -> None:
    """Rewrite raw.no_dates, the placeholder date of each tool; it applies to exports that were read earlier, too."""
    days = [{"dialect": dialect.tool, "day": dialect.no_date.day} for dialect in DIALECTS if dialect.no_date]
    with warehouse.transaction(connection):
        connection.execute("delete from raw.no_dates")
        warehouse.append(connection, "raw.no_dates", days)


def _forget_again(folder: ProgrammeFolder, reader: Reader, sources: Sequence[LoadedSource], today: date) -> None:
    """Remove erased people from the landed copies of exports in which they have reappeared."""
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
    """Read landed files into `raw`, each file in its own transaction."""
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
