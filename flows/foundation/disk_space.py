"""A full disk, told as what it is, whichever library meets it."""

import errno
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flows.foundation.errors import UserError
from flows.foundation.exit_codes import ExitCode


class DiskFull(UserError):
    """There is no space left for a run; nothing of it was released."""

    exit_code = ExitCode.UNEXPECTED

    def __init__(self, folder: Path) -> None:
        super().__init__(
            f"The disk of {folder} is full, so the run stopped; what was released before is untouched."
            " Make room and run again."
        )


def is_full(error: BaseException) -> bool:
    """Whether an error, of Python or of a library, says that there is no space left."""
    return getattr(error, "errno", None) in (errno.ENOSPC, errno.EDQUOT) or "No space left on device" in str(error)


def has_no_space(folder: Path) -> bool:
    """Whether a folder's disk has less space left than the smallest file of a run needs."""
    return shutil.disk_usage(folder).free < 2**20


@contextmanager
def told_when_full(folder: Path) -> Iterator[None]:
    """Turn an `OSError` that says that the disk of a folder is full into `DiskFull`."""
    try:
        yield
    except OSError as error:
        raise (DiskFull(folder) if is_full(error) else error) from None
