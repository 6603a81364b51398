"""A question in two columns: it is seen, told with the line that fixes it, and then counts as one."""

import csv
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.commands.check import check_files, describe
from flows.steps.ingest.twins import asks_the_same
from flows.steps.render.quality_page import QualityPage, write_quality_page
from tests import programmes
from tests.selection import ordinarily

LEARNING = "Ik leer er nieuwe dingen."


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (LEARNING, "Ik leer er nieuwe dingen.2"), (LEARNING, "Ik leer er nieuwe dingen! (aangepast)"),
        (LEARNING, "Ik leer er nieuwe dingen"), (LEARNING, "Ik leer er nieuwe dingen. v2"), (LEARNING, LEARNING),
        ("learning_1", "learning_1_v2"), ("learning_1", "learning_1.2"), ("learning_1", "learning_1_kopie"),
        ("m1[SQ001]", "m1[SQ001]_2"), (LEARNING, "Ik leer er nieuwe ding en."),
    ],
)  # fmt: skip
def test_what_tools_and_people_put_behind_a_second_one(one, other):
    assert asks_the_same(one, other)
    assert asks_the_same(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("learning_1", "learning_2"), ("learning_1", "learning_12"), ("learning_1", "learning"), ("q1", "q10"),
        (LEARNING, "Ik leer er nieuwe mensen kennen."), ("Vraag 1", "Vraag 12"), ("Vraag 1", "Vraag 2"),
        ("Ik ben er meer dan 5 uur per week.", "Ik ben er meer dan 8 uur per week."), ("", ""), ("ID", "Naam"),
    ],
)  # fmt: skip
def test_other_questions_are_other_questions(one, other):
    assert not asks_the_same(one, other)


@given(st.integers(1, 99), st.integers(1, 99))
def test_the_items_of_a_grid_are_never_twins_of_each_other(one, other):
    for pattern in ("learning_{}", "m{}[SQ001]", "m1[SQ{:03}]", "Stelling {}", "Q{}"):
        assert asks_the_same(pattern.format(one), pattern.format(other)) is (one == other)


def _halves(second: str, count: int = 40) -> list[dict[str, object]]:
    """The first half answered `learning_1`, the second half the column that came in its place."""
    rows = []
    for number in range(1, count + 1):
        row = programmes.answers(number, submitted=f"2026-10-{1 + (number - 1) * 28 // count:02} 12:00:00")
        is_later = number > count // 2
        rows.append({**row, "learning_1": "" if is_later else row["learning_1"],
                     second: row["learning_1"] if is_later else ""})  # fmt: skip
    return rows


def _missing(programme) -> int:
    [(count,)] = programme.query(
        "select count(*) filter (where number is null) from validated.answers where item = 'learning_1'"
    )
    return count


@pytest.mark.parametrize("second", ordinarily(["learning_1_v2", "learning_1.2", "learning_1 (kopie)"]))
def test_a_question_that_was_made_again_is_told_and_its_line_brings_both_together(programme, tmp_path, second):
    programmes.plain_source(programme, programmes.ITEMS)
    path = programme.export("answers.csv", _halves(second))
    validated = programme.validate()
    [file] = validated.files
    assert {"questions_in_one_column", "questions_stay_answered"} <= {check.check for check in file.failed_checks}
    assert [(entry.item, entry.twin, entry.answers) for entry in file.twin_columns] == [("learning_1", second, 20)]
    assert [(entry.item, entry.is_empty_after) for entry in file.fading_items] == [("learning_1", True)]
    line = file.twin_columns[0].line
    page = write_quality_page(tmp_path / "page.html", QualityPage("2026-10", "0", validated), "nl").read_text()
    assert second in page
    assert line in describe(check_files(programme.settings, [path]))
    source = programme.root / "sources" / "form.yaml"
    source.write_text(source.read_text().replace('  learning_1: "learning_1"\n', f"  {line}\n"))
    [file] = programme.validate().files
    assert (file.twin_columns, file.fading_items) == ((), ())
    assert _missing(programme) == 0


def _with_double_heading(path: Path, rows: list[dict[str, object]], second: str) -> None:
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["learning_1" if name == second else name for name in rows[0]])
        writer.writerows(row.values() for row in rows)


@pytest.mark.slow
def test_a_heading_that_stands_twice_can_be_named_by_its_turn(programme):
    programmes.plain_source(programme, programmes.ITEMS)
    _with_double_heading(programme.root / "inbox" / "answers.csv", _halves("second"), "second")
    [unread] = programme.validate().unread
    assert "'learning_1#1'" in unread.sentence
    source = programme.root / "sources" / "form.yaml"
    both = json.dumps(["learning_1#1", "learning_1#2"])
    source.write_text(source.read_text().replace('  learning_1: "learning_1"\n', f"  learning_1: {both}\n"))
    assert programme.validate().accepted == 40
    assert _missing(programme) == 0


@pytest.mark.slow
def test_different_answers_in_two_columns_of_an_item_hold_the_file_by_its_row(programme):
    programmes.plain_source(programme, programmes.ITEMS)
    rows = _halves("second")
    rows[4]["second"] = 1 + int(str(rows[4]["learning_1"])) % 5
    programme.export("answers.csv", rows)
    source = programme.root / "sources" / "form.yaml"
    text = source.read_text()
    source.write_text(text.replace('  learning_1: "learning_1"\n', "  learning_1: [learning_1, second]\n"))
    [unread] = programme.validate().unread
    assert "learning_1 is in several columns, and row 6 has different answers" in unread.sentence
    source.write_text(text)
    assert programme.validate().accepted == 40
