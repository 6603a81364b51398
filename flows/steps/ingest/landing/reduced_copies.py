"""Removes rows from the kept copy of an export: text is rewritten without them; other formats are deleted."""

from collections.abc import Collection, Sequence
from pathlib import Path

from flows.foundation.atomic_files import replaced
from flows.steps.ingest.dialects import FILE_FACTS
from flows.steps.ingest.readers import text_file
from flows.steps.ingest.readers.grid import open_grids
from flows.steps.ingest.readers.unreadable import Unreadable


def without_rows(path: Path, rows: Collection[int], encodings: Sequence[str]) -> bool:
    """Rewrite a kept copy without the rows with given numbers; False when the whole copy had to be deleted.

    The copy keeps its name (the fingerprint of the original), and the other rows their numbers, by which the warehouse
    identifies rows for later erasures.
    """
    if not path.exists():
        return False
    try:
        is_text = open_grids(path, encodings, FILE_FACTS)[0].encoding is not None
    except Unreadable:
        is_text = False
    if not is_text:
        path.unlink()
        return False
    dialect = text_file.recognise(path, encodings, FILE_FACTS)
    with replaced(path, encoding=dialect.encoding, newline="") as file:
        last = 0
        for number, row in text_file.read(path, dialect):
            # Empty rows are not read as responses.
            file.write("\r\n" * (number - 1 - last))
            file.write("" if number in rows else text_file.written(row, dialect))
            file.write("\r\n")
            last = number
    return True
