"""An unknown export becomes a source in minutes: what is proven is filled in, what looks alike is only suggested."""

import csv
import json
from pathlib import Path

import pytest

from flows.cli import app
from flows.commands.map import answering, map_file
from flows.foundation.errors import UserError
from flows.programme import source
from tests import programmes

INSTRUMENT = programmes.INSTRUMENT
WORDING = {item: about.text["nl"] for item, about in INSTRUMENT.items.items()}
CLOCK = "date.timezone=Europe/Amsterdam"
OWN = {"Response ID": "1", "Date submitted": "2026-10-05 10:00:00", "Last page": "3", "Start language": "nl"}


def _label(item: str, value: int) -> str:
    return INSTRUMENT.response_scale_of(item).values[value]["nl"][0]


def _limesurvey(path: Path, headings: dict[str, str] = WORDING, count: int = 12, **changes: object) -> Path:
    """A full-text LimeSurvey export: question texts as headings, labels as answers, and a column with the group."""
    rows = []
    for n in range(1, count + 1):
        own = {**OWN, "Response ID": n, "Date submitted": f"2026-10-{n:02d} 10:00:00", "Toegangscode": f"t{n}"}
        values = dict(zip(headings, programmes.coherent(n), strict=True))
        rows.append(
            {
                **own,
                "Bij welke groep hoort u?": "Buurtwacht",
                **{headings[item]: _label(item, value) for item, value in values.items()},
                **changes,
            }
        )
    return programmes.write_csv(path, rows)


def _map(programme, path: Path, *answers: str, name: str | None = None):
    return map_file(programme.settings, path, name, answers)


def _asked(mapped) -> dict[str, str]:
    return {question.about: question.words for question in mapped.questions}


def test_a_file_that_proves_everything_is_ready_at_once(programme, tmp_path):
    rows = []
    for n in range(1, 13):
        values = zip(INSTRUMENT.items, programmes.coherent(n), strict=True)
        # KoboToolbox writes its times in UTC.
        own = {"_id": n, "_uuid": f"u{n}", "_submission_time": f"2026-10-{n:02d}T10:00:00", "_index": n}
        rows.append({"Groep": "Buurtwacht", **{WORDING[item]: _label(item, value) for item, value in values}, **own})
    path = programmes.write_csv(tmp_path / "motives-2026-10.csv", rows)
    mapped = _map(programme, path)
    assert (mapped.source, mapped.tool, mapped.rows, mapped.is_draft) == ("motives", "kobotoolbox", 12, False)
    assert set(mapped.columns) == set(INSTRUMENT.items)
    assert [question for question in mapped.questions if question.is_needed] == []
    (programme.root / "inbox" / path.name).write_bytes(path.read_bytes())
    (file,) = programme.validate().files
    assert (file.source, file.verdict, file.accepted) == ("motives", "accepted", 12)


def test_a_file_that_proves_everything_but_its_clock_is_ready_after_one_answer(programme, tmp_path):
    path = _limesurvey(tmp_path / "results-survey-2026-10.csv")
    mapped = _map(programme, path)
    assert mapped.is_draft
    assert list(_asked(mapped)) == ["date.timezone", "respondent"]
    mapped = _map(programme, path, CLOCK)
    assert (mapped.source, mapped.tool, mapped.rows, mapped.is_draft) == ("results-survey", "limesurvey", 12, False)
    assert set(mapped.columns) == set(INSTRUMENT.items)
    assert list(_asked(mapped)) == ["respondent"]
    (programme.root / "inbox" / path.name).write_bytes(path.read_bytes())
    (file,) = programme.validate().files
    assert (file.source, file.verdict, file.accepted) == ("results-survey", "accepted", 12)


def test_columns_are_found_by_code_before_wording(programme, tmp_path):
    rows = [{**programmes.answers(n), "group": "watch"} for n in range(1, 8)]
    mapped = _map(programme, programmes.write_csv(tmp_path / "codes.csv", rows), "date.column=submitted")
    assert mapped.columns == {item: item for item in INSTRUMENT.items}
    assert "answers: numbers" in mapped.path.read_text()


def test_wording_is_found_whatever_its_case_spaces_and_markup(programme, tmp_path):
    odd = {item: f"  <b>{text.upper()}</b>\u00a0" for item, text in WORDING.items()}
    assert len(_map(programme, _limesurvey(tmp_path / "odd.csv", odd)).columns) == len(INSTRUMENT.items)


def test_rows_of_a_grid_are_found_by_their_own_words(programme, tmp_path):
    grid = {item: f"Hoe belangrijk is dit? [{text}]" for item, text in WORDING.items()}
    assert len(_map(programme, _limesurvey(tmp_path / "grid.csv", grid)).columns) == len(INSTRUMENT.items)


def test_what_looks_alike_is_suggested_with_a_score_and_never_applied(programme, tmp_path):
    changed = {**WORDING, "learning_1": WORDING["learning_1"].replace("nieuwe", "veel nieuwe") + " hier"}
    mapped = _map(programme, _limesurvey(tmp_path / "form.csv", changed), CLOCK)
    assert "learning_1" not in mapped.columns
    assert mapped.is_draft
    (question,) = [entry for entry in mapped.questions if entry.about == "columns.learning_1"]
    assert "% alike" in question.words
    assert question.answers[0] == (f"columns.learning_1={changed['learning_1']}",)
    answered = _map(programme, tmp_path / "form.csv", *question.answers[0])
    assert (answered.is_draft, answered.columns["learning_1"]) == (False, changed["learning_1"])


def test_an_unknown_label_is_asked_and_the_answer_taken(programme, tmp_path):
    path = _limesurvey(tmp_path / "form.csv", **{WORDING["social_2"]: "Best wel belangrijk"})
    mapped = _map(programme, path, CLOCK)
    assert "'Best wel belangrijk'" in _asked(mapped)["codes.importance5"]
    assert mapped.is_draft
    answered = _map(programme, path, "codes.importance5.Best wel belangrijk=4")
    assert not answered.is_draft
    loaded = source.load(answered.path, _instrument(programme))
    assert loaded.read_answer("social_2", "best wel belangrijk").value == 4
    assert loaded.read_answer("social_2", "Heel belangrijk").value == 5


def _instrument(programme):
    from flows.programme.loading import load_programme

    return load_programme(programme.settings).instrument


def test_codes_that_end_in_a_number_are_suggested_what_stands_beside_them_is_no_answer(programme, tmp_path):
    rows = [
        {**programmes.answers(n, values=None), **{item: "A6" if n == 2 else f"A{v}" for item, v in zip(
            programmes.ITEMS, programmes.coherent(n), strict=True)}}
        for n in range(1, 9)
    ]  # fmt: skip
    mapped = _map(programme, programmes.write_csv(tmp_path / "codes.csv", rows), "date.column=submitted")
    (question,) = [entry for entry in mapped.questions if entry.about == "codes.agreement5"]
    assert "codes.agreement5.A4=4" in question.answers[0]
    assert "missing.not_applicable=A6" in question.answers[0]
    both = [entry for asked in mapped.questions if asked.about.startswith("codes.") for entry in asked.answers[0]]
    assert not _map(programme, tmp_path / "codes.csv", *dict.fromkeys(both), CLOCK).is_draft


def test_a_number_before_a_label_counts_only_when_both_say_the_same(programme, tmp_path):
    def written(n: int) -> dict[str, str]:
        values = zip(programmes.ITEMS, programmes.coherent(n), strict=True)
        return {item: f"{value if item != 'heard_1' else 9} - {_label(item, value)}" for item, value in values}

    rows = [{**programmes.answers(n), **written(n)} for n in range(1, 9)]
    mapped = _map(programme, programmes.write_csv(tmp_path / "both.csv", rows), "date.column=submitted")
    text = mapped.path.read_text()
    assert "5 - Heel belangrijk" in text
    assert "9 - " not in text
    assert "'9 - " in _asked(mapped)["codes.agreement5"]


def test_labels_in_a_codebook_decide_what_its_codes_mean(programme, tmp_path):
    import pandas
    import pyreadstat

    items = programmes.ITEMS
    frame = pandas.DataFrame([dict(zip(items, [6 - v for v in programmes.coherent(n)], strict=True)) for n in range(9)])
    labels = {item: {6 - value: _label(item, value) for value in range(1, 6)} for item in items}
    pyreadstat.write_sav(frame, str(tmp_path / "reversed.sav"), variable_value_labels=labels)
    given = ("date.constant=2026-10-05", "collective.from=constant", "collective.constant=watch")
    mapped = _map(programme, tmp_path / "reversed.sav", *given)
    assert not mapped.is_draft
    assert source.load(mapped.path, _instrument(programme)).read_answer("benefit_1", "1").value == 5


def test_dates_that_prove_no_order_are_asked(programme, tmp_path):
    path = _limesurvey(tmp_path / "form.csv", **{"Date submitted": "05/10/2026 10:00"})
    assert "begin with the day" in _asked(_map(programme, path))["date.order"]
    assert "date.order" not in _asked(_map(programme, path, "date.order=dmy"))


def test_times_that_do_not_say_their_clock_are_asked(programme, tmp_path):
    path = _limesurvey(tmp_path / "form.csv")
    mapped = _map(programme, path)
    (question,) = [entry for entry in mapped.questions if entry.about == "date.timezone"]
    assert "Which time zone are the times of 'Date submitted' in?" in question.words
    assert question.answers == ((CLOCK,), ("date.timezone=UTC",))
    answered = _map(programme, path, "date.timezone=UTC")
    assert "date.timezone" not in _asked(answered)
    assert source.load(answered.path, _instrument(programme)).model.date.timezone == "UTC"


@pytest.mark.parametrize("moment", ["2026-10-05", "2026-10-05T10:00:00Z", "2026-10-05 10:00:00 +02:00"])
def test_no_clock_is_asked_of_days_and_of_times_with_their_offset(programme, tmp_path, moment):
    mapped = _map(programme, _limesurvey(tmp_path / "form.csv", **{"Date submitted": moment}))
    assert not mapped.is_draft
    assert "date.timezone" not in _asked(mapped)


def test_a_collective_that_nothing_proves_is_asked(programme, tmp_path):
    path = _limesurvey(tmp_path / "form.csv", **{"Bij welke groep hoort u?": "Groep Zuid"})
    mapped = _map(programme, path, CLOCK)
    assert mapped.is_draft
    column = "collective.column=Bij welke groep hoort u?"
    answered = _map(programme, path, "collective.from=column", column, "collective.values.Groep Zuid=watch")
    assert not answered.is_draft
    assert "collective.values" not in _asked(answered)


def test_answers_to_a_finished_source_make_its_next_version(programme, tmp_path):
    path = _limesurvey(tmp_path / "form.csv")
    assert _map(programme, path, CLOCK).version == "1"
    assert _map(programme, path, "respondent=Toegangscode").version == "2"
    assert _map(programme, path).version == "2"


def test_text_in_another_encoding_is_shown_in_three_readings(programme, tmp_path):
    path = _limesurvey(tmp_path / "form.csv", **{"Bij welke groep hoort u?": "Café De Brug"})
    path.write_bytes(path.read_bytes().decode().encode("cp1252"))
    with pytest.raises(UserError) as refused:
        _map(programme, path)
    assert all(encoding in str(refused.value) for encoding in ("cp1252", "mac-roman", "cp850"))
    assert "Café De Brug" in str(refused.value)
    mapped = _map(programme, path, "encoding=cp1252")
    assert "encoding: cp1252" in mapped.path.read_text()


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        ("collective", "write it as name=value"),
        ("=x", "write it as name=value"),
        ("colunms.q=1", "unknown name 'colunms' (did you mean 'columns'?)"),
        ("codes.importance5.A1=9", "9 is not a value of response scale 'importance5'"),
        ("columns.learnin_1=Q1", "there is no item 'learnin_1' (did you mean 'learning_1'?)"),
        ("columns.learning_1=?", "no column of the file is called '?'"),
        ("columns.learning_1=Ik leer er nieuwe dngen", "is called 'Ik leer er nieuwe dngen' (did you mean 'Ik leer er"),
        ("collective.column=Bij welke groep hoort uw?", "(did you mean 'Bij welke groep hoort u?'?)"),
        ("collective.constant=wacht", "the register has no collective 'wacht' (did you mean 'watch'?)"),
        ("collective.values.Zuid=watsh", "the register has no collective 'watsh' (did you mean 'watch'?)"),
        ("collective.form=column", "unknown name 'form' (did you mean 'from'?)"),
        ("date.column=Date submited", "(did you mean 'Date submitted'?)"),
        ("date.colum=Date submitted", "unknown name 'colum' (did you mean 'column'?)"),
        ("respondent=Toegangskode", "(did you mean 'Toegangscode'?)"),
        ("response_id=Respons ID", "(did you mean 'Response ID'?)"),
        ("codes.importance6.A1=1", "'importance6' is not a response scale"),
        ("tool.name=x", "'tool' holds no further names"),
        ("encoding=klingon", "unknown encoding"),
    ],
)
def test_an_answer_that_does_not_fit_is_a_mistake_and_writes_nothing(programme, tmp_path, answer, sentence):
    path = _limesurvey(tmp_path / "form.csv")
    with pytest.raises(UserError) as refused:
        _map(programme, path, answer)
    assert sentence in str(refused.value)
    assert list((programme.root / "sources").iterdir()) == []


@pytest.mark.parametrize(
    "answer", ["respondent=none", "response_id=none", "response_id=Seed", "columns.learning_1=Seed"]
)
def test_no_column_and_a_column_by_any_of_its_names_are_answers(programme, tmp_path, answer):
    path = _limesurvey(tmp_path / "form.csv", Seed="5")
    assert _map(programme, path, answer).path.exists()


def test_where_an_answer_goes_may_hold_points_and_equals_signs():
    assert answering.parse("codes.s.a=b. c=3") == answering.Answer(("codes", "s", "a=b. c"), "3")
    assert answering.parse("columns.q1=Wat is 1+1=2?") == answering.Answer(("columns", "q1"), "Wat is 1+1=2?")
    assert answering.parse("collective.values.Wijk 3.1=w") == answering.Answer(
        ("collective", "values", "Wijk 3.1"), "w"
    )


def test_a_draft_holds_its_exports_until_it_is_done(programme, tmp_path):
    path = _limesurvey(tmp_path / "form.csv", **{"Bij welke groep hoort u?": "Elders"})
    _map(programme, path, CLOCK)
    (programme.root / "inbox" / path.name).write_bytes(path.read_bytes())
    (held,) = programme.ingest().unread
    assert "Only a draft describes this file: source 'form'." in held.sentence


def _checked(programme, path: Path, capsys, *words: str):
    app(["check", str(path), "-p", str(programme.root), *words], result_action="return_value")
    return " ".join(capsys.readouterr().out.split())


def test_check_after_map_names_the_draft_and_what_is_left_in_it(programme, tmp_path, capsys):
    changed = {**WORDING, "learning_1": "Kleur", "social_1": "Vorm"}
    path = _limesurvey(tmp_path / "form-2026-10.csv", changed, **{"Bij welke groep hoort u?": "Elders"})
    _map(programme, path)
    said = _checked(programme, path, capsys)
    assert "held Only a draft describes this file: source 'form'." in said
    assert "draft sources/form.yaml. Its line 'draft: yes' keeps it from being used" in said
    assert "to decide Nothing in the file is surely a collective of the register" in said
    assert "to decide No column is anything like 2 items: learning_1, social_1." in said
    assert "to decide Which time zone are the times of" in said
    assert "Draft a source file" not in said
    (entry,) = json.loads(_checked(programme, path, capsys, "--json"))
    assert entry["draft"]["file_name"] == "form.yaml"
    assert len(entry["draft"]["to_decide"]) == 3


def test_a_draft_that_knows_no_column_yet_is_named_as_well(programme, tmp_path, capsys):
    path = programmes.write_csv(tmp_path / "poll.csv", [{"a": 1, "b": "x"}])
    _map(programme, path)
    said = _checked(programme, path, capsys)
    assert "Only a draft describes this file: source 'poll'." in said
    assert f"No column is anything like {len(WORDING)} items" in said
    (programme.root / "inbox" / path.name).write_bytes(path.read_bytes())
    assert "Only a draft describes this file: source 'poll'." in programme.ingest().unread[0].sentence


def test_check_without_a_draft_or_with_a_finished_source_names_none(programme, tmp_path, capsys):
    path = _limesurvey(tmp_path / "form.csv")
    assert "draft sources" not in _checked(programme, path, capsys)
    _map(programme, path, CLOCK)
    assert "draft sources" not in _checked(programme, path, capsys)


def test_check_tries_an_answer_that_completes_a_draft(programme, tmp_path, capsys):
    path = _limesurvey(tmp_path / "form.csv")
    mapped = _map(programme, path)
    assert mapped.is_draft
    (entry,) = json.loads(_checked(programme, path, capsys, "--json", "--set", CLOCK))
    assert (entry["source"], entry["quality"]["accepted"]) == ("form", 12)
    assert "draft: yes" in mapped.path.read_text()


def test_check_refuses_an_answer_that_names_no_column(programme, tmp_path, capsys):
    path = _limesurvey(tmp_path / "form.csv")
    _map(programme, path)
    (entry,) = json.loads(_checked(programme, path, capsys, "--json", "--set", "respondent=Toegangskode"))
    assert "(did you mean 'Toegangscode'?)" in entry["mistake"]
    assert entry["exit_code"] == 2


def test_check_tries_answers_without_writing_them(programme, tmp_path, capsys):
    path = _limesurvey(tmp_path / "form.csv")
    mapped = _map(programme, path, CLOCK)
    text = mapped.path.read_text()
    _limesurvey(path, **{WORDING["social_2"]: "Best wel"})
    words = ["check", str(path), "--json", "-p", str(programme.root)]
    assert app(words, result_action="return_value") == 3
    (entry,) = json.loads(capsys.readouterr().out)
    assert entry["unknown_texts"] == {"social_2": ["Best wel"]}
    assert app([*words, "--set", "codes.importance5.Best wel=4"], result_action="return_value") == 0
    assert mapped.path.read_text() == text


def test_check_tells_a_changed_label_with_what_stood_there_before(programme, tmp_path, capsys):
    path = _limesurvey(tmp_path / "form.csv")
    _map(programme, path, CLOCK)
    (programme.root / "inbox" / path.name).write_bytes(path.read_bytes())
    programme.ingest()
    _limesurvey(path, **{WORDING["social_2"]: "Best wel"})
    app(["check", str(path), "-p", str(programme.root)], result_action="return_value")
    line = next(line for line in capsys.readouterr().out.splitlines() if "unknown" in line)
    assert "social_2: 'Best wel'; the previous export had: " in line
    assert "'Belangrijk'" in line


def test_the_command_says_how_to_answer(programme, tmp_path, capsys):
    path = _limesurvey(tmp_path / "form.csv", **{"Bij welke groep hoort u?": "Elders"})
    app(["map", str(path), "-p", str(programme.root)], result_action="return_value")
    said = capsys.readouterr().out
    assert "to decide  Nothing in the file is surely a collective" in said
    assert "--set collective.from=constant --set collective.constant=watch" in said
    assert "to decide  Which time zone are the times of 'Date submitted' in?" in said
    assert f"--set {CLOCK}" in said
    app(["map", str(path), "--set", "collective.from=constant", "--set", "collective.constant=watch", "--set", CLOCK,
         "--json", "-p", str(programme.root)], result_action="return_value")  # fmt: skip
    assert json.loads(capsys.readouterr().out)["is_draft"] is False


def test_headings_that_differ_only_below_are_told_apart(programme, tmp_path):
    path = tmp_path / "twice.csv"
    with path.open("w", newline="") as file:
        csv.writer(file).writerows([["Mening", "Mening"], ["1", "2"]])
    assert _map(programme, path).columns == {}


def test_a_source_that_cannot_be_changed_without_a_loss_is_left_to_its_owner():
    with pytest.raises(UserError, match="--set version: this place cannot be changed without losing a comment"):
        answering.with_next_version("{source: form,   # by hand\n version: 1}\n", "1")
