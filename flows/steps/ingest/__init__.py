"""Ingest: every answer as text, with its file and row. Judges nothing and loses nothing.

The landed file is the lossless copy; `raw` holds the columns that a source maps, untouched, by name.
"""

from collections.abc import Iterator, Sequence
from datetime import date

from flows.steps import warehouse
from flows.steps.contracts import Export, Ingested, Unread
from flows.steps.forgetting import kept_files, tombstones
from flows.steps.ingest import landing
from flows.steps.ingest.form import Arrival, declared_encodings
from flows.steps.ingest.reading import Reader
from flows.steps.ingest.unreadable import Unreadable
from flows.steps.places import Places
from flows.steps.plain_text import printable
from flows.steps.progress import Progress, Watcher, unwatched
from flows.steps.pseudonyms import PseudonymKeys
from flows.steps.source import LoadedSource

__all__ = ["ingest", "read_files"]

# Rows stream through; a million responses need no more than ten thousand.
MEMORY = "256MB"


def ingest(
    places: Places,
    sources: Sequence[LoadedSource],
    keys: PseudonymKeys,
    today: date,
    watcher: Watcher = unwatched,
) -> Ingested:
    """Land and read every export of the inbox; one that cannot be read stops none of the others.

    Exports that were landed before and left the inbox still count, and are read again when their source changed.
    """
    landing.clear_away_leftovers(places.landed)
    unread: list[Unread] = []
    stones = tombstones.load(places.tombstones)
    arrivals = {arrival.sha256: arrival for arrival in _landed_now(places, stones, unread)}
    with warehouse.opened(places.warehouse, memory=MEMORY) as connection:
        warehouse.prepare(connection)
        for sha256, name in connection.execute("select sha256, file_name from raw.exports order by all").fetchall():
            arrivals.setdefault(sha256, Arrival(name, sha256, places.landed / sha256, is_kept=True))
        reader = Reader(connection, tuple(sources), keys, today, stones)
        read = read_files(reader, list(arrivals.values()), watcher)
    _forget_again(places, reader, sources, today)
    skipped = tuple(printable(name, 200) for name in landing.skipped_files(places.inbox))
    return Ingested(read.exports, (*unread, *read.unread), skipped)


def _forget_again(places: Places, reader: Reader, sources: Sequence[LoadedSource], today: date) -> None:
    """Take those who were erased out of the copies of exports that hold them again."""
    if not reader.erased:
        return
    tombstones.add(
        places.tombstones,
        [tombstones.Tombstone("reduced", sha256, today.isoformat()) for sha256 in sorted(reader.erased)],
    )
    for sha256, rows in reader.erased.items():
        kept_files.without_rows(places.landed / sha256, rows, declared_encodings(sources))


def _landed_now(places: Places, stones: tombstones.Tombstones, unread: list[Unread]) -> Iterator[Arrival]:
    for path in landing.inbox_files(places.inbox):
        try:
            name = landing.printable_name(path, places.inbox)
            sha256 = landing.land(path, places.landed, stones)
        except Unreadable as problem:
            unread.append(
                Unread(
                    printable(path.relative_to(places.inbox).as_posix(), 200),
                    problem.reason,
                    problem.advice,
                    problem.values,
                )
            )
        else:
            yield Arrival(name, sha256, places.landed / sha256)


def read_files(reader: Reader, arrivals: Sequence[Arrival], watcher: Watcher = unwatched) -> Ingested:
    """Read landed files into `raw`, each in a transaction of its own."""
    exports: list[Export] = []
    unread: list[Unread] = []
    for done, arrival in enumerate(arrivals):
        watcher(Progress(done, len(arrivals), arrival.file_name))
        try:
            exports.append(reader.read(arrival))
        except Unreadable as problem:
            unread.append(Unread(arrival.file_name, problem.reason, problem.advice, problem.values, arrival.is_kept))
    return Ingested(tuple(exports), tuple(unread))
