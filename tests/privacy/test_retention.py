"""Exports and the answers in them are kept for so many months, by the day they came, and then deleted for good."""

from datetime import date

import pytest

from flows.privacy.retention import expire, first_day_kept
from tests import programmes


@pytest.mark.parametrize(
    ("today", "months", "first"),
    [
        (date(2026, 11, 2), 24, date(2024, 11, 2)),
        (date(2026, 3, 31), 1, date(2026, 2, 28)),
        (date(2028, 3, 31), 1, date(2028, 2, 29)),
        (date(2026, 1, 15), 12, date(2025, 1, 15)),
    ],
)
def test_the_day_from_which_on_exports_are_kept(today, months, first):
    assert first_day_kept(today, months) == first


@pytest.fixture
def programme(tmp_path, monkeypatch):
    programmes.readable_bytes(monkeypatch)
    made = programmes.make(tmp_path / "programme")
    programmes.plain_source(made, programmes.ITEMS)
    made.export("old.csv", [programmes.answers(number, member=f"oldest-{number}") for number in range(1, 9)])
    made.ingest(date(2026, 11, 2))
    made.export("new.csv", [programmes.answers(number) for number in range(20, 26)])
    made.ingest(date(2026, 12, 2))
    return made


def _kept(programme) -> list[tuple]:
    return programme.query("select file_name, response_count from raw.exports order by all")


def test_on_its_last_day_an_export_is_still_there(programme):
    assert expire(programme.settings.folder, date(2028, 11, 2), 24) == 0
    assert _kept(programme) == [("new.csv", 6), ("old.csv", 8)]


def test_a_day_later_its_copy_and_every_byte_of_its_rows_are_gone(programme):
    folder = programme.settings.folder
    pseudonyms = [row[0] for row in programme.query(
        "select respondent from raw.responses inner join raw.exports using (sha256) where file_name = 'old.csv'"
    )]  # fmt: skip
    assert pseudonyms[0].encode() in folder.warehouse.read_bytes(), "it could be found"
    assert expire(folder, date(2028, 11, 3), 24) == 1
    assert _kept(programme) == [("new.csv", 6)]
    assert len(list(folder.landed.iterdir())) == 1
    left = folder.warehouse.read_bytes()
    assert len(pseudonyms) == 8
    assert not any(name.encode() in left for name in pseudonyms)


def test_it_is_not_read_again_while_it_lies_in_the_inbox(programme):
    expire(programme.settings.folder, date(2028, 11, 3), 24)
    unread = programme.ingest(date(2028, 11, 3)).unread
    assert [(file.file_name, "older than the programme keeps" in file.reason) for file in unread] == [("old.csv", True)]
    assert _kept(programme) == [("new.csv", 6)]


@pytest.mark.parametrize(
    "name", ["check-abc", ".making-warehouse.duckdb", "disclosure-record/.making-2026-10-v1.duckdb"]
)
def test_what_a_killed_command_left_behind_goes_too(programme, name):
    left = programme.settings.folder.private / name
    (left / "inbox").mkdir(parents=True)
    (left / "inbox" / "answers.csv").write_text("an answer")
    expire(programme.settings.folder, date(2026, 12, 3), 24)
    assert not left.exists()


def test_before_the_first_run_there_is_nothing_to_do(tmp_path):
    made = programmes.make(tmp_path / "programme")
    made.settings.folder.make_private()
    assert expire(made.settings.folder, date(2026, 12, 3), 24) == 0
