"""Fixtures that every test may use."""

from pathlib import Path

import pytest

from tests import programmes


@pytest.fixture
def programme(tmp_path: Path) -> programmes.TestProgramme:
    """An empty programme with the shipped instrument, one organisation and one collective of 40."""
    return programmes.make(tmp_path / "programme")
