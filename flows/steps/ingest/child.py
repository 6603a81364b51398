"""Runs a reader that can abort, hang or fill the memory in a child process with limits.

Its rows come back through a temporary file beside the landed one, so the run itself stays small.
"""

import json
import multiprocessing
import resource as limits
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from flows.steps.ingest.codebook import Codebook
from flows.steps.ingest.unreadable import Unreadable

# A workbook of 5,000 x 150 labels needs 114 MB (measured); with the run itself a file of 20 MB stays below 512 MB.
MEMORY = 400 * 1024**2
SECONDS = 60


class Table(NamedTuple):
    """What a reader makes of a file: numbered rows of text, and the codebook where the format brings one."""

    rows: Iterable[tuple[int, Sequence[str]]]
    codebook: Codebook | None = None


Reader = Callable[[str, tuple[str, ...]], Table]


@dataclass(frozen=True)
class Spool:
    """The rows that a child read, on disk for as long as this lives."""

    file: Any
    codebook: Codebook | None

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """Every row with its number in the file."""
        with Path(self.file.name).open(encoding="ascii") as lines:
            for line in lines:
                number, cells = json.loads(line)
                yield number, cells


def read(reader: Reader, path: Path, encodings: Sequence[str], damaged: Unreadable) -> Spool:
    """Let a reader read a file within limits of memory and time.

    Raises:
        Unreadable: what the reader found wrong; `damaged` when it died, ran out of memory or out of time.
    """
    from pebble import ProcessExpired, concurrent

    spool = tempfile.NamedTemporaryFile(dir=path.parent, prefix=".reading-")  # noqa: SIM115 it lives with the rows
    context = multiprocessing.get_context("spawn")
    job = concurrent.process(_spooled, timeout=SECONDS, context=context)
    try:
        codebook = job(reader, str(path), tuple(encodings), spool.name).result()
    except Unreadable:
        raise
    except (ProcessExpired, TimeoutError, MemoryError, RecursionError, ValueError, OSError):
        raise damaged from None
    return Spool(spool, codebook)


def _spooled(reader: Reader, path: str, encodings: tuple[str, ...], target: str) -> Codebook | None:
    allowed = _address_space_in_use() + MEMORY
    limits.setrlimit(limits.RLIMIT_AS, (allowed, allowed))
    limits.setrlimit(limits.RLIMIT_CPU, (SECONDS, SECONDS))
    table = reader(path, encodings)
    with Path(target).open("w", encoding="ascii") as file:
        for row in table.rows:
            file.write(json.dumps(row) + "\n")
    return table.codebook


def _address_space_in_use() -> int:
    """What the child has mapped before it reads: it depends on the program that started it."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[0])
    except OSError:
        return MEMORY
    return pages * limits.getpagesize()
