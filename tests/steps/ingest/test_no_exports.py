"""What is no export is told what it is, and no export is taken for something else."""

# ruff: noqa: E501 rows of a table
import contextlib
import io
import json
import zipfile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flows.commands.questionnaire import write_questionnaire
from flows.steps.ingest.dialects import FILE_FACTS, recognise
from flows.steps.ingest.readers.grid import open_grids
from flows.steps.ingest.readers.unreadable import Unreadable
from tests.steps.ingest import exports

QUESTIONNAIRE = "This is a questionnaire, not its answers. Export the responses"
REPEAT = "These are the rows of a repeat group, not respondents."
PICTURE, SCRIPT, SYSTEM = "This is an image.", "This is a script", "This is a system file"
PAGE, DOCUMENT, SHORTCUT = "This is a web page.", "This is a text document.", "This is a shortcut"
XML = '<?xml version="1.0" encoding="UTF-8"?>\n'


def _package(*parts: tuple[str, str]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in parts:
            archive.writestr(name, content)
    return file.getvalue()


def _workbook(*sheets: str) -> bytes:
    import xlsxwriter

    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as workbook:
        for name in sheets:
            workbook.add_worksheet(name).write_row(0, 0, ["type", "name", "label"])
    return file.getvalue()


def _old_office(entry: str) -> bytes:
    header = bytearray(512)
    header[:8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    header[30:32] = (9).to_bytes(2, "little")
    header[48:52] = (1).to_bytes(4, "little")
    directory = b"".join(name.encode("utf-16-le").ljust(128, b"\0") for name in ("Root Entry", entry))
    return bytes(header) + bytes(512) + directory.ljust(512, b"\0")


NO_EXPORTS: dict[str, tuple[bytes | str, str]] = {
    # Questionnaires.
    "limesurvey.lss": (f"{XML}<document>\n <LimeSurveyDocType>Survey</LimeSurveyDocType>\n</document>", QUESTIONNAIRE),
    "group.lsg": (f"\ufeff{XML}<document>\n<LimeSurveyDocType>Group</LimeSurveyDocType></document>", QUESTIONNAIRE),
    "qualtrics.qsf": (
        json.dumps({"SurveyEntry": {"SurveyID": "SV_1"}, "SurveyElements": [{"Element": "BL", "Payload": []}]}),
        QUESTIONNAIRE,
    ),
    "structure.txt": (
        "\ufeffid\trelated_id\tclass\ttype/scale\tname\trelevance\ttext\thelp\tlanguage\n"
        "\t\tS\t\tlanguage\t\tnl\t\t\n\t\tQ\tL\tconsent\t1\tDoet u mee?\t\tnl\n",
        QUESTIONNAIRE,
    ),
    "form.xlsx": (_workbook("survey", "choices", "settings"), QUESTIONNAIRE),
    "sheet of a form.csv": (
        "type,name,label::Nederlands (nl)\nstart,start,\nselect_one a,group,Welke?\n",
        QUESTIONNAIRE,
    ),
    "choices.csv": ("list_name,name,label\nyesno,yes,Ja\n", QUESTIONNAIRE),
    "asset.json": (json.dumps({"name": "x", "content": {"survey": [{"type": "text", "name": "q"}]}}), QUESTIONNAIRE),
    "form.xml": (
        '<?xml version="1.0"?>\n<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml">',
        QUESTIONNAIRE,
    ),
    # Rows that are no respondents.
    "kobo repeat.csv": ("name;_index;_parent_table_name;_parent_index;_submission__id\nAn;1;form;1;7\n", REPEAT),
    "odk repeat.csv": ("child-name,PARENT_KEY,KEY\nAn,uuid:1,uuid:1/child[1]\n", REPEAT),
    # Pictures.
    "a.gif": (b"GIF89a\1\0\1\0", PICTURE),
    "a.webp": (b"RIFF\x24\0\0\0WEBPVP8 ", PICTURE),
    "a.heic": (b"\0\0\0\x18ftypheic\0\0\0\0", PICTURE),
    "a.avif": (b"\0\0\0\x1cftypavif\0\0\0\0", PICTURE),
    "a.svg": (f"{XML}<!-- made by hand -->\n<svg xmlns='http://www.w3.org/2000/svg'/>", PICTURE),
    "bare.svg": ("<svg width='1'><title>id,member</title></svg>", PICTURE),
    "a.tiff": (b"II*\0\x08\0\0\0", PICTURE),
    "a.bmp": (b"BM\x36\0\0\0\0\0\0\0\x36\0", PICTURE),
    "a.mp4": (b"\0\0\0\x18ftypisom\0\0\2\0", "a video or audio file"),
    # What systems and programs leave behind.
    "desktop.ini": ("\r\n[.ShellClassInfo]\r\nIconResource=C:\\x.dll,3\r\n", SYSTEM),
    "desktop in UTF-16.ini": ("\ufeff[.ShellClassInfo]\r\nIconIndex=0\r\n".encode("utf-16-le"), SYSTEM),
    "Thumbs.db": (_old_office("Catalog"), SYSTEM),
    ".DS_Store": (b"\0\0\0\1Bud1\0\0\x10\0", SYSTEM),
    "._export.csv": (b"\0\5\x16\7\0\2\0\0Mac OS X        ", SYSTEM),
    "export.lnk": (b"L\0\0\0\1\x14\2\0\0\0\0\0\xc0\0\0\0", SHORTCUT),
    "survey.url": ("[InternetShortcut]\r\nURL=https://example.org/\r\n", SHORTCUT),
    # Pages, documents and archives.
    "page.html": ("\n<!-- saved -->\n<!DOCTYPE html>\n<html><body>id,member</body></html>", PAGE),
    "table.xls": ("<table border=1><tr><td>id</td></tr></table>", PAGE),
    "letter.docx": (_package(("[Content_Types].xml", "<Types/>"), ("word/document.xml", "<w/>")), DOCUMENT),
    "slides.pptx": (
        _package(("[Content_Types].xml", "<Types/>"), ("ppt/presentation.xml", "<p/>")),
        "This is a presentation.",
    ),
    "letter.odt": (_package(("mimetype", "application/vnd.oasis.opendocument.text")), DOCUMENT),
    "table.ods": (_package(("mimetype", "application/vnd.oasis.opendocument.spreadsheet")), "OpenDocument format (.ods)"),
    "letter.doc": (_old_office("WordDocument"), DOCUMENT),
    "old.xls": (_old_office("Workbook"), "the old Excel format"),
    "letter.rtf": (r"{\rtf1\ansi id,member}", DOCUMENT),
    "a.7z": (b"7z\xbc\xaf\x27\x1c\0\4", "a compressed file"),
    "responses.lsr": (f"{XML}<document>\n<LimeSurveyDocType>Responses</LimeSurveyDocType></document>", "(.lsr)"),
    "old xml.xls": (f'{XML}<?mso-application progid="Excel.Sheet"?>\n<Workbook/>', "Excel's old XML format"),
    "codebook.xml": (f"{XML}<codeBook/>", "This is an XML file"),
    # Scripts.
    "read.py": ('#: reads\n"""Reads the export.\n\nid,member\n"""\n\nimport csv\nfrom pathlib import Path\n', SCRIPT),
    "shell.py": ("#!/usr/bin/env python3\nprint(1)\n", SCRIPT),
    "settings.py": ('NAME = "x"\nimport csv\nROWS = 3\nprint(NAME)\n', SCRIPT),
    "survey_R_syntax.R": ('data <- read.csv("survey_1_R_data_file.csv", quote = "\'\\"")\n\n# LimeSurvey\n', SCRIPT),
    "analysis.R": ("# Analysis, first part\nlibrary(dplyr)\n", SCRIPT),
    "survey_SPSS_syntax.sps": (
        "*$Rev: 121017 $.\n*$Date: 2010 $.\nSET UNICODE=ON.\nSHOW LOCALE.\nGET DATA\n /TYPE=TXT\n /FILE='x.dat'.\n",
        SCRIPT,
    ),
    "labels.sps": ("VARIABLE LABELS V1 'Response ID, of the tool'.\nEXECUTE.\n", SCRIPT),
    "page.js": ("// Copies the answers\nconst rows = [1, 2];\n", SCRIPT),
    "embed.js": ("(function () {\n  return 1;\n})();\n", SCRIPT),
}  # fmt: skip


def _open(path, content: bytes | str):
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return recognise(open_grids(path, [], FILE_FACTS)[0])


@pytest.mark.parametrize("name", NO_EXPORTS)
def test_what_is_no_export_is_told_what_it_is(tmp_path, name):
    content, sentence = NO_EXPORTS[name]
    with pytest.raises(Unreadable) as refused:
        _open(tmp_path / "landed", content)
    assert sentence in f"{refused.value.reason} {refused.value.advice}"


@pytest.mark.parametrize("tool", ["limesurvey", "qualtrics", "xlsform"])
def test_the_questionnaire_that_we_write_ourselves_is_no_export(programme, tmp_path, tool):
    from flows.programme.loading import load_programme

    written = write_questionnaire(
        load_programme(programme.settings), tool, "nl", programme.settings.folder, tmp_path
    ).paths
    with pytest.raises(Unreadable) as refused:
        _open(tmp_path / "landed", written[0].read_bytes())
    assert QUESTIONNAIRE in f"{refused.value.reason} {refused.value.advice}"


HEADINGS = [
    "Function (role),group", "Functie (rol) [1],{", "Select the group you are from,leren", "Options (choose one),b(c)",
    "Preserve nature,x", "Missing values,y", "Set = 1,2", "Class id,What do you think:", "import date,x", "From where,x",
    "1 = oneens 5 = eens,x", "A = ja,B = nee", "BMI,age", "MM,II", "GIFT,x", "Let op = x,y", "#,Vraag", "# id,vraag",
    "*verplicht,vraag", "-- id,x", "<strong>Naam</strong>,x", "<p>Vraag</p>,y", "[id],[naam]", "type,name,label",
    "name,label,group", "class,name,text", "PK,x", "data list,x", "Compute,x", "Execute,x", "const,var", "def,class",
]  # fmt: skip


@pytest.mark.parametrize("heading", HEADINGS)
def test_a_heading_that_reads_somewhat_like_something_else_is_a_heading(tmp_path, heading):
    row = ",".join("4" for _ in heading.split(","))
    assert _open(tmp_path / "landed", f"{heading}\n{row}\n{row}\n")[1].headings[0] == heading.split(",")[0]


def test_settings_are_no_script(tmp_path):
    assert _open(tmp_path / "landed", 'name = "x"\nlanguage = "nl"\nmonths = 3\n')[0].tool == "plain"


@pytest.mark.parametrize("name", exports.EXPORTS)
def test_an_export_of_a_tool_is_one(tmp_path, name):
    tool, rows, _ = exports.EXPORTS[name]
    assert _open(tmp_path / "landed", exports.as_csv(rows))[0].tool == tool


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.sampled_from(
            ["id", "Naam", "Vraag (1)", "a = b", "import", "class", "<b>x</b>", "# nr", "Function", "label"]
        ),
        min_size=2,
        max_size=5,
        unique=True,
    )
)
def test_no_row_of_headings_is_taken_for_a_script_or_a_page(tmp_path, headings):
    content = exports.as_csv([headings, ["4"] * len(headings), ["x = 1"] * len(headings)])
    assert _open(tmp_path / "landed", content)[1].headings == tuple(headings)


@pytest.mark.parametrize("part", ["<!---->", "<!-- ", "/**/", "# \n", '"""', "<table>", "\n"])
def test_remarks_without_an_end_take_no_time(tmp_path, part):
    import time

    begun = time.process_time()
    (tmp_path / "landed").write_text(part * 40_000)
    with contextlib.suppress(Unreadable):
        recognise(open_grids(tmp_path / "landed", [], FILE_FACTS)[0])
    assert time.process_time() - begun < 3
