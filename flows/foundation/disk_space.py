"""A full disk, told as what it is, whichever library meets it."""

import errno
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flows.foundation.errors import UserError
from flows.foundation.exit_codes import ExitCode

# A first run of the smallest programme writes 50 MB (measured): its databases, and those of Prefect.
_ROOM_MEGABYTES = 64
# The disk, the quota, or the limit of a file.
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


_NEEDED = f"(a run needs at least {_ROOM_MEGABYTES} MB)"
_OF_RUN = "so the run stopped; what was released before is untouched. Make room and run again."


class DiskFull(UserError):
    """There is no space left; `so` says what stopped and what to do. A run that stopped released nothing."""

    exit_code = ExitCode.UNEXPECTED

    def __init__(self, folder: Path, so: str = _OF_RUN) -> None:
        super().__init__(f"The disk of {folder} is full {_NEEDED}, {so}")


def is_full(error: BaseException) -> bool:
    """Whether an error, of Python or of a library, says that there is no space left."""
    words = ("No space left on device", "File too large")
    return getattr(error, "errno", None) in _FULL or any(text in str(error) for text in words)


def has_room(folder: Path) -> bool:
    """Whether a folder's disk has as much space left as the smallest run needs."""
    return shutil.disk_usage(folder).free >= _ROOM_MEGABYTES * 2**20


def refuse_full(folder: Path) -> None:
    """Refuse a run that would fill the disk: Prefect's server would not start, and be waited for.

    Raises:
        DiskFull: the disk of the folder has less room than the smallest run needs.
    """
    if not has_room(folder):
        raise DiskFull(folder)


@contextmanager
def told_when_full(folder: Path, so: str = _OF_RUN) -> Iterator[None]:
    """Turn an error that says that the disk of a folder is full, of Python or of a library, into `DiskFull`."""
    try:
        yield
    except UserError:
        raise
    except Exception as error:
        if is_full(error):
            raise DiskFull(folder, so) from None
        raise
