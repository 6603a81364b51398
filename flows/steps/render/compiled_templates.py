"""Keeps what Jinja compiled for the next process: all templates of a language take a second of each one that draws."""

import hashlib
import shutil
from contextlib import suppress
from importlib.metadata import version

from jinja2 import FileSystemBytecodeCache
from jinja2.bccache import Bucket

from flows.foundation.resources import MADE_ONCE, has_own_environment
from flows.steps.render.report_inputs import drawn_with

_FOLDER = MADE_ONCE / "templates"


class CompiledTemplates(FileSystemBytecodeCache):
    """Compiled templates in a folder; where it cannot be written to, each process compiles for itself."""

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep a compiled template."""
        with suppress(OSError):
            super().dump_bytecode(bucket)


def compiled_templates(language: str) -> CompiledTemplates | None:
    """The compiled templates of a language in this environment; None where nothing can be kept.

    Jinja works out constants while it compiles, with filters of the language. So a folder is of one language, and of
    one state of all that draws; those of other states are removed.
    """
    if not has_own_environment():
        return None
    state = hashlib.sha256(f"{drawn_with()} {version('babel')}".encode()).hexdigest()[:16]
    kept = _FOLDER / state / language
    try:
        if not kept.exists():
            kept.mkdir(mode=0o700, parents=True, exist_ok=True)
            for other in _FOLDER.iterdir():
                if other.name != state:
                    shutil.rmtree(other, ignore_errors=True)
    except OSError:
        return None
    return CompiledTemplates(str(kept))
