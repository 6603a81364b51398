"""What the exports of field and research tools have of their own: KoboToolbox, ODK, formr, SPSS, and plain tables."""

import json
from pathlib import Path

import pyreadstat
import pytest

from flows.steps.ingest.dialects import FILE_FACTS
from flows.steps.ingest.readers.grid import open_grids
from flows.steps.ingest.readers.unreadable import Unreadable
from tests.steps.ingest import exports
from tests.steps.ingest.exports import as_csv, see, table, with_headings

# KoboToolbox and ODK


@pytest.mark.parametrize("separator", ["/", "::", " > ", ":", ".", "|"])
def test_kobotoolbox_columns_go_with_or_without_their_group(tmp_path, separator):
    rows = with_headings(exports.KOBOTOOLBOX, **{"motives/learning": f"motives{separator}learning"})
    seen = see(tmp_path, as_csv(rows, ";", quoted=True))
    assert seen.column("learning") == seen.column(f"motives{separator}learning") == ["4", "5"]


def test_kobotoolbox_with_questions_as_headings_that_end_in_a_full_stop(tmp_path):
    rows = with_headings(exports.KOBOTOOLBOX, **{"motives/learning": "Ik leer. Graag."})
    seen = see(tmp_path, as_csv(rows))
    assert (seen.tool, seen.column("Ik leer. Graag.")) == ("kobotoolbox", ["4", "5"])
    assert seen.layout.questions[2] == "Ik leer. Graag."


def test_kobotoolbox_may_put_a_row_of_tags_under_the_headings(tmp_path):
    headings, *responses = exports.KOBOTOOLBOX
    tags = ["", "#group", "#indicator+learning", *[""] * (len(headings) - 3)]
    seen = see(tmp_path, as_csv([headings, tags, *responses]))
    assert (seen.layout.heading_rows, seen.column("learning")) == (2, ["4", "5"])


@pytest.mark.parametrize("left_out", [("_uuid", "_index"), ("_id",), ("start", "__version__", "_validation_status")])
def test_kobotoolbox_without_some_of_its_own_columns(tmp_path, left_out):
    kept = [place for place, heading in enumerate(exports.KOBOTOOLBOX[0]) if heading not in left_out]
    seen = see(tmp_path, as_csv([[row[place] for place in kept] for row in exports.KOBOTOOLBOX]))
    assert (seen.tool, seen.layout.submitted, seen.layout.timezone) == ("kobotoolbox", "_submission_time", "UTC")
    assert seen.layout.response_id == (("_uuid",) if "_id" in left_out else ("_id",))


def test_kobotoolbox_json_is_a_page_of_results_with_lists_in_them(tmp_path):
    entry = {"_id": 1, "_submission_time": "2026-10-05T10:00:00", "motives/learning": "4", "_attachments": [{"id": 2}]}
    seen = see(tmp_path, json.dumps({"count": 1, "next": None, "previous": None, "results": [entry]}).encode())
    assert (seen.tool, seen.column("learning"), seen.column("_id")) == ("kobotoolbox", ["4"], ["1"])


def test_odk_central_has_groups_before_names_and_its_key_at_the_end(tmp_path):
    seen = see(tmp_path, as_csv(exports.ODK))
    assert seen.column("learning") == seen.column("motives-learning") == ["4", "5"]
    assert (seen.layout.response_id, seen.layout.submitted, seen.layout.timezone) == (
        ("KEY",),
        "SubmissionDate",
        "UTC",
    )


# formr


@pytest.mark.parametrize("delimiter", [",", ";"])
def test_formr_csv_and_csv_german(tmp_path, delimiter):
    seen = see(tmp_path, as_csv(exports.FORMR, delimiter, quoted=True))
    assert (seen.tool, seen.layout.response_id, seen.layout.submitted) == ("formr", ("session", "created"), "ended")


def test_formr_tsv_has_no_quoting_so_a_quotation_mark_is_a_respondents(tmp_path):
    said = ["", 'zei "ja" en', '"nee']
    rows = [[*row, text or "opmerking"] for row, text in zip(exports.FORMR, said, strict=True)]
    seen = see(tmp_path, "\n".join("\t".join(row) for row in rows).encode())
    assert (seen.tool, seen.column("opmerking")) == ("formr", ['zei "ja" en', '"nee'])


def test_formr_json_is_a_list_in_which_null_is_empty_and_names_may_be_left_out(tmp_path):
    session, other = (dict(zip(exports.FORMR[0], row, strict=True)) for row in exports.FORMR[1:])
    del other["expired"]
    seen = see(tmp_path, json.dumps([{**session, "learning_1": 4.0}, {**other, "ended": None}]).encode())
    assert (seen.tool, len(seen.responses)) == ("formr", 2)
    assert (seen.column("ended")[1], seen.column("expired"), seen.column("learning_1")[0]) == ("", ["", ""], "4")


def test_formr_results_that_are_linked_to_nobody_are_a_plain_table(tmp_path):
    seen = see(tmp_path, as_csv(table("learning_1 | learning_2R\n4 | 5\n2 | 1")))
    assert (seen.tool, seen.layout.response_id, seen.layout.submitted) == ("plain", (), None)


# SPSS


def _sav(path: Path, cases: dict[str, list], **about) -> Path:
    import pandas

    pyreadstat.write_sav(pandas.DataFrame(cases), path, **about)
    return path


@pytest.fixture
def sav(tmp_path) -> bytes:
    """Two items with labels; 99 is declared missing for one, everything from -9 to 0 for the other."""
    return _sav(
        tmp_path / "made",
        {"var1": [4.0, 99.0, None], "var2": [5.0, -3.0, 0.0], "naam": ["caf#", "b", "c"]},
        column_labels=["Nieuwe dingen leren", "Gezelligheid", "Naam"],
        variable_value_labels={"var1": {4.0: "Belangrijk", 99.0: "N.v.t."}},
        missing_ranges={"var1": [99.0], "var2": [{"lo": -9.0, "hi": 0.0}]},
    ).read_bytes()


def test_spss_columns_go_by_variable_and_by_label_and_codes_stay_codes(tmp_path, sav):
    seen = see(tmp_path, sav)
    assert (seen.tool, len(seen.responses)) == ("spss", 3)
    assert seen.column("var1") == seen.column("Nieuwe dingen leren") == ["4", "99", ""]


def test_spss_says_itself_which_codes_are_missing_one_by_one_or_as_a_range(tmp_path, sav):
    (tmp_path / "export").write_bytes(sav)
    codebook = open_grids(tmp_path / "export", [], FILE_FACTS)[0].codebook
    assert [codebook.is_missing("var1", code) for code in ("99", "4", "")] == [True, False, False]
    assert [codebook.is_missing("var2", code) for code in ("-9", "-3", "0", "1")] == [True, True, True, False]
    assert codebook.labels["var1"]["99"] == "N.v.t."


def test_spss_text_of_windows_is_read_as_its_own_header_declares(tmp_path, sav):
    declares_utf_8 = sav.index((7).to_bytes(4, "little") + (20).to_bytes(4, "little"))
    code_page = sav.index((65001).to_bytes(4, "little"))
    changed = bytearray(sav)
    changed[declares_utf_8 + 4] = 99  # a record that readers pass over
    changed[code_page : code_page + 4] = (1252).to_bytes(4, "little")
    seen = see(tmp_path, bytes(changed).replace(b"caf#", "caf\xe9".encode("cp1252")))
    assert seen.column("naam") == ["café", "b", "c"]


def test_spss_file_of_qualtrics_or_limesurvey_says_what_its_text_file_says(tmp_path):
    labels = ["Reactietype", "Voltooid", "Datum", "Reactie", "Nieuwe dingen leren"]
    finished = {"Status": [0.0, 1.0], "Finished": [1.0, 1.0], "RecordedDate": ["2026-10-05 10:00:00"] * 2}
    cases = {**finished, "ResponseId": ["R_a", "R_b"], "Q1": [4.0, 5.0]}
    seen = see(tmp_path, _sav(tmp_path / "made", cases, column_labels=labels).read_bytes())
    assert (seen.tool, seen.column("Q1"), seen.layout.response_id) == ("spss", ["4", "5"], ("ResponseId",))
    assert {mark.column for mark in seen.layout.marks} == {"Status", "Finished"}
    cases = {"id": [1.0, 2.0], "submitdate": ["2026-10-05 10:00:00", ""], "lastpage": [3.0, 1.0], "Q1": [4.0, 5.0]}
    seen = see(tmp_path, _sav(tmp_path / "made", cases).read_bytes())
    assert (seen.tool, seen.layout.heading_rows, seen.layout.submitted) == ("spss", 2, "submitdate")
    assert [(mark.column, mark.state) for mark in seen.layout.marks] == [("submitdate", "partial")]


# Any other tool


def test_a_plain_table_is_read_by_its_headings(tmp_path):
    seen = see(tmp_path, as_csv(exports.PLAIN, ";"))
    assert (seen.tool, seen.column("leren"), seen.layout.submitted) == ("plain", ["4", "5"], None)


@pytest.mark.parametrize(
    ("name", "heading"),
    [
        ("Hoe belangrijk is leren?", "  Hoe\u00a0belangrijk   is leren? "),
        ("Hoe belangrijk is leren?", "<p>Hoe <b>belangrijk</b> is&nbsp;leren?</p>"),
        ("Hoe belangrijk is leren?", "hoe belangrijk is leren?"),
        ("Hoe belangrijk is leren?", "\u202aHoe belang\u00adrijk\u200b is leren?\u202c"),
        ("Identité", "Identite\u0301"),
        ("=leren", "'=leren"),
        ("minder dan 5 > meer", "minder dan 5 &gt; meer"),
        ("< 5 jaar en > 2 jaar", "< 5 jaar en > 2 jaar"),
    ],
)
def test_a_heading_is_the_same_however_it_was_dressed(tmp_path, name, heading):
    assert see(tmp_path, as_csv([["id", heading], ["1", "x"]])).column(name) == ["x"]


def test_answers_that_differ_by_a_sign_are_not_taken_for_markup(tmp_path):
    seen = see(tmp_path, as_csv([["id", "< 5 jaar en > 2 jaar", "< 9 jaar en > 2 jaar"], ["1", "x", "y"]]))
    assert seen.column("< 9 jaar en > 2 jaar") == ["y"]


@pytest.mark.parametrize("twin", ["Identite\u0301", "Ident\u200bité", "\u202eIdentité\u202c", "Identité "])
def test_two_headings_that_the_eye_cannot_tell_apart_are_refused_when_one_is_meant(tmp_path, twin):
    seen = see(tmp_path, as_csv([["id", "Identité", twin], ["1", "x", "y"]]))
    with pytest.raises(Unreadable, match="2 columns have the heading"):
        seen.layout.find("Identité")


def test_two_headings_that_differ_in_case_alone_are_two(tmp_path):
    seen = see(tmp_path, as_csv([["id", "Leren", "leren"], ["1", "x", "y"]]))
    assert (seen.column("Leren"), seen.column("leren")) == (["x"], ["y"])
