"""A run is opened once, and what keeps it from beginning is in its record."""

import pytest

from flows.foundation.errors import Locked, RegisterError
from flows.monthly_run import RunRequest, opened
from flows.programme import run_record
from tests import programmes

REQUEST = RunRequest(period="2026-10")


def test_a_register_that_cannot_be_read_is_recorded(programme):
    programme.register(collectives=[{**programmes.COLLECTIVES[0], "members": "many"}])
    with pytest.raises(RegisterError), opened(programme.settings, REQUEST):
        pass
    (entry,) = run_record.read_all(programme.settings.folder)
    assert (entry["outcome"], entry["exit_code"]) == ("finished", 3)
    assert "register/collectives.csv, line 2" in entry["message"]


def test_a_key_that_others_can_read_is_recorded(programme):
    programme.settings.key_file.chmod(0o644)
    with pytest.raises(Exception, match="can be read by others"), opened(programme.settings, REQUEST):
        pass
    assert run_record.read_all(programme.settings.folder)[0]["exit_code"] == 2


def test_the_lock_is_held_while_a_run_is_open(programme):
    with opened(programme.settings, REQUEST), pytest.raises(Locked), programme.settings.folder.locked():
        pass
    with programme.settings.folder.locked():
        pass
