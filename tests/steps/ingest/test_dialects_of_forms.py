"""What the exports of form builders have of their own: Microsoft and Google Forms, SurveyMonkey and Typeform."""

from datetime import datetime, timedelta

import pytest

from flows.steps.ingest.readers.unreadable import Unreadable
from tests.steps.ingest import exports
from tests.steps.ingest.exports import as_csv, as_workbook, see, table, with_headings


def _moment(text: str) -> datetime:
    """A cell of a workbook, which knows no zones."""
    return datetime.fromisoformat(text)


# Microsoft Forms


@pytest.mark.parametrize(
    "own",
    [
        "ID | Begintijd | Tijd van voltooien | E-mail | Naam | Tijd van laatste wijziging",
        "ID | Begintijd | Voltooiingstijd | E-mail | Naam",
        "ID | Start time | Completion time | Email | Name | Last modified time",
        "Id | Start time | Completion time | Email | Name | Language",
        "ID | Startzeit | Fertigstellungszeit | E-Mail | Name",
        "ID | Heure de début | Heure de fin | Adresse de messagerie | Nom",
        "ID | Hora de inicio | Hora de finalización",
        " | Start time | Completion time | Email",
    ],
)
def test_microsoft_forms_in_the_language_of_who_downloads_with_or_without_names(tmp_path, own):
    headings = table(own)[0]
    completed = _moment("2026-10-05 10:00:05")
    row = [1.0, completed - timedelta(minutes=9), completed, *["anonymous"] * (len(headings) - 3), "Belangrijk"]
    seen = see(tmp_path, as_workbook([[*headings, "Nieuwe dingen leren"], row]))
    assert (seen.tool, seen.layout.submitted) == ("microsoft_forms", headings[2])
    assert seen.layout.response_id == ((headings[0],) if headings[0] else ())
    assert (seen.responses[0][0], seen.column(headings[2])) == ("1", ["2026-10-05 10:00:05"])


def test_microsoft_forms_numbers_a_title_that_it_uses_twice_and_leaves_spaces_behind(tmp_path):
    own = exports.MICROSOFT_FORMS[0][:5]
    rows = [[*own, "Eerste\xa0keuze ", "Keuze ", "Keuze 2"], ["1", *["2026-10-05 10:00:00"] * 2, "", "", "a", "b", "c"]]
    seen = see(tmp_path, as_csv(rows))
    assert [seen.column(name) for name in ("Eerste keuze", "Keuze", "Keuze 2")] == [["a"], ["b"], ["c"]]


def test_microsoft_forms_saved_again_as_text_in_a_dutch_spreadsheet(tmp_path):
    rows = [[*row[:5], row[5].replace("i", "ï"), row[6]] for row in exports.MICROSOFT_FORMS]
    seen = see(tmp_path, as_csv(rows, ";", "cp1252"), ["cp1252"])
    assert (seen.tool, seen.column("In welk collectïef?")) == ("microsoft_forms", ["Buurtwacht", "Buurtwacht"])


# Google Forms


@pytest.mark.parametrize("stamp", ["Tijdstempel", "Timestamp", "Zeitstempel", "Horodateur", "Marca temporal"])
def test_google_forms_as_text_and_as_the_workbook_of_its_sheet(tmp_path, stamp):
    named = with_headings(exports.GOOGLE_FORMS, Tijdstempel=stamp)
    moments = [named[0], *([_moment("2026-10-05 10:00:00.123"), *row[1:]] for row in named[1:])]
    for content in (as_csv(named), as_workbook(moments, more_sheets=1)):
        seen = see(tmp_path, content)
        assert (seen.tool, seen.layout.submitted, seen.layout.response_id) == ("google_forms", stamp, ())
        assert seen.column("Hoe belangrijk? [Gezelligheid]") == ["Belangrijk", "Belangrijk"]
    assert seen.column(stamp)[0].startswith("2026-10-05 10:00:00.123")


def test_google_forms_asks_the_same_question_twice(tmp_path):
    headings = ["Tijdstempel", "Hoe belangrijk?", "Hoe \nbelangrijk?", "Spalte 34"]
    seen = see(tmp_path, as_workbook([headings, ["10/5/2026 10:00:00", "a", "b", ""]]))
    with pytest.raises(Unreadable, match="2 columns have the heading"):
        seen.layout.find("Hoe belangrijk?")
    assert seen.column("spalte 34") == [""]


@pytest.mark.parametrize("heading", ["timestamp", "Timestamp"])
def test_a_column_of_words_called_timestamp_is_no_google_form(tmp_path, heading):
    seen = see(tmp_path, as_csv([["id", heading], ["1", "unix" if heading == "Timestamp" else "2026-10-05"]]))
    assert seen.tool == "plain"


# SurveyMonkey


def test_surveymonkey_condensed_has_an_option_row_that_is_no_response(tmp_path):
    seen = see(tmp_path, as_csv(exports.SURVEYMONKEY))
    assert (seen.layout.heading_rows, seen.layout.response_id, seen.layout.submitted) == (
        2,
        ("Respondent ID",),
        "End Date",
    )
    assert seen.column("Nieuwe dingen leren") == ["Heel belangrijk", "Belangrijk"]


def test_surveymonkey_expanded_has_a_question_over_several_options(tmp_path):
    expanded = table("""
Respondent ID | Collector ID | End Date            | Waarom doet u mee?  |              |                         | Nog iets?
              |              |                     | Nieuwe dingen leren | Gezelligheid | Other (please specify)  | Open-Ended Response
114000000001  | 400000001    | 10/13/2026 10:00:00 | 4                   | 5            |                         | nee
""")  # noqa: E501
    seen = see(tmp_path, as_csv(expanded))
    assert seen.column("Waarom doet u mee? [Gezelligheid]") == seen.column("Gezelligheid") == ["5"]
    assert seen.column("Nog iets?") == ["nee"]
    with pytest.raises(Unreadable, match="3 columns have the heading"):
        seen.layout.find("Waarom doet u mee?")


def test_surveymonkey_with_its_two_rows_merged_by_hand(tmp_path):
    seen = see(tmp_path, as_csv([exports.SURVEYMONKEY[0], *exports.SURVEYMONKEY[2:]]))
    assert (seen.tool, seen.layout.heading_rows, len(seen.responses)) == ("surveymonkey", 1, 2)


def test_surveymonkey_with_nothing_at_all_on_its_second_row(tmp_path):
    headings, options, *responses = exports.SURVEYMONKEY
    seen = see(tmp_path, as_csv([headings, [""] * len(options), *responses]))
    assert (seen.tool, len(seen.responses)) == ("surveymonkey", 2)


@pytest.mark.parametrize(
    ("own", "filler"),
    [
        ("Teilnehmer-ID | Collector-ID | Startdatum | Enddatum | Eigene Daten 1", "Antwort"),
        ("ID du répondant | ID du collecteur | Date de début | Date de fin | Données 1", "Réponse"),
    ],
)
def test_surveymonkey_in_another_language_is_known_by_its_numbers_over_a_blank(tmp_path, own, filler):
    headings = [*table(own)[0], "Nieuwe dingen leren"]
    rows = [headings, [*exports.SURVEYMONKEY[1][:-1], filler], *exports.SURVEYMONKEY[2:]]
    seen = see(tmp_path, as_csv(rows, ";"))
    assert (seen.tool, seen.layout.heading_rows, seen.layout.response_id) == ("surveymonkey", 2, (headings[0],))
    assert (seen.layout.submitted, len(seen.column("Nieuwe dingen leren"))) == (headings[3], 2)


def test_surveymonkey_of_today_has_codes_for_its_own_columns_in_every_language(tmp_path):
    codes = ["respondent_id", "collector_id", "date_created", "date_modified", "custom_1", "Nieuwe dingen leren"]
    seen = see(tmp_path, as_csv([codes, *exports.SURVEYMONKEY[1:]]))
    assert (seen.tool, seen.layout.heading_rows, len(seen.responses)) == ("surveymonkey", 2, 2)
    assert (seen.layout.response_id, seen.layout.submitted) == (("respondent_id",), "date_modified")


def test_a_plain_table_with_respondent_ids_loses_no_row_to_a_second_heading(tmp_path):
    for name, ids in (("RespondentID", ["r1", "r2"]), ("respondent_id", ["1000001", "1000002"])):
        seen = see(tmp_path, as_csv([[name, "leren"], [ids[0], "4"], [ids[1], "5"]]))
        assert (seen.tool, seen.column(name)) == ("plain", ids)


# Typeform


def test_typeform_has_markup_in_its_headings_and_times_in_utc(tmp_path):
    seen = see(tmp_path, as_csv(exports.TYPEFORM))
    assert seen.column("Nieuwe dingen leren") == ["Heel belangrijk", "Belangrijk"]
    assert (seen.layout.response_id, seen.layout.submitted, seen.layout.timezone) == (
        ("#",),
        "Submit Date (UTC)",
        "UTC",
    )


@pytest.mark.parametrize("headings", ["Leren | Submitted At | Token", "Leren | Submit Date (UTC) | Start Date (UTC)"])
def test_typeform_in_a_google_sheet_or_without_its_number_of_the_response(tmp_path, headings):
    seen = see(tmp_path, as_csv([*table(headings), ["4", "2026-10-05 10:00:00", "k3x9a"]]))
    assert (seen.tool, seen.layout.response_id) == ("typeform", ("Token",) if "Token" in headings else ())


def test_typeform_repeats_a_heading_for_every_choice_that_is_called_the_same(tmp_path):
    rows = [[row[0], "Ja", "Ja", *row[3:]] for row in exports.TYPEFORM]
    seen = see(tmp_path, as_csv(rows))
    assert seen.tool == "typeform"
    with pytest.raises(Unreadable, match="2 columns have the heading"):
        seen.layout.find("Ja")
