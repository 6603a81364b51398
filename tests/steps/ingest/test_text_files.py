"""Text is decoded by its mark, as strict UTF-8, or as a source declares; nothing in it is guessed or repaired."""

import pytest

from flows.steps.ingest.readers.text_file import TextDialect, read, written
from flows.steps.ingest.readers.unreadable import Unreadable
from tests import programmes
from tests.steps.ingest.exports import as_csv, see

ROWS = [["id", "naam"], ["1", "café"], ["2", "Zoë"]]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_utf_8_with_or_without_a_mark_and_marked_utf_16_need_no_declaration(tmp_path, encoding):
    assert see(tmp_path, as_csv(ROWS, encoding=encoding)).column("naam") == ["café", "Zoë"]


def test_a_mark_of_utf_16_of_either_kind_is_heard(tmp_path):
    for mark, encoding in ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        assert see(tmp_path, mark + as_csv(ROWS, "\t", encoding)).column("naam") == ["café", "Zoë"]


@pytest.mark.parametrize("encoding", ["cp1252", "mac-roman", "cp850", "utf-16-le", "utf-16-be"])
def test_a_declared_encoding_is_used_where_the_text_is_no_utf_8(tmp_path, encoding):
    assert see(tmp_path, as_csv(ROWS, encoding=encoding), [encoding]).column("naam") == ["café", "Zoë"]


def test_a_declared_encoding_does_not_change_what_is_utf_8_already(tmp_path):
    assert see(tmp_path, as_csv(ROWS), ["cp1252"]).column("naam") == ["café", "Zoë"]


def test_utf_16_of_one_source_is_not_tried_on_the_windows_text_of_another(tmp_path):
    content = as_csv(ROWS, encoding="cp1252")
    even = content if len(content) % 2 == 0 else content + b"\n"
    assert see(tmp_path, even, ["utf-16-le", "cp1252"]).column("naam") == ["café", "Zoë"]


def test_without_a_declaration_three_readings_of_a_line_are_shown(tmp_path):
    with pytest.raises(Unreadable, match="not UTF-8") as held:
        see(tmp_path, as_csv(ROWS, encoding="cp1252"))
    assert held.value.readings == {"cp1252": "1,café", "mac-roman": "1,cafÈ", "cp850": "1,cafÚ"}


def test_a_mark_of_utf_8_over_text_of_another_encoding_is_believed_by_nobody(tmp_path):
    with pytest.raises(Unreadable, match="not UTF-8"):
        see(tmp_path, b"\xef\xbb\xbf" + as_csv(ROWS, encoding="cp1252"), ["cp1252"])


def test_lines_of_two_encodings_are_held(tmp_path):
    with pytest.raises(Unreadable, match="not UTF-8"):
        see(tmp_path, as_csv(ROWS[:2]) + as_csv(ROWS[2:], encoding="cp1252"))


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_a_mark_is_held_and_the_declaration_told(tmp_path, encoding):
    with pytest.raises(Unreadable, match="UTF-16 text without a byte order mark") as held:
        see(tmp_path, as_csv(ROWS, encoding=encoding))
    assert held.value.values == {"encoding": encoding}


def test_the_sources_own_encoding_is_used_when_that_of_another_source_fits_as_well(programme):
    for name, encoding, respondent in (("other", "mac-roman", "elders"), ("form", "cp1252", "member")):
        programmes.plain_source(programme, ["learning_1"], name=name, encoding=encoding, respondent=respondent)
    row = programmes.answers(1, group="Zoë") | {"learning_1": "4"}
    (programme.root / "inbox" / "a.csv").write_bytes(as_csv([list(row), map(str, row.values())], encoding="cp1252"))
    assert [export.source for export in programme.ingest().exports] == ["form"]
    assert programme.query("select collective from raw.responses") == [("Zoë",)]


# Delimiters and quotes


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_delimiter_is_the_one_that_gives_every_row_the_same_width(tmp_path, delimiter):
    heading = "Wat vindt u van leren, gezelligheid, invloed; en van: de buurt, en ideeën?"
    text = "\r\n".join(delimiter.join(f'"{cell}"' if delimiter in cell else cell for cell in row) for row in [
        ["id", heading, "leren"], ["1", "ja, best", "4"], ["2", "nee; of toch", "5"]
    ])  # fmt: skip
    assert see(tmp_path, text.encode()).column("leren") == ["4", "5"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_hint_to_spreadsheets_before_the_headings_is_passed_over(tmp_path, encoding):
    text = "sep=;\r\nid;naam, en meer\r\n1;café\r\n"
    assert see(tmp_path, text.encode(encoding)).column("naam, en meer") == ["café"]


def test_cells_may_hold_newlines_quotes_and_delimiters(tmp_path):
    said = 'eerst "zo",\r\ndan; anders\n\nen klaar'
    assert see(tmp_path, as_csv([["id", "tekst"], ["1", said]], quoted=True)).column("tekst") == [said]


@pytest.mark.parametrize("end", [b"", b"\n", b"\r\n\r\n", b",\r\n,\r\n"])
def test_blank_and_empty_rows_at_the_end_are_no_responses(tmp_path, end):
    assert len(see(tmp_path, as_csv(ROWS).rstrip() + b"\r\n" + end).responses) == 2


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("id,naam\n1,a\n2,b,c\n", "Row 3 has 3 cells, but the heading has 2"),
        ('id,naam\n1,"a\n2,b\n', "Near row 2 the quotation marks do not match"),
        ('id,naam\n1,"a" b\n', "Near row 2 the quotation marks do not match"),
        ("id,naam\n1,a\0b\n", "holds NUL bytes"),
        ("id,naam\n1," + "a" * 200_000 + "\n", "a cell is longer than an answer can be"),
    ],
)
def test_what_is_not_well_formed_is_held_with_its_row(tmp_path, content, reason):
    with pytest.raises(Unreadable, match=reason):
        see(tmp_path, content.encode())


def test_words_that_other_readers_take_for_missing_stay_words(tmp_path):
    words = ["NA", "null", "None", "nan", "#N/A", "TRUE", "007", "1e5"]
    assert see(tmp_path, as_csv([["id", "tekst"], *(["1", word] for word in words)])).column("tekst") == words


@pytest.mark.parametrize(
    ("dialect", "cells"),
    [
        (TextDialect("utf-8", ",", True, False), ["a", "", 'b "c"', "d,e", "f\ng", " h "]),
        (TextDialect("utf-8", ";", True, True), ["a", "", None, 'b "c"', "d;e", "f\ng", None]),
        (TextDialect("utf-8", "\t", False, False), ["a", "", 'b "c"', '"', "d,e"]),
    ],
)
def test_a_record_is_written_as_it_is_read(tmp_path, dialect, cells):
    path = tmp_path / "export.csv"
    heading = [f"q{number}" for number, _ in enumerate(cells)]
    path.write_text("\r\n".join([written(heading, dialect), written(cells, dialect), ""]), newline="")
    assert [row for _, row in read(path, dialect)] == [heading, cells]
