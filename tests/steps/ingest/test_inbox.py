"""What lies in the inbox and is no whole, ordinary file is held or passed over, and nothing is followed."""

import hashlib
import os
import time
from pathlib import Path

import pytest

from flows.steps.ingest.landing import copying, inbox
from flows.steps.ingest.readers.unreadable import Unreadable
from tests import programmes
from tests.steps.ingest.hostile_files import GOOD, SECONDS, drop, good_table, processor_seconds, table

# Names and things that are no files


def test_two_lines_or_unseen_characters_in_a_name_are_held_by_an_escaped_name(programme):
    programmes.with_answers(programme, 6)
    for name in ("two\nlines.csv", "gnp\u202evsc.csv", "zero\u200bwidth.csv", "esc\x1b[31m.csv"):
        (programme.root / "inbox" / name).write_text(table(good_table(3)))
    (Path(os.fsdecode(os.fsencode(programme.root / "inbox") + b"/latin-\xe9.csv"))).write_text(table(good_table(3)))
    ingested = programme.ingest()
    assert [export.file_name for export in ingested.exports] == [GOOD]
    assert len(ingested.unread) == 5
    for file in ingested.unread:
        assert file.file_name.isascii()
        assert file.file_name.isprintable()
        assert "characters that cannot be printed" in file.sentence


@pytest.mark.parametrize(
    "name", ["a\\..\\b.csv", "a..csv", "%2e%2e%2fa.csv", "; rm -rf ~.csv", "-rf.csv", "n" * 251 + ".csv"]
)
def test_a_name_is_no_path_and_no_command(programme, name):
    programmes.plain_source(programme, programmes.ITEMS)
    ingested = drop(programme, name, table(good_table()).encode())
    assert [export.file_name for export in ingested.exports] == [name]
    assert {len(path.name) for path in programme.settings.folder.landed.iterdir()} == {64}


def test_names_that_differ_in_the_way_of_writing_an_accent_are_two_files(programme):
    programmes.plain_source(programme, programmes.ITEMS)
    (programme.root / "inbox" / "caf\u00e9.csv").write_text(table(good_table(3)))
    ingested = drop(programme, "cafe\u0301.csv", table(good_table(5)).encode())
    assert sorted(export.rows for export in ingested.exports) == [3, 5]
    assert len({export.file_name for export in ingested.exports}) == 2


def test_what_is_no_ordinary_file_is_held_and_never_followed(programme, tmp_path):
    programmes.with_answers(programme, 6)
    box = programme.root / "inbox"
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.csv").write_text(table(good_table(3)))
    (box / "link.csv").symlink_to(outside / "secret.csv")
    (box / "link to nothing.csv").symlink_to(outside / "nothing.csv")
    (box / "link to a folder").symlink_to(outside)
    (box / "hard link.csv").hardlink_to(outside / "secret.csv")
    os.mkfifo(box / "pipe.csv")
    (box / "folder.csv").mkdir()
    (box / "folder.csv" / "loop").symlink_to(box)
    begin = processor_seconds()
    ingested = programme.ingest()
    assert processor_seconds() - begin < SECONDS
    assert [export.file_name for export in ingested.exports] == [GOOD]
    reasons = {file.file_name: file.reason for file in ingested.unread}
    link, other = "This is a link, or a file that cannot be opened.", "This is not an ordinary file."
    assert reasons == {
        "link.csv": link,
        "link to nothing.csv": link,
        "link to a folder": link,
        "folder.csv/loop": link,
        "hard link.csv": other,
        "pipe.csv": other,
    }


def test_a_full_disk_holds_the_file_instead_of_keeping_a_part_of_it(programme, monkeypatch):
    programmes.with_answers(programme, 6)

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    ingested = programme.ingest()
    assert "the disk is full" in ingested.unread[0].sentence
    assert list(programme.settings.folder.landed.iterdir()) == []


# Files that are not all there yet

STILL_COPIED = "This file is still being copied to the inbox."


def age(path: Path, seconds: float) -> Path:
    """A file as if it was last changed so long ago."""
    path.touch()
    moment = time.time() - seconds
    os.utime(path, (moment, moment))
    return path


def test_a_file_that_was_changed_while_the_others_came_to_rest_is_held_and_read_when_it_is_whole(
    programme, monkeypatch
):
    """One that is cut at a line end looks like a whole one."""
    programmes.with_answers(programme, 6)
    age(programme.root / "inbox" / GOOD, 3600)
    growing = programme.root / "inbox" / "growing.csv"
    growing.write_text(table(good_table(20)[:8]))
    monkeypatch.setattr(copying, "REST", 600)
    monkeypatch.setattr(copying, "let_come_to_rest", lambda paths: growing.write_text(table(good_table(20)[:15])))
    ingested = programme.ingest()
    assert [export.file_name for export in ingested.exports] == [GOOD]
    assert [(file.file_name, file.reason) for file in ingested.unread] == [("growing.csv", STILL_COPIED)]
    growing.write_text(table(good_table(20)))
    age(growing, 3600)
    monkeypatch.setattr(copying, "let_come_to_rest", lambda paths: None)
    assert [(export.file_name, export.rows) for export in programme.ingest().exports] == [
        (GOOD, 6),
        ("growing.csv", 20),
    ]


@pytest.mark.parametrize("change", ["grows", "is written anew"])
def test_a_file_that_changes_while_it_is_read_is_held(tmp_path, change):
    path = tmp_path / "a.csv"
    path.write_text("id\n1\n")
    before = path.stat()
    path.write_text("id\n1\n2\n" if change == "grows" else "id\n7\n")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns + (change == "is written anew")))
    with pytest.raises(Unreadable, match="still being copied"):
        copying.refuse_growing(path, before, path.stat(), now=before.st_mtime + 3600)


def test_the_wait_is_once_for_all_files_and_only_when_one_was_changed_just_now(tmp_path, monkeypatch):
    monkeypatch.setattr(copying, "REST", 0.5)
    waits: list[float] = []
    paths = [tmp_path / name for name in ("a.csv", "b.csv")]
    for path in paths:
        path.write_text("id\n1\n")
    modified = paths[0].stat().st_mtime
    copying.let_come_to_rest(paths, now=lambda: modified + 0.1, wait=waits.append)
    assert waits == [0.5]
    copying.let_come_to_rest(paths, now=lambda: modified + 60, wait=waits.append)
    assert waits == [0.5]


def test_a_clock_that_runs_behind_holds_no_file(tmp_path, monkeypatch):
    monkeypatch.setattr(copying, "REST", 0.5)
    path = age(tmp_path / "a.csv", -3600)
    copying.let_come_to_rest([path], wait=pytest.fail)
    copying.refuse_growing(path, path.stat(), path.stat(), time.time())


def test_a_done_marker_saves_the_wait_and_is_no_export(programme, monkeypatch):
    programmes.with_answers(programme, 6)
    (programme.root / "inbox" / f"{GOOD}.done").touch()
    monkeypatch.setattr(copying, "REST", 600)
    ingested = programme.ingest()
    assert [export.file_name for export in ingested.exports] == [GOOD]
    assert ingested.unread == ()


@pytest.mark.parametrize(
    "written", ["{0}", "{1}  answers.csv\n", "SHA256 (answers.csv) = {0}\n", "{0} *answers.csv\r\n"]
)
def test_a_sha256_marker_that_matches_lets_the_file_in(programme, monkeypatch, written):
    programmes.with_answers(programme, 6)
    content = (programme.root / "inbox" / GOOD).read_bytes()
    digest = hashlib.sha256(content).hexdigest()
    (programme.root / "inbox" / f"{GOOD}.sha256").write_text(written.format(digest, digest.upper()))
    monkeypatch.setattr(copying, "REST", 600)
    assert [export.file_name for export in programme.ingest().exports] == [GOOD]


@pytest.mark.parametrize("marker", ["other", "empty", "a link", "a pipe", "a folder", "huge"])
def test_a_sha256_marker_that_does_not_match_holds_the_file(programme, tmp_path, marker):
    programmes.with_answers(programme, 6)
    path = programme.root / "inbox" / f"{GOOD}.sha256"
    digest = hashlib.sha256((programme.root / "inbox" / GOOD).read_bytes()).hexdigest()
    (tmp_path / "right").write_text(digest)
    {
        "other": lambda: path.write_text("0" * 64),
        "empty": path.touch,
        "a link": lambda: path.symlink_to(tmp_path / "right"),
        "a pipe": lambda: os.mkfifo(path),
        "a folder": path.mkdir,
        "huge": lambda: path.write_text(" " * 10_000 + digest),
    }[marker]()
    held = programme.ingest().unread
    assert [file.file_name for file in held] == [GOOD]
    assert "not the one that its .sha256 file describes" in held[0].reason


@pytest.mark.parametrize(
    "ending", [".part", ".partial", ".filepart", ".crdownload", ".tmp", ".TMP", ".done", ".sha256"]
)
def test_what_a_program_has_not_finished_and_markers_alone_are_passed_over(tmp_path, ending):
    (tmp_path / f"a.csv{ending}").write_text("id\n1\n")
    assert list(inbox.inbox_files(tmp_path)) == []


def test_what_a_killed_run_left_is_cleared_away(programme):
    programmes.with_answers(programme, 6)
    landed = programme.settings.folder.landed
    programme.ingest()
    for name in (".landing-abc", ".reading-def"):
        (landed / name).write_text("half an answer")
    programme.ingest()
    assert {len(path.name) for path in landed.iterdir()} == {64}
