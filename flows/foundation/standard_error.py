"""Closes stderr at the very end: DuckDB's binding lists objects that Prefect's threads still hold at exit."""

import atexit
import os
import sys


def close_at_exit() -> None:
    """Send what is written to stderr after the end of the program to nowhere."""
    atexit.register(_close)


def _close() -> None:
    sys.stderr.flush()
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
