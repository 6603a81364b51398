"""Exports are read by name, landed once, updated by newer ones, and held with a reason when they cannot be read."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flows.demo import programme as demo_programme
from flows.demo import simulation
from flows.programme import instrument
from flows.programme.folder import ProgrammeFolder
from tests import programmes


@pytest.fixture(scope="module")
def demo(tmp_path_factory) -> programmes.TestProgramme:
    """The simulated programme with the exports of its first month."""
    root = tmp_path_factory.mktemp("demo") / "programme"
    simulated = simulation.simulate(instrument.load("motives", Path()).model)
    demo_programme.write(root, simulated)
    demo_programme.drop_exports(ProgrammeFolder(root), simulated, simulated.truth.periods()[0])
    return programmes.TestProgramme(root)


def test_four_survey_tools_are_recognised_and_read_whole(demo):
    ingested = demo.ingest()
    assert ingested.unread == ()
    assert {export.source for export in ingested.exports} == {
        "qualtrics",
        "limesurvey",
        "microsoft-forms",
        "google-forms",
    }
    assert all(export.rows > 20 for export in ingested.exports)
    rows = demo.query("select dialect, has_response_ids, date_order, timezone from raw.exports order by dialect")
    assert rows == [
        ("google_forms", False, "ymd", "Europe/Amsterdam"),
        ("limesurvey", True, "ymd", "Europe/Amsterdam"),
        ("microsoft_forms", True, "ymd", "Europe/Amsterdam"),
        ("qualtrics", True, "ymd", "Europe/Amsterdam"),
    ]


def test_raw_keeps_the_text_and_leaves_out_what_is_not_mapped(demo):
    demo.ingest()
    everything = str(demo.query("select * from raw.responses"))
    assert "Heel belangrijk" in everything
    for identifying in ("203.0.113.", "198.51.100.", "Achternaam", "Naam ", "@example.org", "veenwijk-001"):
        assert identifying not in everything
    respondents = demo.query(
        "select distinct length(respondent), regexp_matches(respondent, '^[0-9a-f]+$') from raw.responses"
    )
    assert respondents == [(32, True)]


def test_the_same_file_twice_changes_nothing(programme):
    programmes.with_answers(programme, 8)
    first = programme.ingest()
    before = programme.query("select * from raw.responses order by all")
    second = programme.ingest()
    assert [export.is_new for export in (*first.exports, *second.exports)] == [True, False]
    assert programme.query("select * from raw.responses order by all") == before


def test_a_newer_cumulative_export_updates_by_response_id(programme):
    programmes.plain_source(programme, programmes.ITEMS)
    old = [programmes.answers(n) for n in range(1, 6)]
    changed = programmes.answers(3, values=[2] * 32)
    added = programmes.answers(9, submitted="2026-10-20 09:00:00")
    programme.export("first.csv", old)
    programme.export("second.csv", [*old[:2], changed, *old[3:], added])
    programme.validate()
    verdicts = programme.query("select verdict, count(*) from validated.responses group by all order by all")
    assert verdicts == [("accepted", 6), ("replaced", 5)]
    answer = programme.query(
        "select distinct answers.number from validated.responses as r inner join validated.answers as answers"
        " on r.sha256 = answers.sha256 and r.row_number = answers.row_number"
        " where r.response_id = 'r3' and r.verdict = 'accepted'"
    )
    assert answer == [(2,)]


BAD_FILES = {
    "empty.csv": (b"", "The file is empty."),
    "report.csv": (b"%PDF-1.7 nothing", "This is a PDF"),
    "nul.csv": (b"id,member\n1,\0\n", "NUL bytes"),
    "ragged.csv": (b"id,member,submitted\n1,2\n", "Row 2 has 2 cells"),
    "unclosed.csv": (b'id,member\n"1,2\n', "the quotation marks do not match"),
    "latin.csv": ("id,naam\n1,caf\u00e9\n".encode("cp1252"), "not UTF-8"),
    "broken.xlsx": (b"PK\x03\x04 not a workbook", "workbook cannot be read"),
    "old.xls": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old Excel format"),
    "unknown.csv": (b"colour,shape\nred,round\n", "No source describes this file"),
}


@pytest.mark.parametrize("name", BAD_FILES)
def test_a_bad_file_is_held_with_a_reason_and_stops_no_other(programme, name):
    content, reason = BAD_FILES[name]
    programmes.with_answers(programme, 6)
    (programme.root / "inbox" / name).write_bytes(content)
    ingested = programme.ingest()
    assert [export.file_name for export in ingested.exports] == ["answers.csv"]
    assert [file.file_name for file in ingested.unread] == [name]
    assert reason in ingested.unread[0].sentence


def test_headings_without_responses_are_held(programme):
    programmes.with_answers(programme, 6)
    heading = (programme.root / "inbox" / "answers.csv").read_text().splitlines()[0]
    (programme.root / "inbox" / "answers.csv").write_text(heading + "\n")
    ingested = programme.ingest()
    assert "no responses yet" in ingested.unread[0].sentence
    assert programme.query("select count(*) from raw.responses") == [(0,)]


def test_a_renamed_heading_is_held_and_the_nearest_is_named(programme):
    programmes.with_answers(programme, 6)
    path = programme.root / "inbox" / "answers.csv"
    path.write_text(path.read_text().replace("learning_2", "learnin_2", 1))
    assert "'learning_2' (did you mean 'learnin_2'?)" in programme.ingest().unread[0].sentence


def test_links_and_folders_in_the_inbox_are_not_followed(programme, tmp_path):
    secret = tmp_path / "secret.csv"
    secret.write_text("id\n1\n")
    (programme.root / "inbox" / "link.csv").symlink_to(secret)
    (programme.root / "inbox" / "two\nlines.csv").write_text("id\n1\n")
    reasons = {file.file_name: file.reason for file in programme.ingest().unread}
    assert reasons["link.csv"].startswith("This is a link")
    assert reasons["two\\nlines.csv"].startswith("The name of this file")


def test_a_changed_source_reads_the_landed_file_again(programme):
    programmes.with_answers(programme, 6)
    programme.ingest(date(2026, 11, 1))
    (programme.root / "inbox" / "answers.csv").unlink()
    programmes.plain_source(programme, programmes.ITEMS, missing="{not_applicable: ['5']}")
    again = programme.ingest(date(2026, 11, 9))
    assert [export.is_new for export in again.exports] == [True]
    assert programme.query("select received_on from raw.exports") == [(date(2026, 11, 1),)]


@settings(deadline=None, max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=400))
def test_no_bytes_end_in_an_exception(programme, content):
    programmes.plain_source(programme, programmes.ITEMS)
    (programme.root / "inbox" / "any.csv").write_bytes(content)
    ingested = programme.ingest()
    assert len(ingested.unread) + len(ingested.exports) == 1
