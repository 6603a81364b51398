"""One line per event, for people or for programs, and nothing in it breaks the line."""

import json
from datetime import UTC, datetime

import pytest

from flows.foundation.event_log import line
from flows.programme import run_record

MOMENT = datetime(2026, 11, 2, 6, 0, 1, tzinfo=UTC)


def test_a_line_for_people():
    found = line("text", MOMENT, "20261102-060000", "stage ends", {"stage": "ingest", "seconds": 1.5, "why": "a\nb"})
    assert found == (
        '2026-11-02T06:00:01+00:00 run=20261102-060000 event="stage ends" stage=ingest seconds=1.5 why="a\\nb"'
    )


def test_a_line_for_programs():
    found = line("json", MOMENT, "1", "run ends", {"message": "Klaar: één rapport.\n", "accepted": 14})
    assert "\n" not in found
    assert json.loads(found) == {
        "time": "2026-11-02T06:00:01+00:00", "run": "1", "event": "run ends",
        "message": "Klaar: één rapport.\n", "accepted": 14,
    }  # fmt: skip


@pytest.mark.parametrize(("form", "begins"), [("json", '{"time"'), ("text", "20")])
def test_a_run_prints_its_events_where_that_is_asked_for(programme, monkeypatch, capsys, form, begins):
    record = run_record.begin(programme.settings.folder, "2026-10", MOMENT, "0")
    record.event("stage begins", stage="ingest")
    assert capsys.readouterr().err == ""
    monkeypatch.setenv("MOTIEFMIX_LOG", form)
    record.event("stage ends", stage="ingest")
    (printed,) = capsys.readouterr().err.splitlines()
    assert printed.startswith(begins)
    assert len((record.folder / "run.log").read_text().splitlines()) == 2
