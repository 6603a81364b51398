"""What tests of reading share."""

import pytest

from flows.steps.ingest.landing import copying


@pytest.fixture(autouse=True)
def _files_are_at_rest(monkeypatch):
    """No test waits for a file to come to rest, but those that are about it."""
    monkeypatch.setattr(copying, "REST", 0)
