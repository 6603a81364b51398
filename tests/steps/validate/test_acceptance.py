"""Every response is accepted, held or refused with a reason; no answer is changed, none becomes NULL."""

import pytest

from flows.foundation.resources import resource
from flows.steps.render.quality_page import QualityPage, write_quality_page
from flows.steps.validate import checks, write_held_rows
from tests import programmes


def _reasons(programme) -> dict[str, str | None]:
    return dict(programme.query("select response_id, reason from validated.responses"))


@pytest.fixture
def form(programme):
    """The plain form with a consent question and a column that says whether a response is finished or a test."""
    programmes.plain_source(
        programme,
        programmes.ITEMS,
        consent="{column: consent, yes: [ja]}",
        states="[{column: state, is: [preview], state: test}, {column: state, is: [''], state: partial}]",
    )
    return programme


def _row(number: int, **changes: object) -> dict[str, object]:
    return programmes.answers(number, **{"consent": "Ja", "state": "done", **changes})


def test_each_refusal_has_its_reason(form):
    items = dict.fromkeys(programmes.ITEMS, "")
    form.export(
        "answers.csv",
        [
            _row(1),
            _row(2, consent="nee"),
            _row(3, group="elsewhere"),
            _row(4, state="preview"),
            _row(5, state=""),
            _row(6, benefit_1="7"),
            _row(7, submitted="2025-09-30 12:00:00"),
            _row(8, submitted="2026-11-01 00:00:01"),
            _row(9, **items),
            _row(10, submitted="soon"),
            _row(11, member="m1", submitted="2026-10-09 12:00:00"),
        ],
    )
    form.validate()
    assert _reasons(form) == {
        "r1": "duplicate",
        "r2": "no_consent",
        "r3": "no_collective",
        "r4": "test",
        "r5": "partial",
        "r6": "out_of_range",
        "r7": "outside_window",
        "r8": "outside_window",
        "r9": "empty",
        "r10": "no_date",
        "r11": None,
    }


@pytest.mark.slow
def test_the_window_begins_and_ends_at_midnight_of_the_programme(form):
    moments = ["2025-10-31 23:59:59", "2025-11-01 00:00:00", "2026-10-31 23:59:59", "2026-11-01 00:00:00"]
    form.export("answers.csv", [_row(n, submitted=moment) for n, moment in enumerate(moments, start=1)])
    form.validate()
    assert _reasons(form) == {"r1": "outside_window", "r2": None, "r3": None, "r4": "outside_window"}


def test_an_instant_counts_for_the_day_it_is_in_amsterdam(programme):
    programmes.plain_source(programme, programmes.ITEMS)
    programme.export("answers.csv", [programmes.answers(1, submitted="2026-10-31T23:30:00Z")])
    programme.validate()
    assert programme.query("select cast(submitted_on as varchar), reason from validated.responses") == [
        ("2026-11-01", "outside_window")
    ]


def test_an_unknown_label_holds_the_whole_file_and_lists_its_rows(programme):
    programmes.plain_source(programme, programmes.ITEMS)
    rows = [programmes.answers(n) for n in range(1, 8)]
    rows[2]["learning_1"] = "Best wel"
    programme.export("answers.csv", rows)
    validated = programme.validate()
    (file,) = validated.files
    assert (file.verdict, file.held, file.accepted) == ("held", 7, 0)
    assert [(entry.item, entry.count, entry.rows) for entry in file.unknown_answers] == [("learning_1", 1, (4,))]
    assert programme.query("select answer_text, number, word from validated.answers where word = 'unknown'") == [
        ("Best wel", None, "unknown")
    ]


@pytest.mark.slow
def test_a_date_that_cannot_be_read_is_not_told_as_an_unknown_collective(programme):
    programmes.plain_source(programme, programmes.ITEMS)
    programme.export(
        "answers.csv", [programmes.answers(n, submitted="soon" if n == 1 else "2026-10-05") for n in range(1, 8)]
    )
    (file,) = programme.validate().files
    assert (file.held, file.reasons) == (1, {"no_date": 1})
    assert "every_collective_on_register" not in [check.check for check in file.failed_checks]


@pytest.mark.slow
def test_a_held_export_does_not_take_the_place_of_an_older_one(programme):
    programmes.plain_source(programme, programmes.ITEMS)
    rows = [programmes.answers(n) for n in range(1, 8)]
    programme.export("first.csv", rows)
    programme.export("second.csv", [*rows, programmes.answers(9, benefit_1="???")])
    validated = programme.validate()
    assert {file.file_name: (file.verdict, file.accepted) for file in validated.files} == {
        "first.csv": ("accepted", 7),
        "second.csv": ("held", 0),
    }


def test_not_applicable_is_neither_low_nor_middle(programme):
    programmes.plain_source(programme, programmes.ITEMS, missing="{not_applicable: ['99']}")
    programme.export("answers.csv", [programmes.answers(n, learning_1="99") for n in range(1, 7)])
    programme.validate()
    assert programme.query(
        "select distinct answer_text, number, word from validated.answers where item = 'learning_1'"
    ) == [("99", None, "not_applicable")]


def test_rows_in_are_rows_out_whatever_happens_to_them(form):
    form.export(
        "answers.csv", [_row(n, group="watch" if n % 3 else "?", state="" if n % 5 == 0 else "x") for n in range(30)]
    )
    validated = form.validate()
    assert sum(file.rows for file in validated.files) == 30


@pytest.mark.slow
def test_more_answers_than_members_is_a_register_error_and_gives_no_rate(programme):
    programme.register(collectives=[{**programmes.COLLECTIVES[0], "members": "6"}])
    programmes.plain_source(programme, programmes.ITEMS)
    days = [f"{2025 + (month > 12)}-{(month - 1) % 12 + 1:02}-15 12:00:00" for month in range(11, 23)]
    programme.export("answers.csv", [programmes.answers(n, submitted=day) for n, day in enumerate(days, start=1)])
    validated = programme.validate()
    assert "not_more_answers_than_members" in {check.check for check in validated.failed_checks}
    programme.compute()
    assert programme.query(
        "select members, response_rate from statistics.response_rates where unit_type = 'collective'"
    ) == [(None, None)]


def test_a_critical_check_over_the_whole_stops_the_run(programme):
    validated = programmes.with_answers(programme, 6).validate(period="2024-01")
    assert validated.stops_the_run
    assert [c.check for c in validated.failed_checks if c.severity == "critical"] == ["anything_accepted"]


def test_a_member_who_moves_counts_in_both_collectives_also_in_the_total(programme):
    programme.register(
        collectives=[
            programmes.COLLECTIVES[0],
            {**programmes.COLLECTIVES[0], "collective_id": "other", "name": "Other"},
        ]
    )
    programmes.plain_source(programme, programmes.ITEMS)
    rows = [programmes.answers(n) for n in range(1, 8)]
    moved = programmes.answers(20, member="m1", group="other", submitted="2026-10-20 12:00:00")
    programme.export("answers.csv", [*rows, moved])
    programme.compute()
    counts = programme.query("select unit_id, respondents from statistics.response_rates order by unit_id")
    assert counts == [("other", 1), ("programme", 8), ("town", 8), ("watch", 7)]
    doubled = programme.query("select unit_id from statistics.response_rates where has_double_members order by 1")
    assert doubled == [("programme",), ("town",)]


@pytest.mark.slow
def test_a_register_row_holds_only_while_it_is_valid(programme):
    programme.register(
        organisations=[*programmes.ORGANISATIONS, {"organisation_id": "city", "name": "Stad", "language": "nl"}],
        collectives=[
            {**programmes.COLLECTIVES[0], "valid_from": "", "valid_until": "2026-09-30"},
            {**programmes.COLLECTIVES[0], "organisation_id": "city", "valid_from": "2026-10-01", "valid_until": ""},
        ],
    )
    programmes.with_answers(programme, 6, submitted="2026-09-15 12:00:00").compute(period="2026-09")
    assert programme.query("select organisation_id from published.collectives") == [("town",)]
    programme.compute(period="2026-10")
    assert programme.query("select organisation_id from published.collectives") == [("city",)]


@pytest.mark.parametrize("name", ["export", "accepted_whole"])
def test_every_check_has_a_severity_an_owner_and_words(name):
    suite = checks.read_suite(name)
    words = (resource("report_templates") / "explanations.html").read_text()
    page = (resource("expectations") / "README.md").read_text()
    for check in suite.checks:
        assert check.severity in ("critical", "warning")
        assert check.owner in ("data steward", "survey administrator", "register keeper", "developers")
        assert f'"{check.name}"' in words
        assert f"`{check.name}`" in page


def test_an_expectation_that_cannot_be_evaluated_is_our_defect_not_a_failed_check(monkeypatch):
    import pandas

    suite = checks.read_suite("export")
    with pytest.raises(RuntimeError, match="could not be evaluated"):
        list(checks.Checker().run(suite, pandas.DataFrame({"something_else": [1]})))


def test_the_quality_page_tells_what_to_do_and_holds_no_answer(programme, tmp_path):
    programmes.plain_source(programme, programmes.ITEMS)
    rows = [programmes.answers(n) for n in range(1, 8)]
    rows[2]["learning_1"] = "Zeer geheim antwoord"
    programme.export("answers.csv", rows)
    (programme.root / "inbox" / "report.csv").write_bytes(b"%PDF-1.7")
    validated = programme.validate()
    for language, words in (("nl", "Vastgehouden bestanden"), ("en", "Files that are held")):
        page = write_quality_page(
            tmp_path / f"{language}.html", QualityPage("2026-10", "0", validated), language
        ).read_text()
        assert words in page
        assert "learning_1" in page
        assert "geheim" not in page
        assert "http" not in page.replace("http://www.w3.org", "")


def test_every_row_that_does_not_count_is_listed_without_its_answers_and_without_formulas(programme, tmp_path):
    programmes.plain_source(programme, programmes.ITEMS)
    rows = [programmes.answers(n) for n in range(1, 8)]
    rows[1]["group"] = "=HYPERLINK(1)"
    rows[2]["learning_1"] = "9"
    programme.export("=cmd.csv", rows)
    programme.validate()
    path = write_held_rows(programme.settings.folder.warehouse, tmp_path / "held-rows.csv")
    assert path.read_text().splitlines() == [
        "file,row,verdict,reason,items",
        "'=cmd.csv,3,refused,no_collective,",
        "'=cmd.csv,4,refused,out_of_range,learning_1",
    ]


@pytest.mark.parametrize(("name", "wrong"), [("export", 1000), ("accepted_whole", -1), ("accepted_whole", 1000)])
def test_a_check_fails_for_the_export_that_is_wrong_and_for_no_other(name, wrong):
    import pandas

    suite = checks.read_suite(name)
    right = {"rows_in": 5, "rows_out": 5, **{check.column: 5 if check.name == "anything_accepted" else 0
             for check in suite.checks if check.column}}  # fmt: skip
    rows = pandas.DataFrame([right, {**dict.fromkeys(right, wrong), "rows_out": 5}, right])
    rows["sha256"] = ["first", "second", "third"]
    outcomes = list(checks.Checker().run(suite, rows))
    assert {outcome.sha256 for outcome in outcomes if not outcome.passed} == {"second"}
    failed = {outcome.check.name for outcome in outcomes if not outcome.passed}
    assert failed >= {check.name for check in suite.checks if check.name != "anything_accepted" or wrong < 0}


def test_what_is_kept_of_a_check_is_its_name_and_whether_it_held(programme):
    programmes.plain_source(programme, programmes.ITEMS)
    programme.export("answers.csv", [programmes.answers(number) for number in range(1, 8)])
    programme.validate()
    described = programme.query("select column_name from (describe validated.check_results) order by all")
    assert [row[0] for row in described] == ["check", "owner", "passed", "severity", "sha256"]
