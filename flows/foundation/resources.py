"""Finds SQL, templates, suites and instruments: beside `flows` in a checkout, inside it in a wheel."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent.parent


def resource(*parts: str) -> Path:
    """The path of a file or folder that is shipped with the software, such as ``resource("sql", "views.sql")``."""
    installed = _PACKAGE / parts[0]
    root = _PACKAGE if installed.exists() else _PACKAGE.parent
    return root.joinpath(*parts)
