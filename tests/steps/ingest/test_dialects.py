"""An export is recognised by its structure; its columns are found by name wherever they stand."""

import json
import random

import pytest

from flows.steps.ingest.readers.unreadable import Unreadable
from tests.steps.ingest import exports
from tests.steps.ingest.exports import LIMESURVEY as LIME
from tests.steps.ingest.exports import QUALTRICS as QT
from tests.steps.ingest.exports import as_csv, as_workbook, import_ids, see, table


@pytest.mark.parametrize("name", exports.EXPORTS)
def test_a_tool_is_recognised_in_csv_tsv_and_xlsx_and_every_response_counted(tmp_path, name):
    tool, rows, heading_rows = exports.EXPORTS[name]
    files = (as_csv(rows), as_csv(rows, ";", quoted=True), as_csv(rows, "\t", "utf-16"), as_workbook(rows))
    for content in files:
        seen = see(tmp_path, content)
        assert (seen.tool, seen.layout.heading_rows, len(seen.responses)) == (
            tool,
            heading_rows,
            len(rows) - heading_rows,
        )


@pytest.mark.parametrize("name", exports.EXPORTS)
def test_no_column_is_read_by_its_position(tmp_path, name):
    tool, rows, heading_rows = exports.EXPORTS[name]
    straight = see(tmp_path, as_csv(rows))
    chance = random.Random(name)
    for _ in range(5):
        order = chance.sample(range(len(rows[0])), k=len(rows[0]))
        below = chance.sample(rows[heading_rows:], k=len(rows) - heading_rows)
        seen = see(tmp_path, as_csv([[row[place] for place in order] for row in (*rows[:heading_rows], *below)]))
        own = (seen.layout.response_id, seen.layout.submitted, seen.layout.marks, seen.layout.timezone)
        assert (seen.tool, seen.layout.heading_rows) == (tool, heading_rows)
        assert own == (
            straight.layout.response_id,
            straight.layout.submitted,
            straight.layout.marks,
            straight.layout.timezone,
        )
        for heading in filter(None, rows[0]):
            assert sorted(seen.column(heading)) == sorted(straight.column(heading))


# Qualtrics


def test_qualtrics_columns_go_by_code_by_import_id_and_by_question(tmp_path):
    seen = see(tmp_path, as_csv(QT))
    assert seen.column("Q1_1") == seen.column("QID7_1") == seen.column("Nieuwe dingen leren") == ["4", "5"]
    assert (seen.layout.response_id, seen.layout.submitted) == (("ResponseId",), "RecordedDate")


@pytest.mark.parametrize("second_row", ["Anfangsdatum Enddatum Antworttyp", "開始日 終了日 種類"])
def test_qualtrics_second_row_is_in_the_language_of_the_account(tmp_path, second_row):
    codes, _, *others = QT
    questions = [*second_row.split(" "), *[""] * (len(codes) - len(second_row.split(" ")))]
    seen = see(tmp_path, as_csv([codes, questions, *others]))
    assert (seen.tool, seen.layout.heading_rows, len(seen.responses)) == ("qualtrics", 3, 2)


def test_qualtrics_import_ids_may_be_python_literals(tmp_path):
    ids = [str(json.loads(cell)) for cell in QT[2]]
    assert ids[0].startswith("{'ImportId'")
    seen = see(tmp_path, as_csv([*QT[:2], ids, *QT[3:]]))
    assert (seen.layout.heading_rows, seen.column("QID7_1"), seen.layout.timezone) == (
        3,
        ["4", "5"],
        "Europe/Amsterdam",
    )


def test_qualtrics_with_a_column_that_somebody_added(tmp_path):
    seen = see(tmp_path, as_csv([[*row, "opmerking" if number == 0 else ""] for number, row in enumerate(QT)]))
    assert (seen.layout.heading_rows, len(seen.responses), seen.column("opmerking")) == (3, 2, ["", ""])


def test_qualtrics_legacy_has_two_rows_a_byte_order_mark_and_an_extra_comma(tmp_path):
    seen = see(tmp_path, as_csv(exports.QUALTRICS_LEGACY, encoding="utf-8-sig"))
    assert (seen.tool, seen.layout.heading_rows) == ("qualtrics", 2)
    assert seen.column("Q1") == seen.column("Nieuwe dingen leren") == ["4"]
    assert seen.column("ResponseID") == seen.column("V1") == ["R_aaa"]


def test_qualtrics_with_heading_rows_taken_out_by_hand(tmp_path):
    codes, questions, ids, *responses = QT
    numbered = [[*row[:6], str(number), *row[7:]] for number, row in enumerate(responses)]
    left_over = ([codes, questions], [codes, ids], [codes])
    for headings in left_over:
        for rows in (responses, numbered):
            seen = see(tmp_path, as_csv([*headings, *rows]))
            assert (seen.tool, seen.layout.heading_rows, len(seen.responses)) == ("qualtrics", len(headings), 2)


def test_qualtrics_published_without_ids_of_responses(tmp_path):
    public = table("""
Progress | Duration (in seconds) | Finished | RecordedDate        | Q1
100      | 61                    | 1        | 2026-10-05 10:00:00 | 4
""")
    seen = see(tmp_path, as_csv(public))
    assert (seen.tool, seen.layout.heading_rows, seen.layout.response_id) == ("qualtrics", 1, ())


@pytest.mark.parametrize(
    ("stated", "zone"),
    [("America/Denver", "America/Denver"), ("Z", "UTC"), ("UTC", "UTC"), ("Moon/Base", None), (None, None)],
)
def test_qualtrics_states_the_zone_of_its_dates(tmp_path, stated, zone):
    names = [json.loads(cell)["ImportId"] for cell in QT[2]]
    seen = see(tmp_path, as_csv([*QT[:2], import_ids(names, stated), *QT[3:]]))
    assert seen.layout.timezone == zone


# LimeSurvey


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-8"])
def test_limesurvey_codes_go_by_subquestion_or_as_expressions_write_them(tmp_path, delimiter, encoding):
    for first in (LIME, exports.with_headings(LIME, **{"MOT[SQ001]": "MOT_SQ001"})):
        seen = see(tmp_path, as_csv(first, delimiter, encoding, quoted=True) + b"\r\n")
        assert (seen.tool, len(seen.responses), seen.column("MOT_SQ001")) == ("limesurvey", 2, ["A4", ""])
        assert (seen.layout.response_id, seen.layout.submitted) == (("id",), "submitdate")


IN_WORDS = {
    "en": "Response ID | Date submitted | Last page | Start language | Seed",
    "de": "Antwort ID | Datum Abgeschickt | Letzte Seite | Start-Sprache | Zufallsgeneratorstartwert",
    "nl": "Respons ID | Datum verstuurd | Laatste pagina | Start taal | Zaad",
    "fr": "ID de la réponse | Date de soumission | Dernière page | Langue de départ | Tête de série",
    "es, which we do not know": "ID de respuesta | Fecha de envío | Última página | Lenguaje inicial | Semilla",
    "pl, which we do not know": "ID odpowiedzi | Data wysłania | Ostatnia strona | Język początkowy | Ziarno losowe",
}


@pytest.mark.parametrize("language", IN_WORDS)
@pytest.mark.parametrize("length", [None, 15])
def test_limesurvey_own_columns_in_the_words_of_its_interface_whole_or_shortened(tmp_path, language, length):
    own = table(IN_WORDS[language])[0]
    if length:
        own = [text if len(text) <= length else text[:length] + ".. " for text in own]
    rows = [[*own, "toegang", "Collectief", "Waarom? [Nieuwe dingen leren]", "Waarom? [Overige]"], *LIME[1:]]
    seen = see(tmp_path, as_csv(rows, ";", quoted=True))
    assert (seen.tool, seen.layout.response_id, seen.layout.submitted) == ("limesurvey", (own[0],), own[1])
    assert (seen.column(own[0]), seen.column("Waarom? [Nieuwe dingen leren]")) == (["7", "9"], ["A4", ""])


def test_limesurvey_before_version_3_has_no_seed(tmp_path):
    rows = [[*row[:4], *row[5:]] for row in LIME]
    spanish = [[*table(IN_WORDS["es, which we do not know"])[0][:4], *rows[0][4:]], *rows[1:]]
    for seen in (see(tmp_path, as_csv(rows)), see(tmp_path, as_csv(spanish))):
        assert (seen.tool, seen.column(seen.layout.submitted)) == ("limesurvey", ["2026-10-05 10:00:00", ""])


@pytest.mark.parametrize("between", ["_", "."])
def test_limesurvey_headings_may_have_another_sign_for_spaces(tmp_path, between):
    own = [cell.replace(" ", between) for cell in table(IN_WORDS["en"])[0]]
    seen = see(tmp_path, as_csv([[*own, *LIME[0][5:]], *LIME[1:]]))
    assert (seen.tool, seen.layout.submitted) == ("limesurvey", f"Date{between}submitted")


@pytest.mark.parametrize("between", [". ", ": ", " - ", " | ", "; "])
def test_limesurvey_code_and_text_with_any_separator_between(tmp_path, between):
    texts = [*table(IN_WORDS["en"])[0], "Toegang", "In welk collectief?", "Waarom? [Nieuwe dingen leren]", ""]
    headings = [f"{code}{between}{text}" for code, text in zip(LIME[0], texts, strict=True)]
    seen = see(tmp_path, as_csv([headings, *LIME[1:]]))
    assert (seen.tool, seen.layout.response_id, seen.layout.submitted) == ("limesurvey", ("id",), "submitdate")
    assert seen.column("MOT[SQ001]") == seen.column("MOT_SQ001") == ["A4", ""]
    assert seen.column("Waarom? [Nieuwe dingen leren]") == seen.column(headings[7]) == ["A4", ""]
    assert seen.layout.questions[6] == "In welk collectief?"


@pytest.mark.parametrize(
    "headings",
    [
        "id. Response ID | G1. In welk collectief? | T01. Nieuwe dingen leren",
        "G1. In welk collectief? | MOT[SQ001]. Waarom? [Nieuwe dingen leren]",
        "G1 | MOT[SQ001] | MOT[other]",
    ],
)
def test_limesurvey_with_its_own_columns_left_out(tmp_path, headings):
    rows = table(headings)
    assert see(tmp_path, as_csv([*rows, ["1"] * len(rows[0])])).tool == "limesurvey"


def test_limesurvey_export_for_importing_again_has_its_codes_on_the_second_row(tmp_path):
    texts = [*table(IN_WORDS["en"])[0], "Toegang", "In welk collectief?", "Nieuwe dingen leren", "Overige"]
    seen = see(tmp_path, as_csv([texts, *LIME], "\t"))
    assert (seen.tool, len(seen.responses), seen.column("MOT_SQ001")) == ("limesurvey", 2, ["A4", ""])
    assert seen.column("Nieuwe dingen leren") == ["A4", ""]


def test_limesurvey_null_is_empty_without_quotes_and_an_empty_answer_is_empty_within_them(tmp_path):
    content = (
        '"id";"submitdate";"lastpage";"seed";"M1";"M2"\r\n"1";;"1";"77777";"";"a;\n;b"\r\n"2";"";"3";"77778";;\r\n'
    )
    seen = see(tmp_path, content.encode("utf-8-sig"))
    assert seen.layout.has_nulls
    assert (seen.column("submitdate"), seen.column("M1"), seen.column("M2")) == (
        [None, ""],
        ["", None],
        ["a;\n;b", None],
    )


def test_a_file_in_which_only_some_cells_have_quotes_holds_no_nulls(tmp_path):
    content = '"id","submitdate","lastpage","M1"\n1,"2026-10-05 10:00:00",3,\n2,,1,\n'
    assert see(tmp_path, content.encode()).column("submitdate") == ["2026-10-05 10:00:00", ""]


def test_limesurvey_full_texts_repeat_and_only_one_that_a_source_names_is_refused(tmp_path):
    seen = see(tmp_path, as_csv([[*LIME[0][:7], "Waarom?", "Waarom?"], *LIME[1:]]))
    assert seen.column("group") == ["watch", "watch"]
    with pytest.raises(Unreadable, match=r"2 columns have the heading 'Waarom\?'"):
        seen.layout.find("Waarom?")


@pytest.mark.parametrize("is_old", [False, True])
def test_limesurvey_json_puts_the_responses_under_a_name(tmp_path, is_old):
    responses = [dict(zip(LIME[0], row, strict=True)) for row in LIME[1:]]
    document = {"responses": [{entry["id"]: entry} if is_old else entry for entry in responses]}
    seen = see(tmp_path, json.dumps(document).encode())
    assert (seen.tool, seen.column("MOT[SQ001]")) == ("limesurvey", ["A4", ""])
