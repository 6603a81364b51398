"""Prefect's API for the runs of one command: in the process of the command, so that a killed run leaves nothing."""

import subprocess
import sys

import pytest

from flows.programme.folder import ProgrammeFolder

pytestmark = pytest.mark.prefect
_SERVED = """
import os, sys, threading
from pathlib import Path
from flows import prefect_database
from flows.commands.run import chosen_server
from flows.prefect_server import answers
from flows.programme import environment
from flows.programme.folder import ProgrammeFolder

folder = ProgrammeFolder(Path(sys.argv[1]))
provide = prefect_database.provide
prefect_database.provide = lambda home: print("a database for:", home.name) or provide(home)
environment.prepare(folder)
try:
    with chosen_server(folder):
        url = os.environ["PREFECT_API_URL"]
        with chosen_server(folder):
            print("the same:", os.environ["PREFECT_API_URL"] == url, "it responds:", answers(url))
        print("it still responds:", answers(url))
    print("it has ended:", not answers(url), "PREFECT_API_URL" not in os.environ, threading.active_count())
except RuntimeError as problem:
    print(problem)
"""


def _process(root):
    return subprocess.run([sys.executable, "-c", _SERVED, str(root)], capture_output=True, text=True)


def test_it_is_one_server_for_all_months_and_ends_with_the_command(tmp_path):
    made = _process(tmp_path)
    assert made.stderr == ""
    assert made.stdout.splitlines() == [
        "a database for: prefect",
        "the same: True it responds: True",
        "it still responds: True",
        "it has ended: True True 1",
    ]


@pytest.mark.slow
def test_that_it_cannot_start_is_an_error_and_no_wait(tmp_path):
    folder = ProgrammeFolder(tmp_path)
    folder.make_private()
    (folder.prefect / "prefect.db").write_bytes(b"this is no database" * 100)
    made = _process(tmp_path)
    assert made.stdout.splitlines() == ["a database for: prefect", "Prefect's API did not start."]
    assert made.stderr == ""
