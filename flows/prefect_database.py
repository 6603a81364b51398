"""An empty database for Prefect's local servers: made once per environment, copied into each programme.

Prefect makes its tables by all migrations of its history, which takes nine processor seconds; a copy takes none.
"""

import importlib.metadata
import os
import shutil
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from tempfile import NamedTemporaryFile, TemporaryDirectory

from filelock import FileLock

from flows.foundation.atomic_files import replaced_by_library
from flows.foundation.resources import MADE_ONCE, has_own_environment
from flows.programme import environment

# Another environment may have another Prefect, whose tables differ.
_SHARED = MADE_ONCE


def provide(home: Path) -> None:
    """Give a programme without a Prefect database an empty one, in Prefect's folder of the programme.

    Where that fails, such as in an environment that cannot be written to, Prefect makes its own at its first start.
    """
    database = home / "prefect.db"
    if database.exists() or environment.prefect_database_is_named() or not has_own_environment():
        return
    with suppress(OSError, subprocess.CalledProcessError):
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        with NamedTemporaryFile(dir=home) as fresh:
            shutil.copyfile(empty(), fresh.name)
            # Unlike a replacement, a link leaves the database alone that another process made in the meantime.
            os.link(fresh.name, database)


def empty() -> Path:
    """The empty database of the Prefect that is installed.

    Raises:
        OSError: the environment cannot be written to.
        subprocess.CalledProcessError: Prefect could not make it.
    """
    kept = _SHARED / f"prefect-{importlib.metadata.version('prefect')}.db"
    if not kept.exists():
        _SHARED.mkdir(parents=True, exist_ok=True)
        with FileLock(kept.with_suffix(".lock")):
            if not kept.exists():
                _make(kept)
    return kept


def _make(kept: Path) -> None:
    with TemporaryDirectory() as made:
        home = Path(made)
        subprocess.run(
            [sys.executable, "-m", "prefect", "server", "database", "upgrade", "--yes"],
            env=environment.with_home(home),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=True,
        )
        with replaced_by_library(kept) as fresh:
            shutil.copyfile(home / "prefect.db", fresh)
