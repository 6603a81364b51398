"""A member who asks for it is forgotten: in kept exports, in the warehouse to the last byte, in later exports."""

import csv
import json
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from flows.cli import app
from flows.commands import erase
from flows.foundation.errors import UserError
from tests import programmes
from tests.selection import ordinarily

MARK = "mieke.van.der.berg@example.org"


@pytest.fixture(scope="module")
def released(tmp_path_factory):
    made = programmes.make(tmp_path_factory.mktemp("erasing") / "programme")
    programmes.plain_source(made, programmes.ITEMS)
    made.export("september.csv", _rows(20, "2026-09-05 12:00:00"))
    with pytest.MonkeyPatch.context() as patch:
        programmes.readable_bytes(patch)
        programmes.release(made, "2026-09")
    return made


@pytest.fixture
def programme(released, tmp_path, monkeypatch):
    programmes.readable_bytes(monkeypatch)
    return programmes.copied(released, tmp_path)


def _rows(count: int, submitted: str) -> list[dict[str, object]]:
    rows = [programmes.answers(number, submitted=submitted) for number in range(1, count + 1)]
    rows[6]["member"] = MARK
    return rows


def _erase(programme, member=MARK, source=None, response=None, in_advance=False) -> erase.Erased:
    return erase.erase(programme.settings, member, source, response, in_advance)


def _bytes_below(folder) -> bytes:
    return b"\n".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


def _respondents(programme) -> int:
    return programme.query("select count(distinct respondent) from raw.responses")[0][0]


def test_nothing_of_the_member_is_left_in_what_is_kept(programme):
    (landed,) = programme.settings.folder.landed.iterdir()
    before = programme.query("select respondent from raw.responses where row_number = 8")[0][0]
    assert before.encode() in programme.settings.folder.warehouse.read_bytes(), "it could be found"
    erased = _erase(programme)
    assert (erased.answers, erased.copies_written_again, erased.copies_deleted) == (1, 1, 0)
    assert _respondents(programme) == 19
    kept = [path for path in programme.settings.folder.private.rglob("*") if path.name != "tombstones.csv"]
    found = b"\n".join(path.read_bytes() for path in kept if path.is_file())
    assert MARK.encode() not in found
    assert before.encode() not in found
    with landed.open(encoding="utf-8", newline="") as file:
        assert [row["id"] for row in csv.DictReader(file)] == [f"r{n}" for n in range(1, 21) if n != 7]


def test_a_new_export_does_not_bring_them_back_and_is_kept_without_them(programme):
    _erase(programme)
    programme.export("october.csv", _rows(30, "2026-10-05 12:00:00"))
    programme.compute("2026-10")
    assert programme.query("select count(*) from raw.responses where response_id = 'r7'") == [(0,)]
    assert MARK.encode() not in _bytes_below(programme.settings.folder.private)
    # A second look at the inbox does not put the row back into the kept copies either.
    programme.ingest()
    assert MARK.encode() not in _bytes_below(programme.settings.folder.private)
    assert _respondents(programme) == 29


@pytest.mark.slow
def test_a_second_member_is_found_in_a_copy_that_was_written_again_and_nobody_else_goes(programme):
    (landed,) = programme.settings.folder.landed.iterdir()
    _erase(programme)
    _erase(programme, member="m15")
    with landed.open(encoding="utf-8", newline="") as file:
        left = [row["id"] for row in csv.DictReader(file)]
    assert left == [f"r{n}" for n in range(1, 21) if n not in (7, 15)]
    # What was done to the end can be done again: nobody else goes.
    _erase(programme, member="m15")
    assert landed.read_text(encoding="utf-8").count("2026-09-05") == 18


def test_rows_keep_their_numbers_also_behind_empty_lines_and_a_hint_for_spreadsheets(tmp_path):
    from flows.steps.ingest.dialects import FILE_FACTS
    from flows.steps.ingest.landing.reduced_copies import without_rows
    from flows.steps.ingest.readers import text_file

    path = tmp_path / "kept"
    path.write_text('sep=;\n"id";"q"\n\n"1";"a"\n"2";\n"3";"two\nlines"\n', encoding="utf-8")
    before = list(text_file.read(path, text_file.recognise(path, (), FILE_FACTS)))
    assert without_rows(path, {4}, ())
    after = list(text_file.read(path, text_file.recognise(path, (), FILE_FACTS)))
    assert after == [entry for entry in before if entry[0] != 4]


def test_the_certificate_says_what_was_done_and_nothing_of_whom(programme):
    erased = _erase(programme)
    text = Path(erased.certificate).read_text(encoding="utf-8")
    assert json.loads(text)["releases"] == ["2026-09 v1"]
    assert erased.inbox_files == ("september.csv",)
    assert MARK not in text
    assert "r7" not in text
    assert MARK not in erase.describe(erased)


def test_what_was_released_stands_since_the_difference_would_be_their_answers(programme):
    before = programme.query("select scale, mean, respondents from published.scale_levels order by all")
    _erase(programme)
    programme.compute("2026-09")
    after = programme.query("select scale, mean, respondents from published.scale_levels order by all")
    assert after == before
    assert programme.query("select distinct unit_id from disclosure.carried_forward where family = 'levels'") == [
        ("watch",)
    ]


def test_one_response_is_found_by_its_source_and_id_and_takes_the_others_of_that_member_along(programme):
    programme.export(
        "october.csv", [*_rows(20, "2026-09-05 12:00:00"), {**_rows(20, "2026-10-01 12:00:00")[6], "id": "r99"}]
    )
    programme.ingest()
    erased = _erase(programme, member=None, source="form", response="r99")
    assert erased.answers == 2, "r7 stands in both exports and is one answer"
    assert programme.query("select count(*) from raw.responses where response_id in ('r7', 'r99')") == [(0,)]


@pytest.mark.parametrize(
    "named",
    [{"member": None}, {"source": "form"}, {"member": None, "response": "r7"}, {"source": "form", "response": "r7"}],
)
def test_it_must_be_clear_who_is_meant(programme, named):
    with pytest.raises(UserError, match="Say who"):
        _erase(programme, **named)


def test_an_unknown_response_is_a_sentence(programme):
    with pytest.raises(UserError, match="No kept answer has the id 'r777' in source 'form'"):
        _erase(programme, member=None, source="form", response="r777")


@pytest.mark.parametrize("response_id", ordinarily(["none", "id"]), ids=["without ids", "with ids"])
@pytest.mark.parametrize("exports", ordinarily([3, 1]))
def test_an_answer_counts_once_in_however_many_exports_it_stands(tmp_path, response_id, exports):
    made = programmes.make(tmp_path / "programme")
    programmes.plain_source(made, programmes.ITEMS, response_id=response_id)
    for number in range(exports):
        made.export(f"{number}.csv", _rows(20 + number, "2026-10-05 12:00:00"))
    made.ingest()
    assert _erase(made).answers == 1


@pytest.mark.parametrize(
    "named", [{"member": "nobody@example.org"}, {"member": None, "source": "form", "response": "r777"}]
)
def test_of_somebody_unknown_nothing_is_written(programme, named):
    files = [path for path in programme.root.rglob("*") if path.is_file() and path.name != "run.lock"]
    before = {path: path.read_bytes() for path in files}
    with pytest.raises(UserError) as caught:
        _erase(programme, **named)
    assert caught.value.exit_code == 2
    assert "nobody" not in str(caught.value)
    assert {path: path.read_bytes() for path in files} == before
    assert not programme.settings.folder.erasures.exists()


def test_who_is_in_a_release_is_known_when_their_answers_are_deleted(programme):
    with programme.connection() as connection:
        connection.execute("delete from raw.responses")
    assert _erase(programme).releases == ("2026-09 v1",)


@pytest.mark.parametrize("words", ordinarily([["--ask", "--json"], ["--ask"]]))
def test_without_a_terminal_it_says_what_to_pass(programme, words):
    found = subprocess.run(
        [sys.executable, "-m", "flows.cli", "erase", *words, "-p", str(programme.root)],
        stdin=subprocess.DEVNULL, capture_output=True, text=True,
    )  # fmt: skip
    assert found.returncode == 2
    assert "Say who: motiefmix erase --member ID" in found.stderr


def test_a_member_of_whom_nothing_is_kept_can_be_kept_out_in_advance(programme):
    erased = _erase(programme, member="new@example.org", in_advance=True)
    assert (erased.answers, erased.releases) == (0, ())
    programme.export("october.csv", [programmes.answers(50, submitted="2026-10-05 12:00:00", member="new@example.org")])
    programme.ingest()
    assert programme.query("select count(*) from raw.responses where response_id = 'r50'") == [(0,)]


def test_the_command_asks_for_the_member_so_that_no_shell_remembers_them(programme, monkeypatch, capsys):
    monkeypatch.setattr("builtins.input", lambda prompt: MARK)
    app(["erase", "--ask", "--programme", str(programme.root)], result_action="return_value")
    assert "1 answer erased" in capsys.readouterr().out
    assert _respondents(programme) == 19


def test_a_kept_workbook_goes_as_a_whole_and_its_other_answers_stay(tmp_path):
    import xlsxwriter

    made = programmes.make(tmp_path / "programme")
    programmes.plain_source(made, programmes.ITEMS)
    rows = _rows(20, "2026-10-05 12:00:00")
    path = made.root / "inbox" / "answers.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate([list(rows[0]), *(list(row.values()) for row in rows)]):
            sheet.write_row(number, 0, row)
    programmes.at_rest(path)
    made.ingest()
    erased = _erase(made)
    assert (erased.answers, erased.copies_deleted) == (1, 1)
    assert not list(made.settings.folder.landed.iterdir())
    path.unlink()
    assert made.ingest(date(2026, 11, 3)).unread == ()
    assert _respondents(made) == 19


@pytest.mark.slow
def test_a_look_at_a_new_export_leaves_them_out_too(programme):
    from flows.commands.check import check_files

    _erase(programme)
    path = programme.export("october.csv", _rows(20, "2026-10-05 12:00:00"))
    (checked,) = check_files(programme.settings, [path])
    assert checked.quality.rows == 19
