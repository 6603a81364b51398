"""Takes rows out of the kept copy of an export. Text is written again without them; other formats go as a whole."""

from collections.abc import Collection, Sequence
from pathlib import Path

from flows.foundation.atomic_files import replaced
from flows.steps.ingest.dialects import FILE_FACTS
from flows.steps.ingest.readers import text_file
from flows.steps.ingest.readers.grid import open_grids
from flows.steps.ingest.readers.unreadable import Unreadable


def without_rows(path: Path, rows: Collection[int], encodings: Sequence[str]) -> bool:
    """Write a kept copy again without some of its rows, by their numbers; False when the copy had to go as a whole.

    The copy keeps its name, the fingerprint of what came in, and every other row its number: by these numbers the
    warehouse knows the rows, and the next member who is erased is found.
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
            # Rows without a cell are no responses when they are read again.
            file.write("\r\n" * (number - 1 - last))
            file.write("" if number in rows else text_file.written(row, dialect))
            file.write("\r\n")
            last = number
    return True
