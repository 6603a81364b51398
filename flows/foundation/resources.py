"""Finds SQL, templates, suites and instruments: beside `flows` in a checkout, inside it in a wheel."""

import sys
from pathlib import Path

# What is made once from the packages of this environment, and kept for all its processes.
MADE_ONCE = Path(sys.prefix) / "share" / "motiefmix"
_PACKAGE = Path(__file__).resolve().parent.parent


def resource(*parts: str) -> Path:
    """The path of a file or folder that is shipped with the software, such as ``resource("sql", "views.sql")``."""
    installed = _PACKAGE / parts[0]
    root = _PACKAGE if installed.exists() else _PACKAGE.parent
    return root.joinpath(*parts)


def has_own_environment() -> bool:
    """Whether this Python environment is for us alone, so that something may be kept in it."""
    return sys.prefix != sys.base_prefix
