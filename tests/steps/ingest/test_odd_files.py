"""What only looks odd is read as what it is: sheets that lie about themselves, headings, accents, formulas."""

import json

import pytest

from tests import programmes
from tests.steps.ingest.hostile_files import drop, good_objects, good_table, sheet, table, unnumbered, workbook


def test_a_sheet_that_lies_about_its_size_is_read_by_its_cells(programme):
    """`<dimension>` claims a billion cells; there are as many as stand there."""
    programmes.plain_source(programme, programmes.ITEMS)
    content = workbook(sheet(unnumbered(good_table()), dimension='<dimension ref="A1:XFD1048576"/>'))
    assert [export.rows for export in drop(programme, "a.xlsx", content).exports] == [6]
    assert {len(path.name) for path in programme.settings.folder.landed.iterdir()} == {64}


def test_a_far_cell_that_was_only_given_a_colour_does_no_harm(programme):
    programmes.plain_source(programme, programmes.ITEMS)
    coloured = '<row r="1048576"><c r="XFD1048576" s="1"/></row>'
    content = workbook(sheet([*unnumbered(good_table()), coloured]))
    assert [export.rows for export in drop(programme, "a.xlsx", content).exports] == [6]


def test_a_sheet_that_begins_in_the_middle_is_read_from_its_first_column(programme):
    """Row numbers stay those that the steward sees in Excel."""
    programmes.plain_source(programme, programmes.ITEMS)
    import xlsxwriter

    path = programme.root / "inbox" / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        page = book.add_worksheet()
        for number, row in enumerate(good_table()):
            page.write_row(number + 3, 2, row)
    assert [export.rows for export in programme.ingest().exports] == [6]
    assert programme.query("select min(row_number), max(row_number) from raw.responses") == [(5, 10)]


def test_a_heading_that_begins_as_a_package_does_is_text(programme):
    programmes.plain_source(programme, programmes.ITEMS)
    rows = good_table()
    rows[0][0] = "PK"
    programmes.plain_source(programme, programmes.ITEMS, response_id="PK")
    assert [export.rows for export in drop(programme, "a.csv", table(rows).encode()).exports] == [6]


@pytest.mark.parametrize(
    "heading", ['"); drop table raw.responses; --', "'; delete from raw.exports; --", "{{ 7 * 7 }}", "%s %(x)s %n"]
)
def test_a_heading_is_a_name_whatever_it_says(programme, heading):
    rows = good_table()
    rows[0][rows[0].index("learning_2")] = heading
    source = programmes.plain_source(programme, programmes.ITEMS)
    source.write_text(source.read_text().replace('learning_2: "learning_2"', f"learning_2: {json.dumps(heading)}"))
    assert [export.rows for export in drop(programme, "a.csv", table(rows).encode()).exports] == [6]
    assert programme.query("select count(*) from raw.responses") == [(6,)]
    unmapped = drop(programme, "b.csv", table([[heading, "x"], ["1", "2"]]).encode())
    assert "No source describes this file" in unmapped.unread[0].sentence


def test_an_answer_that_looks_like_a_formula_stays_text_and_is_no_answer(programme):
    formulas = ['=HYPERLINK("http://example.org";"5")', "+5", "-5", "@5", "'=5", "=5"]
    rows = good_table()
    for row, formula in zip(rows[1:], formulas, strict=True):
        row[rows[0].index("learning_2")] = formula
    programmes.plain_source(programme, programmes.ITEMS)
    programme.validate(ingested=drop(programme, "a.csv", table(rows).encode()))
    assert programme.query("select answers['learning_2'] from raw.responses order by row_number") == [
        (formula,) for formula in formulas
    ]
    words = dict(programme.query("select text, word from validated.readings where field = 'learning_2'"))
    assert {formula: words[formula] in ("unknown", "out_of_range") for formula in formulas} == dict.fromkeys(
        formulas, True
    )


@pytest.mark.parametrize(
    "heading",
    ["\u202elearning_2", "learn\u200bing_2", "\ufefflearning_2", "learning_2\u2066", " learning_2\u00a0"],
)
def test_what_nobody_sees_in_a_heading_makes_no_difference(programme, heading):
    rows = good_table()
    rows[0][rows[0].index("learning_2")] = heading
    programmes.plain_source(programme, programmes.ITEMS)
    assert [export.rows for export in drop(programme, "a.csv", table(rows).encode()).exports] == [6]


COMPOSED, DECOMPOSED = "Hoe gaat het met je caf\u00e9?", "Hoe gaat het met je cafe\u0301?"


@pytest.mark.parametrize("written", [COMPOSED, DECOMPOSED])
def test_a_heading_is_the_same_in_either_way_of_writing_an_accent(programme, written):
    rows = good_table()
    rows[0][rows[0].index("learning_2")] = written
    source = programmes.plain_source(programme, programmes.ITEMS)
    source.write_text(source.read_text().replace('learning_2: "learning_2"', f'learning_2: "{COMPOSED}"'))
    assert [export.rows for export in drop(programme, "a.csv", table(rows).encode()).exports] == [6]


def test_two_headings_that_differ_in_the_way_of_writing_an_accent_are_not_told_apart(programme):
    rows = [[*row, 5] for row in good_table()]
    rows[0][rows[0].index("learning_2")], rows[0][-1] = COMPOSED, DECOMPOSED
    source = programmes.plain_source(programme, programmes.ITEMS)
    source.write_text(source.read_text().replace('learning_2: "learning_2"', f'learning_2: "{COMPOSED}"'))
    held = drop(programme, "a.csv", table(rows).encode()).unread
    assert "2 columns have the heading" in held[0].sentence


def test_half_a_character_in_json_becomes_a_question_mark(programme):
    """A phone cuts a text in the middle of an emoji, and no other format can hold what is left of it."""
    programmes.plain_source(programme, programmes.ITEMS)
    objects = good_objects(member="\ud83d", learning_2="\ud83d", group="watch\udfff", id="r\ud800", submitted="\ud800")
    assert [export.rows for export in drop(programme, "a.json", json.dumps(objects).encode()).exports] == [6]
    assert ("?",) in programme.query("select answers['learning_2'] from raw.responses")


def test_values_of_json_that_are_no_answers_stay_text(programme):
    programmes.plain_source(programme, programmes.ITEMS)
    objects = good_objects(learning_2={"a": [1, {"b": None}]}, id=[1], group=10**4000, member=True, submitted=1e308)
    text = json.dumps(objects).replace("1e+308", "1e999")
    assert [export.rows for export in drop(programme, "a.json", text.encode()).exports] == [6]
