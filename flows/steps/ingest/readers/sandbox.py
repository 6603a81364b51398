"""Runs a reader, which may crash, hang or exhaust memory, in a child process with resource limits.

Its rows come back through a temporary file next to the landed one, so the run itself needs little memory.
"""

import errno
import json
import multiprocessing
import os
import resource as limits
import signal
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from copy import copy
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from flows.steps.ingest.readers.codebook import Codebook
from flows.steps.ingest.readers.file_facts import FileFacts
from flows.steps.ingest.readers.sizes import MOST_CELLS, refuse_oversized
from flows.steps.ingest.readers.unreadable import Unreadable

# A workbook of 5,000 x 150 labels needs 114 MB (measured); together with the run itself it stays below 512 MB.
MEMORY = 256 * 1024**2
# CPU time, which does not depend on how busy the machine is: five times what the largest workbook that fits into this
# memory needs (measured).
SECONDS = 30
# Wall-clock time: ends only a child that waits for something that never comes.
WAITING_SECONDS = 900
# JSON output is at most six times as long as the text in memory: \uXXXX for a control character.
WRITTEN = 6 * MEMORY
# How many bytes of that output are read back at once.
_CHUNK = 1024**2
_TOO_MUCH = Unreadable(
    "Reading this file takes more time, memory or disk than the export of a survey can need.",
    "Export the responses as CSV, or fewer columns of them, and drop that file.",
)


class Table(NamedTuple):
    """One table of a file: numbered rows of text, a codebook if the format has one, and the name of its sheet."""

    rows: Iterable[tuple[int, Sequence[str]]]
    codebook: Codebook | None = None
    sheet: str = ""
    is_hidden: bool = False


Reader = Callable[[str, tuple[str, ...], FileFacts], Iterable[Table]]
_Part = tuple[Codebook | None, str, bool, int, int]


@dataclass(frozen=True)
class Spool:
    """The rows of one table that a child read: bytes `start` to `end` of a file that no longer has a name."""

    file: Any
    codebook: Codebook | None
    sheet: str
    is_hidden: bool
    start: int
    end: int

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """Every row with its number in the table."""
        unfinished, place = b"", self.start
        # Tables of one file may be read in turns, so nobody relies on where the file was read last.
        while chunk := os.pread(self.file.fileno(), min(_CHUNK, self.end - place), place):
            place += len(chunk)
            *lines, unfinished = (unfinished + chunk).split(b"\n")
            for line in lines:
                number, cells = json.loads(line)
                yield number, cells


def read(
    reader: Reader, path: Path, encodings: Sequence[str], facts: FileFacts, damaged: Unreadable
) -> tuple[Spool, ...]:
    """Read the tables of a file in a child process within limits of memory, time and output.

    Raises:
        Unreadable: the reader raised it, or a limit was exceeded; `damaged` when the reader failed or crashed.
    """
    spool = tempfile.NamedTemporaryFile(dir=path.parent, prefix=".reading-", delete=False)  # noqa: SIM115 rows keep it
    try:
        parts = _read_in_child((reader, str(path), tuple(encodings), facts, spool.name), damaged)
        return tuple(Spool(spool, *part) for part in parts)
    finally:
        # Whoever keeps a row, as an exception may, keeps the bytes of an open file, but no file with answers.
        Path(spool.name).unlink()


def _read_in_child(job: tuple[Reader, str, tuple[str, ...], FileFacts, str], damaged: Unreadable) -> list[_Part]:
    from pebble import concurrent

    # Readers are forked from a small server, not from this process with its threads, connections and keys. Pebble
    # ignores the context unless it is passed separately from the function.
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__])
    process = concurrent.process(timeout=WAITING_SECONDS, context=context)(_spooled)
    try:
        parts: list[_Part] = process(*job, SECONDS).result()
    except Unreadable:
        raise
    except Exception as problem:  # noqa: BLE001 whatever a parser of foreign bytes fails with, the bytes are to blame
        raise copy(_TOO_MUCH if _is_too_much(problem) else damaged) from None
    return parts


def _is_too_much(problem: Exception) -> bool:
    """Whether a limit ended the reading: memory, time, or the size of the output."""
    return (
        isinstance(problem, MemoryError | TimeoutError)
        or getattr(problem, "exitcode", None) == -signal.SIGXCPU
        or getattr(problem, "errno", None) in (errno.EFBIG, errno.ENOSPC)
    )


def _spooled(
    reader: Reader, path: str, encodings: tuple[str, ...], facts: FileFacts, target: str, seconds: int
) -> list[_Part]:
    _limit_this_process(seconds)
    parts: list[_Part] = []
    count = 0
    # JSON can hold a lone surrogate, which UTF-8 cannot encode: it becomes a question mark.
    with Path(target).open("w", encoding="utf-8", errors="replace") as file:
        for table in reader(path, encodings, facts):
            start = file.tell()
            for number, cells in table.rows:
                refuse_oversized(number, cells)
                count += len(cells)
                if count > MOST_CELLS:
                    raise copy(_TOO_MUCH)
                file.write(json.dumps((number, cells), ensure_ascii=False) + "\n")
            parts.append((table.codebook, table.sheet, table.is_hidden, start, file.tell()))
    return parts


def _limit_this_process(seconds: int) -> None:
    """Limit its resources, prevent core files (they would hold answers), and silence a crashing parser."""
    memory = _address_space_in_use() + MEMORY
    limits.setrlimit(limits.RLIMIT_AS, (memory, memory))
    # The soft limit sends SIGXCPU, which can be recognised; at the hard limit the kernel kills without a reason.
    limits.setrlimit(limits.RLIMIT_CPU, (seconds, seconds + 1))
    limits.setrlimit(limits.RLIMIT_FSIZE, (WRITTEN, WRITTEN))
    limits.setrlimit(limits.RLIMIT_CORE, (0, 0))
    silence = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silence, 1)
    os.dup2(silence, 2)


def _address_space_in_use() -> int:
    """Bytes that the child has mapped before it reads; they depend on the program that started it."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[0])
    except OSError:
        return MEMORY
    return pages * limits.getpagesize()
