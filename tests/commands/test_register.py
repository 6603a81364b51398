"""`register check` tells what is wrong or doubtful in the register, and what a release would show otherwise."""

import json
import shutil
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest

from flows.cli import app
from flows.commands.register import check, likeness
from flows.foundation.errors import UserError
from flows.programme import settings
from tests import programmes
from tests.programme.test_register_files import workbook

TOWN = {"organisation_id": "town", "name": "Gemeente Stad", "language": "nl"}
WATCH = {**programmes.COLLECTIVES[0], "valid_from": "", "valid_until": ""}


@pytest.fixture
def programme(tmp_path, monkeypatch):
    """A programme on 5 November 2026, so that October is due."""
    monkeypatch.setattr(settings.Settings, "now", lambda _: datetime(2026, 11, 5, tzinfo=UTC))
    return programmes.make(tmp_path / "programme")


@pytest.fixture
def checked(programme, capsys):
    """Check the register, or files, and give the outcome as JSON with the exit code."""

    def outcome(*files: Path) -> dict:
        code = check.command(*files, programme=programme.root, json=True)
        return {**json.loads(capsys.readouterr().out), "code": code}

    return outcome


def _released(programme, organisations: Sequence[Sequence[object]], collectives: Sequence[Sequence[object]]) -> None:
    """A release of September with these rows in the two tables that describe who took part."""
    made = programme.write_manifest("2026-09", version=2)
    with duckdb.connect(made.database_in(programme.settings.folder)) as connection:
        connection.execute("create table organisations (organisation_id text, name text, language text)")
        connection.execute(
            "create table collectives (collective_id text, organisation_id text, name text, type text, members int)"
        )
        connection.executemany("insert into organisations values (?, ?, ?)", organisations)
        connection.executemany("insert into collectives values (?, ?, ?, ?, ?)", collectives)


def _changes(found: Mapping) -> list[tuple[str, str]]:
    return [(change["kind"], change["what"]) for change in found["compared"]["changes"]]


def test_a_register_in_order_has_no_errors_and_nothing_is_written(programme, capsys):
    before = {path: path.stat().st_mtime_ns for path in programme.root.rglob("*")}
    assert app(["register", "check", "-p", str(programme.root)], result_action="return_value") == 0
    assert capsys.readouterr().out.splitlines() == [
        "file     register/organisations.csv: 1 row (UTF-8, separated by commas)",
        "file     register/collectives.csv: 1 row (UTF-8, separated by commas)",
        "month    2026-10, the month that is due: 1 collective of 1 organisation",
        "release  there is no release yet, so everything is new.",
    ]
    assert {path: path.stat().st_mtime_ns for path in programme.root.rglob("*")} == before


def test_errors_are_told_and_end_with_the_code_of_a_mistake(programme, checked):
    programme.register(
        organisations=[
            {**TOWN, "channel": "mail-notice", "recipients": ""},
            {**TOWN, "channel": "folder", "recipients": ""},
        ],
        collectives=[{**WATCH, "organisation_id": "twon"}, {**WATCH, "organisation_id": "town"}],
    )
    found = checked()
    assert found["code"] == 2
    assert found["errors"] == [
        "register/organisations.csv, line 3: 'town' is already on line 2.",
        "register/collectives.csv, line 2, field organisation_id: unknown organisation 'twon' (did you mean 'town'?).",
        "register/collectives.csv, line 3: 'watch' has two rows for the same days (the other is line 2);"
        " set valid_from and valid_until.",
        "register/organisations.csv, line 2, field recipients: 'town' has the channel mail-notice,"
        " but no mail address.",
    ]
    assert found["compared"]["impossible"] == "not compared with a release, because the register has errors."


def test_addresses_are_shown_only_where_one_is_wrong(programme, capsys):
    both = "good@example.org; wrong@"
    programme.register(organisations=[{**TOWN, "channel": "mail-notice", "recipients": "secret@example.org"}])
    assert check.command(programme=programme.root) == 0
    programme.register(organisations=[{**TOWN, "channel": "mail-notice", "recipients": both}])
    assert check.command(programme=programme.root) == 2
    shown = capsys.readouterr().out
    assert "'wrong@' is not a mail address" in shown
    assert "secret@" not in shown
    assert "good@" not in shown


def test_what_is_doubtful_is_a_warning(programme, checked):
    names = {"town": "Gemeente Stad", "city": "gemeente  stad", "village": "Gemeente Dorpstraat", "hamlet": "Gehucht"}
    names["typo"] = "Gemeente Dorpstraa"
    programme.register(
        organisations=[{"organisation_id": key, "name": name, "language": "nl"} for key, name in names.items()],
        collectives=[
            {**WATCH, "collective_id": f"{organisation}-{number}", "organisation_id": organisation, "name": name}
            for organisation in ("town", "city", "village", "typo")
            for number, name in enumerate([f"Buurtwacht {organisation} 1", f"Buurtwacht {organisation} 2"])
        ],
    )
    found = checked()
    assert found["code"] == 0
    assert found["warnings"] == [
        "register/organisations.csv, line 5: 'hamlet' has no collective on 2026-10-31, so it gets no report.",
        "organisations 'town' and 'city' have the same name, 'Gemeente Stad'.",
        "organisations 'village' and 'typo' have names that are alike: 'Gemeente Dorpstraat' and 'Gemeente Dorpstraa'.",
    ]


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("Buurtpreventie Oost", "Buurtpreventie Ooost", True),
        ("Buurtpreventie Oost A", "Buurtpreventie Oost B", False),
        ("Buurtpreventie Oost 1", "Buurtpreventie Oost 2", False),
        ("Gemeente Ede", "Gemeente Epe", False),
    ],
)
def test_names_are_alike_when_one_may_be_a_typing_error_of_the_other(one, other, alike):
    assert bool(list(likeness.alike_names("collectives", {"a": one, "b": other}))) is alike


def test_too_many_names_are_not_compared(monkeypatch):
    monkeypatch.setattr(likeness, "MOST_COMPARED", 1)
    (told,) = likeness.alike_names("collectives", {"a": "Wacht", "b": "Wachtt"}, " of 'town'")
    assert told == "collectives of 'town': more than 1 names, so they were not compared for likeness."


def test_rows_that_begin_or_end_in_the_month_are_told(programme, checked):
    programme.register(
        collectives=[
            {**WATCH, "valid_until": "2026-10-14"},
            {**WATCH, "name": "Buurtwacht Oost", "valid_from": "2026-10-15"},
            {**WATCH, "collective_id": "later", "name": "Later", "valid_from": "2026-11-01"},
        ]
    )
    found = checked()
    assert (found["begin"], found["end"]) == (
        ["2026-10-15  collective 'watch', Buurtwacht Oost, of 'town'"],
        ["2026-10-14  collective 'watch', Buurtwacht, of 'town'"],
    )
    assert found["collectives"] == 1


def test_what_would_change_is_compared_with_the_newest_release(programme, checked):
    _released(
        programme,
        [["town", "Stad", "en"], ["old", "Oud", "nl"]],
        [
            ["watch", "old", "Wacht", "watch", 30],
            ["gone", "old", "Weg", "watch", None],
            ["same", "town", "Zelfde", "watch", None],
        ],
    )
    same = {**WATCH, "collective_id": "same", "name": "Zelfde", "type": "watch", "members": ""}
    new = {**WATCH, "collective_id": "new", "name": "Nieuw"}
    programme.register(organisations=[TOWN, {**TOWN, "organisation_id": "next"}], collectives=[WATCH, same, new])
    found = checked()
    assert found["compared"]["release"] == "2026-09 v2"
    assert _changes(found) == [
        ("renamed", "organisation 'town': Stad → Gemeente Stad"),
        ("language", "organisation 'town': en → nl"),
        ("comes", "organisation 'next', Gemeente Stad"),
        ("goes", "organisation 'old', Oud"),
        ("renamed", "collective 'watch': Wacht → Buurtwacht"),
        ("moves", "collective 'watch': from 'old' to 'town'"),
        ("type", "collective 'watch': watch → neighbourhood watch"),
        ("members", "collective 'watch': 30 → 40"),
        ("comes", "collective 'new', Nieuw, of 'town'"),
        ("goes", "collective 'gone', Weg, of 'old'"),
    ]


def test_a_release_without_its_database_is_told(programme, checked):
    _released(programme, [["town", "Stad", "nl"]], [["watch", "town", "Wacht", "watch", 30]])
    next(programme.root.glob("releases/*/v2/*.duckdb")).unlink()
    assert checked()["compared"]["impossible"] == "the database of release 2026-09 v2 is gone."


def test_a_file_that_is_not_in_place_is_checked_with_the_rest_of_the_register(programme, checked, tmp_path):
    sent = tmp_path / "Lijst (2).xlsx"
    rows = [[*WATCH], [*{**WATCH, "organisation_id": "other"}.values()]]
    sent.write_bytes(workbook({"Uitleg": [["Hoe"]], "Blad1": rows}))
    found = checked(sent)
    assert [(file["name"], file["rows"]) for file in found["files"]] == [
        ("register/organisations.csv", 1),
        (str(sent), 1),
    ]
    assert found["errors"] == [f"{sent}, row 2, field organisation_id: unknown organisation 'other'."]


def test_a_folder_and_a_workbook_with_both_tables_are_checked(programme, checked, tmp_path):
    new = tmp_path / "new"
    shutil.copytree(programme.root / "register", new)
    both = tmp_path / "both.xlsx"
    both.write_bytes(workbook({"C": [[*WATCH], [*WATCH.values()]], "O": [[*TOWN], [*TOWN.values()]]}))
    programme.register(organisations=[{**TOWN, "language": "de"}])
    assert checked()["code"] == 2
    for given in (new, both):
        found = checked(given)
        assert (found["code"], found["organisations"], found["collectives"]) == (0, 1, 1)


def test_what_is_no_register_is_told_in_a_sentence(programme, tmp_path):
    other = tmp_path / "other.csv"
    other.write_text("a,b\n1,2\n")
    (tmp_path / "empty").mkdir()
    for given, sentence in (
        ([tmp_path / "nowhere.csv"], "there is no such file"),
        ([other], "no headings of the register"),
        ([tmp_path / "empty"], "neither organisations nor collectives"),
        ([programme.root / "register", programme.root / "register/collectives.csv"], "name one of them"),
    ):
        with pytest.raises(UserError, match=sentence):
            check.command(*given, programme=programme.root)
