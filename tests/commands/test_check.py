"""`motiefmix check` says of every file what it is, whatever is wrong with the others, in finished sentences."""

import json
from pathlib import Path

import pytest

from flows.cli import app
from flows.commands.check import check_files, checking, describe, exit_code
from tests import programmes
from tests.selection import ordinarily

BAD = {
    "passed over": ["~$good.xlsx", ".hidden.csv", "good.csv.part", "good.TMP", "good.csv.done"],
    "no file": ["gone.csv", "folder"],
    "closed": ["a link to nothing.csv", "a pipe.csv"],
}


@pytest.fixture
def good(programme) -> Path:
    """An export that fits the one source of the programme."""
    programmes.plain_source(programme, programmes.ITEMS)
    return programmes.write_csv(programme.root / "good.csv", [programmes.answers(n) for n in range(1, 9)])


@pytest.mark.parametrize("name", ordinarily(BAD["passed over"]))
def test_a_name_that_a_run_passes_over_is_told_and_the_others_are_checked(programme, good, name):
    (good.parent / name).write_bytes(good.read_bytes())
    skipped, checked = check_files(programme.settings, [good.parent / name, good])
    assert "passes over a file of this name" in skipped.skipped
    assert (skipped.held, checked.quality.accepted) == (False, 8)
    assert exit_code([skipped, checked]) == 0
    assert "skipped    A run passes over" in describe([skipped, checked])


@pytest.mark.parametrize("name", ordinarily([*BAD["no file"], *BAD["closed"]], only=["gone.csv", "a pipe.csv"]))
def test_what_is_no_file_keeps_no_other_from_being_checked(programme, good, name):
    import os

    (good.parent / "folder").mkdir()
    (good.parent / "a link to nothing.csv").symlink_to(good.parent / "nothing")
    os.mkfifo(good.parent / "a pipe.csv")
    wrong, checked = check_files(programme.settings, [good.parent / name, good])
    assert name in wrong.mistake
    assert checked.quality.accepted == 8
    assert exit_code([wrong, checked]) == 2


@pytest.mark.parametrize(
    "raised", ordinarily([IndexError("an answer"), MemoryError(), UnicodeDecodeError("utf-8", b"a", 0, 1, "")])
)
def test_a_file_that_raises_anything_keeps_no_other_from_being_checked(programme, good, monkeypatch, raised):
    def recognised(path, known):
        if path.name == "odd.csv":
            raise raised
        return as_ever(path, known)

    as_ever = checking._recognised
    monkeypatch.setattr(checking, "_recognised", recognised)
    (good.parent / "odd.csv").write_text("id\n1\n")
    wrong, checked = check_files(programme.settings, [good.parent / "odd.csv", good])
    assert f"odd.csv: Stopped unexpectedly ({type(raised).__name__})." in wrong.mistake
    assert "an answer" not in wrong.mistake
    assert checked.quality.accepted == 8
    assert exit_code([wrong, checked]) == 1


def test_json_has_the_sentences_that_a_person_reads(programme, good, capsys):
    text = good.read_text()
    good.write_text(text.replace("learning_2", "learnin_2 %s", 1))
    words = ["check", str(good), str(good.parent / "gone.csv"), "-p", str(programme.root)]
    assert app(words, result_action="return_value") == 2
    read = capsys.readouterr()
    app([*words, "--json"], result_action="return_value")
    held, gone = json.loads(capsys.readouterr().out)
    assert held["unread"]["reason"] == (
        "The file looks like source 'form' (version 1), but these headings are not in it:"
        " 'learning_2' (did you mean 'learnin_2 %s'?)."
    )
    assert f"{held['unread']['reason']} {held['unread']['advice']}" in read.out
    assert "sources/form.yaml" in held["unread"]["advice"]
    assert gone["mistake"] in read.err
