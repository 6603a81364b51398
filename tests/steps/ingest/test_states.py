"""What each tool says of a response: finished or partial, a test, spam or rejected; and what it says of an answer.

Every export is read and judged once, in one programme of all tools.
"""

import json

import pandas
import pyreadstat
import pytest

from tests import programmes
from tests.steps.ingest.exports import Table, as_csv, import_ids, table

# For the exports that do not say on which clock their times are.
DATED = "date: {timezone: Europe/Amsterdam}\n"


def _qualtrics(*rows: str) -> Table:
    headings = table("Status | Finished | DistributionChannel | RecordedDate | ResponseId | Q1")
    ids = [import_ids(["status", "finished", "distributionChannel", "recordedDate", "_recordId", "QID1"], "Z")]
    return [*headings, *headings, *ids, *table("\n".join(rows))]


QUALTRICS = _qualtrics(
    "IP Address      | True  | anonymous | 2026-10-31 23:30:00 | R_complete            | 4",
    "Imported        | True  | anonymous | 2026-10-05 10:00:00 | R_imported            | 4",
    "IP Address      | False | anonymous | 2026-10-05 10:00:00 | R_partial             | 4",
    "IP Address      | ONWAAR| anonymous | 2026-10-05 10:00:00 | R_partial_in_excel    | 4",
    "Survey Preview  | True  | preview   | 2026-10-05 10:00:00 | R_preview             | 4",
    "Umfragevorschau | True  | preview   | 2026-10-05 10:00:00 | R_preview_in_german   | 4",
    "Survey Test     | True  | test      | 2026-10-05 10:00:00 | R_generated           | 4",
    "Spam            | True  | anonymous | 2026-10-05 10:00:00 | R_spam                | 4",
    "Survey Preview  | False | preview   | 2026-10-05 10:00:00 | R_preview_and_partial | 4",
    "IP Address      | True  | anonymous | 2026-10-05 10:00:00 | R_seen_not_answered   | -99",
)
QUALTRICS_NUMBERS = _qualtrics(
    "0  | 1 | anonymous | 2026-10-05 10:00:00 | R_0          | 4",
    "0  | 0 | anonymous | 2026-10-05 10:00:00 | R_0_partial  | 4",
    "1  | 1 | preview   | 2026-10-05 10:00:00 | R_1_preview  | 4",
    "2  | 1 | anonymous | 2026-10-05 10:00:00 | R_2_test     | 4",
    "4  | 1 | anonymous | 2026-10-05 10:00:00 | R_4_imported | 4",
    "8  | 1 | anonymous | 2026-10-05 10:00:00 | R_8_spam     | 4",
    "9  | 1 | anonymous | 2026-10-05 10:00:00 | R_9_preview  | 4",
    "16 | 1 | anonymous | 2026-10-05 10:00:00 | R_16_offline | 4",
    "17 | 1 | anonymous | 2026-10-05 10:00:00 | R_17_preview | 4",
)
QUALTRICS_PROGRESS = table("""
Status     | Progress | RecordedDate        | ResponseId | Q1
Status     | Progress | RecordedDate        | ResponseId | Leren
IP Address | 100      | 2026-10-05 10:00:00 | R_100      | 4
IP Address | 80       | 2026-10-05 10:00:00 | R_80       | 4
""")
LIMESURVEY = table("""
id | submitdate          | lastpage | startlanguage | Q[1]
7  | 2026-10-05 10:00:00 | 3        | nl            | A4
8  | 2026-10-05 10:00:00 | 3        | nl            | -oth-
9  | 2026-10-05 10:00:00 | 3        | nl            |
11 | 2026-10-05 10:00:00 | 3        | nl            | '=A5
12 |                     | 1        | nl            | A4
""")
KOBOTOOLBOX = table("""
leren | _id      | _uuid | _submission_time    | _validation_status             | _index
4     | none     | u1    | 2026-10-31 23:30:00 |                                | 1
4     | approved | u2    | 2026-10-05 10:00:00 | Approved                       | 2
4     | on hold  | u3    | 2026-10-05 10:00:00 | On hold                        | 3
4     | not      | u4    | 2026-10-05 10:00:00 | Not approved                   | 4
4     | not, xml | u5    | 2026-10-05 10:00:00 | validation_status_not_approved | 5
""")
ODK = table("""
SubmissionDate           | motieven-leren | KEY        | ReviewState
2026-10-31T23:30:00.123Z | 4              | uuid:new   |
2026-10-05T10:00:00.123Z | 4              | uuid:yes   | approved
2026-10-05T10:00:00.123Z | 4              | uuid:doubt | hasIssues
2026-10-05T10:00:00.123Z | 4              | uuid:no    | rejected
""")
FORMR = table("""
session     | created             | modified            | ended               | expired             | leren
aBcDeFgHi   | 2026-10-05 09:00:00 | 2026-10-05 10:00:00 | 2026-10-05 10:00:00 |                     | 4
aBcDeFgHi   | 2026-10-06 09:00:00 | 2026-10-06 10:00:00 | 2026-10-06 10:00:00 |                     | 5
unfinished  | 2026-10-06 09:00:00 | 2026-10-06 10:00:00 |                     |                     | 5
expired     | 2026-10-06 09:00:00 | 2026-10-06 10:00:00 |                     | 2026-10-07 10:00:00 | 5
happyXXXcat | 2026-10-06 09:00:00 | 2026-10-06 10:00:00 | 2026-10-06 10:00:00 |                     | 5
""")
TYPEFORM = table("""
#         | Leren | Response Type | Submit Date (UTC)
completed | 4     | completed     | 2026-10-31 23:30:00
partial   | 4     | partial       | 2026-10-05 10:00:00
started   | 4     | started       | 2026-10-05 10:00:00
""")
SURVEYMONKEY = table("""
Respondent ID | Collector ID | End Date            | Response Status | Leren
              |              |                     |                 | Response
114000000001  | 400000001    | 10/13/2026 10:00:00 | completed       | 4
114000000002  | 400000001    | 10/13/2026 10:00:00 | partial         | 4
114000000003  | 400000001    | 10/13/2026 10:00:00 | disqualified    | 4
""")
NULLS = (("1", '"A4"'), ("2", '""'), ("3", ""))
LIMESURVEY_SOURCE = f"""tool: limesurvey
{DATED}codes: {{importance5: {{A4: 4, "=A5": 5}}}}
missing: {{not_applicable: ["-oth-"]}}
"""
# File: source text, column of the item, content.
FILES = {
    "qualtrics": ("tool: qualtrics", "QID1", as_csv(QUALTRICS)),
    "qualtrics-numbers": ("tool: qualtrics", "Q1", as_csv(QUALTRICS_NUMBERS, "\t", "utf-16")),
    "qualtrics-progress": (f"tool: qualtrics\n{DATED}", "Leren", as_csv(QUALTRICS_PROGRESS)),
    "limesurvey": (LIMESURVEY_SOURCE, "Q_1", as_csv(LIMESURVEY, ";", "utf-8-sig", quoted=True)),
    "kobotoolbox": ("tool: kobotoolbox", "leren", as_csv(KOBOTOOLBOX, ";", quoted=True)),
    "odk": ("tool: odk", "leren", as_csv(ODK)),
    "formr": (
        f"tool: formr\n{DATED}",
        "leren",
        json.dumps([dict(zip(FORMR[0], row, strict=True)) for row in FORMR[1:]]).encode(),
    ),
    "typeform": ("tool: typeform", "Leren", as_csv(TYPEFORM)),
    "surveymonkey": (f"tool: surveymonkey\n{DATED}", "Leren", as_csv(SURVEYMONKEY)),
}
SPSS_SOURCE = "tool: spss\nresponse_id: nr\ndate: {column: datum}\n"


def _drop(programme: programmes.TestProgramme, name: str, source: str, column: str, content: bytes) -> None:
    answers = "codes" if "codes:" in source else "numbers"
    where = "collective: {from: constant, constant: watch}"
    programme.source(name, f"{source}\nanswers: {answers}\nfile_name: {name}.x\n{where}", {"learning_1": column})
    (programme.root / "inbox" / f"{name}.x").write_bytes(content)


@pytest.fixture(scope="module")
def judged(tmp_path_factory) -> programmes.TestProgramme:
    """A programme of all tools after validation."""
    folder = tmp_path_factory.mktemp("states")
    programme = programmes.make(folder / "programme")
    for name, (source, column, content) in FILES.items():
        _drop(programme, name, source, column, content)
    cases = {"nr": ["a", "b", "c", "d"], "datum": ["2026-10-05"] * 4, "v1": [4.0, 99.0, -3.0, None]}
    pyreadstat.write_sav(
        pandas.DataFrame(cases), folder / "sav", missing_ranges={"v1": [99.0, {"lo": -9.0, "hi": -1.0}]}
    )
    _drop(programme, "spss", SPSS_SOURCE, "v1", (folder / "sav").read_bytes())
    validated = programme.validate()
    assert validated.unread == ()
    assert {file.file_name: file.failed_checks for file in validated.files if file.verdict == "held"} == {}
    return programme


def _states(judged: programmes.TestProgramme, source: str) -> dict[str, str]:
    return dict(
        judged.query("select response_id, state from validated.read_responses where source = ? order by all", source)
    )


def test_qualtrics_status_and_finished_as_words(judged):
    assert _states(judged, "qualtrics") == {
        "R_complete": "complete",
        "R_generated": "test",
        "R_imported": "complete",
        "R_partial": "partial",
        "R_partial_in_excel": "partial",
        "R_preview": "test",
        "R_preview_and_partial": "test",
        "R_preview_in_german": "test",
        "R_seen_not_answered": "complete",
        "R_spam": "spam",
    }


def test_qualtrics_status_and_finished_as_numbers(judged):
    assert _states(judged, "qualtrics-numbers") == {
        "R_0": "complete",
        "R_0_partial": "partial",
        "R_16_offline": "complete",
        "R_17_preview": "test",
        "R_1_preview": "test",
        "R_2_test": "test",
        "R_4_imported": "complete",
        "R_8_spam": "spam",
        "R_9_preview": "test",
    }


def test_qualtrics_without_finished_goes_by_the_progress(judged):
    assert _states(judged, "qualtrics-progress") == {"R_100": "complete", "R_80": "partial"}


def test_limesurvey_without_a_submit_date_was_not_finished(judged):
    assert {response for response, state in _states(judged, "limesurvey").items() if state == "partial"} == {"12"}


def test_kobotoolbox_responses_that_a_reviewer_did_not_approve_are_rejected(judged):
    states = _states(judged, "kobotoolbox")
    assert states == {
        "approved": "complete",
        "none": "complete",
        "not": "rejected",
        "not, xml": "rejected",
        "on hold": "complete",
    }


def test_odk_central_responses_that_were_rejected_in_review(judged):
    assert {response for response, state in _states(judged, "odk").items() if state != "complete"} == {"uuid:no"}


def test_formr_sessions_with_xxx_are_tests_and_a_diary_has_several_responses(judged):
    assert _states(judged, "formr") == {
        "aBcDeFgHi 2026-10-05 09:00:00": "complete",
        "aBcDeFgHi 2026-10-06 09:00:00": "complete",
        "expired 2026-10-06 09:00:00": "partial",
        "happyXXXcat 2026-10-06 09:00:00": "test",
        "unfinished 2026-10-06 09:00:00": "partial",
    }


def test_typeform_and_surveymonkey_say_which_responses_are_partial(judged):
    assert _states(judged, "typeform") == {"completed": "complete", "partial": "partial", "started": "partial"}
    assert list(_states(judged, "surveymonkey").values()) == ["complete", "partial", "partial"]


def test_only_complete_responses_of_real_people_are_accepted(judged):
    wrong = judged.query(
        "select responses.response_id from validated.responses as responses"
        " inner join validated.read_responses as read_responses using (sha256, row_number)"
        " where responses.verdict = 'accepted' and read_responses.state != 'complete'"
    )
    assert wrong == []


@pytest.mark.parametrize("source", ["qualtrics", "kobotoolbox", "odk", "typeform"])
def test_a_tool_that_writes_utc_counts_half_past_eleven_in_the_evening_for_the_next_day(judged, source):
    last = judged.query(
        "select cast(max(submitted_on) as varchar) from validated.read_responses where source = ?", source
    )
    assert last == [("2026-11-01",)]


def _words(judged: programmes.TestProgramme, source: str) -> dict[str, tuple[int | None, str | None]]:
    rows = judged.query(
        "select read_responses.response_id, answers.number, answers.word from validated.answers as answers"
        " inner join validated.read_responses as read_responses using (sha256, row_number)"
        " where read_responses.source = ?",
        source,
    )
    return {response: (number, word) for response, number, word in rows}


def test_limesurvey_answers_are_missing_for_the_reason_that_the_file_gives(judged):
    assert _words(judged, "limesurvey") == {
        "7": (4, None),
        "8": (None, "not_applicable"),
        "9": (None, "not_answered"),
        "11": (5, None),
        "12": (4, None),
    }


def test_limesurvey_question_that_was_not_shown_is_empty_without_quotes(programme):
    answered, shown, not_shown = (f'"{number}";"2026-10-05 10:00:00";"3";"nl";{answer}\r\n' for number, answer in NULLS)
    content = '"id";"submitdate";"lastpage";"startlanguage";"Q[1]"\r\n' + answered + shown + not_shown + "\r\n"
    _drop(programme, "limesurvey", LIMESURVEY_SOURCE, "Q_1", content.encode("utf-8-sig"))
    programme.validate()
    assert _words(programme, "limesurvey") == {
        "1": (4, None),
        "2": (None, "not_answered"),
        "3": (None, "not_shown"),
    }


def test_qualtrics_code_for_seen_but_not_answered(judged):
    assert _words(judged, "qualtrics")["R_seen_not_answered"] == (None, "not_answered")


def test_spss_codes_that_the_file_declares_missing_are_no_numbers(judged):
    assert _words(judged, "spss") == {
        "a": (4, None),
        "b": (None, "not_answered"),
        "c": (None, "not_answered"),
        "d": (None, "not_answered"),
    }
