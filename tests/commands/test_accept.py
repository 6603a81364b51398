"""Late, spam and vanished answers wait for the owner: none is dropped, none is counted in silence."""

import json
from datetime import date

import pytest

from flows.cli import app
from flows.commands import accept
from flows.foundation.contracts import Waiting
from flows.foundation.errors import Locked, UserError
from tests import programmes

TODAY = date(2026, 11, 20)


def _reasons(programme) -> dict[str, str | None]:
    return dict(
        programme.query(
            "select response_id, reason from validated.responses where reason is distinct from 'newer_export'"
        )
    )


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    programme = programmes.make(tmp_path_factory.mktemp("late") / "programme")
    programmes.plain_source(programme, programmes.ITEMS)
    rows = [programmes.answers(n, submitted="2026-09-10 12:00:00") for n in range(1, 8)]
    programme.export("first.csv", rows)
    programme.validate("2026-09")
    programme.pretend_release("2026-09")
    after = programmes.answers(10, submitted="2026-10-03 12:00:00")
    programme.export("second.csv", [*rows, programmes.answers(9, submitted="2026-09-29 12:00:00"), after])
    return programme, programme.validate("2026-10")


@pytest.fixture
def late(made, tmp_path):
    """September was released; then an export came in which r9 answered in September as well, and October was tried."""
    return programmes.copied(made[0], tmp_path)


def test_an_answer_that_missed_its_released_month_waits(made):
    late, validated = made
    assert _reasons(late)["r9"] == "late"
    assert _reasons(late)["r10"] is None
    assert validated.waiting == (Waiting(kind="late", source="form", month="2026-09", count=1),)
    assert "no_late_answers" in {check.check for check in validated.failed_checks}


def test_accepted_late_answers_count_from_then_on(late):
    decided = accept.decide(late.settings, "late", "form", "accept", TODAY, month="2026-09")
    assert [entry.answer_key for entry in decided] == ["r9"]
    assert accept.waiting_answers(late.settings) == ()
    assert late.validate("2026-10").waiting == ()
    assert _reasons(late)["r9"] is None
    late.validate("2026-09")
    assert _reasons(late)["r9"] is None


@pytest.mark.slow
def test_refused_late_answers_never_count_and_no_longer_wait(late):
    accept.decide(late.settings, "late", "form", "refuse", TODAY)
    assert late.validate("2026-10").waiting == ()
    assert _reasons(late)["r9"] == "late_refused"


@pytest.mark.slow
def test_people_change_their_minds(late):
    accept.decide(late.settings, "late", "form", "refuse", TODAY)
    late.validate("2026-10")
    path = late.settings.folder.decisions
    path.write_text(path.read_text() + "late,form,r9,accept,2026-11-21\n")
    late.validate("2026-10")
    assert _reasons(late)["r9"] is None


def test_an_answer_after_the_form_closed_waits_unless_within_its_days_of_grace(programme):
    programmes.plain_source(programme, programmes.ITEMS, closes="2026-10-10", grace_days="2")
    days = {1: "2026-10-10", 2: "2026-10-12", 3: "2026-10-13"}
    programme.export("a.csv", [programmes.answers(n, submitted=f"{day} 08:00:00") for n, day in days.items()])
    programme.validate()
    assert _reasons(programme) == {"r1": None, "r2": None, "r3": "late"}


def test_spam_waits_and_counts_when_it_is_none(programme):
    programmes.plain_source(programme, programmes.ITEMS, states="[{column: status, is: ['8'], state: spam}]")
    programme.export("a.csv", [programmes.answers(n, status="8" if n < 3 else "0") for n in range(1, 7)])
    programme.validate()
    accept.decide(programme.settings, "spam", "form", "accept", TODAY, responses=["r1"])
    accept.decide(programme.settings, "spam", "form", "refuse", TODAY, responses=["r2"])
    programme.validate()
    assert (_reasons(programme)["r1"], _reasons(programme)["r2"]) == (None, "spam_refused")


@pytest.fixture
def vanished(programme):
    """The newest export, as long as the one before, no longer holds r2."""
    programmes.plain_source(programme, programmes.ITEMS)
    rows = [programmes.answers(n, submitted=f"2026-10-{n:02d} 12:00:00") for n in range(1, 8)]
    programme.export("first.csv", rows)
    programme.export("second.csv", [*rows[:1], *rows[2:], programmes.answers(8, submitted="2026-10-20 12:00:00")])
    return programme


def test_what_the_newest_export_no_longer_holds_counts_until_the_decision(vanished):
    validated = vanished.validate()
    assert validated.waiting == (Waiting(kind="vanished", source="form", month="2026-10", count=1),)
    assert _reasons(vanished)["r2"] is None
    accept.decide(vanished.settings, "vanished", "form", "accept", TODAY)
    vanished.validate()
    assert _reasons(vanished)["r2"] == "withdrawn"


@pytest.mark.slow
def test_what_an_export_of_later_days_leaves_out_has_not_vanished(programme):
    programmes.plain_source(programme, programmes.ITEMS)
    programme.export("a.csv", [programmes.answers(n, submitted=f"2026-10-{n:02d} 12:00:00") for n in range(1, 8)])
    programme.export("b.csv", [programmes.answers(n, submitted=f"2026-10-{n:02d} 12:00:00") for n in range(11, 18)])
    assert programme.validate().waiting == ()
    assert len(_reasons(programme)) == 14


def test_a_response_that_comes_back_has_not_vanished(vanished):
    vanished.validate()
    accept.decide(vanished.settings, "vanished", "form", "accept", TODAY)
    rows = [programmes.answers(n, submitted=f"2026-10-{n:02d} 12:00:00") for n in range(1, 10)]
    vanished.export("third.csv", [*rows, programmes.answers(9, submitted="2026-10-25 12:00:00")][:9])
    vanished.export("fourth.csv", [*rows[:8], programmes.answers(12, submitted="2026-10-26 12:00:00")])
    vanished.validate()
    assert _reasons(vanished)["r2"] is None


@pytest.mark.slow
def test_equal_contents_under_other_ids_are_only_told(programme):
    programmes.plain_source(programme, programmes.ITEMS)
    twin = [programmes.answers(n, values=programmes.coherent(1)) for n in (8, 9)]
    programme.export("a.csv", [*(programmes.answers(n) for n in range(2, 7)), *twin])
    (file,) = programme.validate().files
    assert file.accepted == 7
    assert "contents_differ" in {check.check for check in file.failed_checks}


def test_a_question_in_other_words_is_told_with_both(programme):
    columns = {item: item for item in programmes.ITEMS}
    programme.source(
        "form",
        "tool: limesurvey\nanswers: numbers\nrespondent: none\ndate: {timezone: Europe/Amsterdam}\n"
        "collective: {from: constant, constant: watch}",
        columns,
    )

    def export(name: str, wording: str, count: int) -> None:
        rows = []
        for n in range(1, count):
            own = {"id. Response ID": n, "submitdate. Date submitted": f"2026-10-{n:02d} 10:00:00", "lastpage. Page": 1}
            rows.append(
                {
                    **own,
                    **{f"{item}. {wording} {item}": v for item, v in zip(columns, programmes.coherent(n), strict=True)},
                }
            )
        programme.export(name, rows)

    export("a.csv", "How important is", 7)
    export("b.csv", "How dear to you is", 9)
    validated = programme.validate()
    (changed,) = [file for file in validated.files if file.changed_questions]
    assert changed.file_name == "b.csv"
    words = {entry.item: (entry.before, entry.now) for entry in changed.changed_questions}
    assert words["benefit_1"] == ("How important is benefit_1", "How dear to you is benefit_1")
    assert "questions_unchanged" in {check.check for check in changed.failed_checks}


def test_the_command_lists_what_waits_and_says_what_a_decision_does(late, capsys):
    app(["accept", "-p", str(late.root)], result_action="return_value")
    assert "motiefmix accept late form --month 2026-09" in capsys.readouterr().out
    app(["accept", "late", "--list", "--json", "-p", str(late.root)], result_action="return_value")
    assert [entry["answer_key"] for entry in json.loads(capsys.readouterr().out)] == ["r9"]
    app(["accept", "late", "form", "-p", str(late.root)], result_action="return_value")
    said = capsys.readouterr().out
    assert "1 late answer will count, from the next run on." in said
    assert "motiefmix run --period 2026-09" in said
    app(["accept", "-p", str(late.root)], result_action="return_value")
    assert capsys.readouterr().out == "Nothing waits for a decision.\n"


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("late", "forn"), "No late answers of source 'forn' wait (did you mean 'form'?)"),
        (("late", "form", "--month", "2026-08"), "No late answers of 2026-08 of source 'form' wait."),
        (("late", "form", "--month", "August"), "'August' is not a period"),
        (("late", "form", "--response", "r77"), "No response 'r77' waits there"),
        (("--refuse",), "Say what to decide on"),
    ],
)
def test_a_decision_on_nothing_is_a_mistake(late, words, sentence):
    with pytest.raises(UserError) as refused:
        app(["accept", *words, "-p", str(late.root)], result_action="return_value", exit_on_error=False)
    assert sentence in str(refused.value)


def test_nothing_waits_before_the_first_run(programme):
    assert accept.waiting_answers(programme.settings) == ()


def test_no_decision_while_a_run_is_busy(late):
    with late.settings.folder.locked(), pytest.raises(Locked):
        accept.decide(late.settings, "late", "form", "accept", TODAY)


def test_decisions_are_for_the_owner_alone_and_an_edited_file_is_refused(late):
    accept.decide(late.settings, "late", "form", "accept", TODAY)
    path = late.settings.folder.decisions
    assert path.stat().st_mode & 0o777 == 0o600
    path.write_text("kind,series\nlate,form,too many\n")
    with pytest.raises(UserError, match="no longer a list of decisions"):
        accept.waiting_answers(late.settings)
