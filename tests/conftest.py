"""Fixtures that every test may use."""

import atexit
import os
from pathlib import Path

import pytest

from tests import programmes

# DuckDB's binding lists what is still referred to when the interpreter ends; that tells nothing of a test.
atexit.register(lambda: os.dup2(os.open(os.devnull, os.O_WRONLY), 2))


@pytest.fixture
def programme(tmp_path: Path) -> programmes.TestProgramme:
    """An empty programme with the shipped instrument, one organisation and one collective of 40."""
    return programmes.make(tmp_path / "programme")
