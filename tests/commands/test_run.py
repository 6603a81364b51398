"""The outcome of a run as JSON: every report has the same fields, whether it was made or not."""

import json

from flows.commands import run
from flows.foundation.contracts import FailedReport, Release, RunOutcome
from tests import programmes


def test_a_report_that_failed_is_told_beside_one_that_was_made(tmp_path):
    failed = FailedReport(organisation_id="city", failed_because="it took too long")
    release = Release(period="2026-10", version=1, folder=tmp_path, reports=(programmes.REPORT, failed))
    outcome = RunOutcome(run_id="1", period="2026-10", exit_code=1, message="", release=release)
    document = json.loads(json.dumps(run._as_json(outcome, 1), default=str))
    made, not_made = document["release"]["reports"]
    assert made.keys() == not_made.keys()
    assert (made["status"], made["failed_because"], made["pages"]) == ("ready", "", 4)
    assert (not_made["status"], not_made["failed_because"], not_made["file"]) == ("failed", "it took too long", "")
