"""Whoever does what a sentence about a held file says has the answers read: shown for every sentence in the code.

A new sentence needs a scenario here, or the name of the test that shows it (SHOWN_IN).
"""

import ast
import json
import os
import re
import shutil
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest

from flows.commands import erase
from flows.commands.map import map_file
from flows.privacy.retention import expire
from flows.steps.ingest.landing import copying, inbox
from flows.steps.ingest.readers import grid
from tests import programmes
from tests.programmes import ITEMS, TestProgramme, plain_source
from tests.selection import ordinarily
from tests.steps.ingest.exports import as_csv, as_workbook
from tests.steps.ingest.hostile_files import good_table, spss, table, zipped
from tests.steps.ingest.test_hostile_files import HELD
from tests.steps.ingest.test_no_exports import NO_EXPORTS

ROOT = Path(__file__).parents[3]
COUNT = 8
ZONE = "timezone: Europe/Amsterdam"

# The sentences of the code


@dataclass(frozen=True)
class Sentence:
    """What is wrong with a file, and what the steward can do."""

    reason: str
    advice: str


def _sentences() -> list[Sentence]:
    """Every sentence that holds a file; one tool's day that is no date shares the advice of `no_date.sentence`."""
    found, no_dates = {}, []
    for path in sorted((ROOT / "flows").rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        if "Unreadable(" not in text and "NoDate(" not in text:
            continue
        for call in ast.walk(ast.parse(text)):
            if not (isinstance(call, ast.Call) and isinstance(call.func, ast.Name)):
                continue
            given = [argument.value if isinstance(argument, ast.Constant) else ast.unparse(argument)
                     for argument in (*call.args, *(keyword.value for keyword in call.keywords))]  # fmt: skip
            if call.func.id == "NoDate":
                no_dates += [text for text in given if " is " in text or " writes " in text]
            elif call.func.id == "Unreadable" and path.name != "unreadable.py":
                found[given[0]] = given[1]
    advice = found.pop("no_date.sentence")
    return [Sentence(*pair) for pair in (found | dict.fromkeys(no_dates, advice)).items()]


SENTENCES = {sentence.reason: sentence for sentence in _sentences()}

# Where the advice is to drop a good file instead


def _again(reason: str) -> bytes:
    """A file that is held for this reason."""
    content = AGAIN[reason]
    content = content() if callable(content) else content
    return content.encode() if isinstance(content, str) else content


AGAIN: dict[str, Callable[[], bytes | str] | bytes | str] = {
    "The file is empty.": b"",
    "The file holds no rows.": b"[]",
    "A line of this file is longer than any row of answers can be.": lambda: b"," * 9 * 1024**2,
    "The JSON file cannot be read: it is damaged or was cut off.": HELD["cut off.json"][0],
    "This JSON file is not a list of responses.": b'{"a": 1}',
    "This is a questionnaire, not its answers.": NO_EXPORTS["limesurvey.lss"][0],
    "This is a text document.": NO_EXPORTS["letter.docx"][0],
    "This is a presentation.": NO_EXPORTS["slides.pptx"][0],
    "This is an image.": NO_EXPORTS["a.gif"][0],
    "This is a video or audio file.": NO_EXPORTS["a.mp4"][0],
    "This is a compressed file.": NO_EXPORTS["a.7z"][0],
    "This is a PDF, whatever its name says.": b"%PDF-1.7 nothing",
    "This is a workbook of the old Excel format (.xls), or one with a password.": NO_EXPORTS["old.xls"][0],
    "This is a workbook of Excel's old XML format.": NO_EXPORTS["old xml.xls"][0],
    "This is a shortcut to a file or a page.": NO_EXPORTS["survey.url"][0],
    "This is a web page.": NO_EXPORTS["page.html"][0],
    "This is a script that reads or handles data, not the data.": NO_EXPORTS["read.py"][0],
    "This is an XML file, not a table of responses.": NO_EXPORTS["codebook.xml"][0],
    "This is a LimeSurvey response archive (.lsr).": NO_EXPORTS["responses.lsr"][0],
    "These are the rows of a repeat group, not respondents.": NO_EXPORTS["odk repeat.csv"][0],
    "This is a workbook of the OpenDocument format (.ods).": NO_EXPORTS["table.ods"][0],
    "The workbook cannot be read: it is damaged, or far larger than it looks.": HELD["cut off.xlsx"][0],
    "The workbook holds the same part twice, so it is not clear which one counts.": HELD["a part twice.xlsx"][0],
    "A sheet extends to cell %(cell)s, far beyond the answers in it.": HELD["a far cell.xlsx"][0],
    "The workbook contains an XML document type declaration, which no survey tool writes.": HELD[
        "an entity in the strings.xlsx"
    ][0],
    "Reading this file takes more time, memory or disk than the export of a survey can need.": HELD[
        "a name for each of 3,000 rows.json"
    ][0],
    "The file has %(columns)s columns, more than a spreadsheet can have.": HELD["20,000 columns.csv"][0],
    "Row %(row)s holds more than %(most)s characters.": HELD["a cell of 3 MB.xlsx"][0],
    "The SPSS file cannot be read: it is damaged or was cut off, or its text has an encoding that it does not name.": (
        HELD["cut off.sav"][0]
    ),
    "The file holds NUL bytes: it is damaged, or it is not text.": HELD["NUL bytes.csv"][0],
    "The text begins as UTF-16, but is damaged or was cut off.": HELD["UTF-16 cut in a letter.tsv"][0],
    "Near row %(row)s the quotation marks do not match, or a cell is longer than an answer can be.": HELD[
        "an unclosed quote.csv"
    ][0],
    "Row %(row)s has %(cells)s cells, but the heading has %(width)s.": HELD["ragged.csv"][0],
}

# What a steward drops who follows an advice that names this format.
FORMATS: dict[str, tuple[str, Callable[[], bytes]]] = {
    "CSV": ("CSV", lambda: table(good_table(COUNT)).encode()),
    "workbook": (r"XLSX|\.xlsx", lambda: as_workbook(good_table(COUNT))),
    "SPSS": (r"\.sav", spss),
    "JSON": ("JSON objects", lambda: json.dumps([programmes.answers(n) for n in range(1, COUNT + 1)]).encode()),
}


def _named_formats(reason: str) -> list[str]:
    """The formats that the advice names; CSV where it names none."""
    advice = SENTENCES[reason].advice if reason in SENTENCES else ""
    return [name for name, (word, _) in FORMATS.items() if re.search(word, advice)] or ["CSV"]


# Where the advice is something else: what is wrong, then `yield`, then what the advice says

Scenario = Callable[[TestProgramme, pytest.MonkeyPatch], Iterator[None]]
SCENARIOS: list[tuple[str, Scenario]] = []


def of(reason: str) -> Callable[[Scenario], Scenario]:
    def add(scenario: Scenario) -> Scenario:
        SCENARIOS.append((reason, scenario))
        return scenario

    return add


def _drop(programme: TestProgramme, content: bytes | None = None, name: str = "answers.csv") -> Path:
    """A file in the inbox, by default a good export of the plain form."""
    path = programme.root / "inbox" / name
    path.unlink(missing_ok=True)
    path.write_bytes(table(good_table(COUNT)).encode() if content is None else content)
    return path


def _rows(**changes: object) -> list[dict[str, object]]:
    return [programmes.answers(number, **changes) for number in range(1, COUNT + 1)]


def _edit(programme: TestProgramme, old: str, new: str, name: str = "form") -> None:
    source = programme.root / "sources" / f"{name}.yaml"
    assert old in source.read_text()
    source.write_text(source.read_text().replace(old, new))


NOT_UTF_8 = "The text is not UTF-8, and no source declares another encoding in which it can be read."
CAFE = {"group": "Café"}
OF_CAFE = "collective: {from: column, column: group, values: {Café: watch}}"


def _text(encoding: str) -> bytes:
    return as_csv([list(_rows()[0]), *[[str(cell) for cell in row.values()] for row in _rows(**CAFE)]], ",", encoding)


@of(NOT_UTF_8)
def its_encoding_is_declared(programme, _):
    plain_source(programme, ITEMS, collective=OF_CAFE)
    _drop(programme, _text("cp1252"))
    yield
    plain_source(programme, ITEMS, collective=OF_CAFE, encoding="cp1252")


@of(NOT_UTF_8)
def it_is_saved_as_utf_8(programme, _):
    plain_source(programme, ITEMS, collective=OF_CAFE)
    _drop(programme, _text("cp1252"))
    yield
    _drop(programme, _text("utf-8"))


@of("This is UTF-16 text without a byte order mark.")
def the_named_utf_16_is_declared(programme, _):
    plain_source(programme, ITEMS)
    _drop(programme, _text("utf-16-le").replace("Café".encode("utf-16-le"), "watch".encode("utf-16-le")))
    yield
    [held] = programme.ingest().unread
    plain_source(programme, ITEMS, encoding=held.values["encoding"])


LARGE = "This file is larger than 256 MB, the limit for this format."


@of(LARGE)
def csv_has_no_such_limit(programme, patch):
    plain_source(programme, ITEMS)
    patch.setattr(grid, "_LARGEST_WHOLE", 1000)
    _drop(programme, as_workbook(good_table(COUNT)), "answers.xlsx")
    yield
    (programme.root / "inbox" / "answers.xlsx").unlink()
    assert _drop(programme).stat().st_size > 1000


HUGE = "This file is larger than 2 GB."


@of(HUGE)
def fewer_columns_are_exported(programme, patch):
    plain_source(programme, ITEMS)
    wide = [[*row, "x" * 1000] for row in good_table(COUNT)]
    patch.setattr(inbox, "LARGEST", 5000)
    _drop(programme, table(wide).encode())
    yield
    assert _drop(programme).stat().st_size < 5000


@of("This is a zip archive, not an export.")
def it_is_unpacked(programme, _):
    plain_source(programme, ITEMS)
    packed = zipped(("answers.csv", table(good_table(COUNT))))
    path = _drop(programme, packed, "answers.zip")
    yield
    path.unlink()
    zipfile.ZipFile(BytesIO(packed)).extractall(path.parent)


@of("This is a system file, not an export.")
def it_is_deleted(programme, _):
    programmes.with_answers(programme, COUNT)
    path = _drop(programme, NO_EXPORTS["desktop.ini"][0].encode(), "desktop.ini")
    yield
    path.unlink()


@of("This file is still being copied to the inbox.")
def it_is_run_again_when_the_file_is_complete(programme, patch):
    plain_source(programme, ITEMS)
    path = _drop(programme)
    with pytest.MonkeyPatch.context() as busy:
        busy.setattr(copying, "REST", 600)
        busy.setattr(copying, "let_come_to_rest", lambda paths: path.write_bytes(path.read_bytes() + b"\n"))
        yield
    programmes.at_rest(path)


OTHER_FILE = (
    "This file is not the one that its .sha256 file describes: it is still being copied, or was damaged on the way."
)


def _with_fingerprint(programme) -> tuple[Path, Path]:
    import hashlib

    plain_source(programme, ITEMS)
    path = _drop(programme)
    marker = path.with_name("answers.csv.sha256")
    marker.write_text(hashlib.sha256(path.read_bytes()).hexdigest())
    path.write_bytes(path.read_bytes()[:-20])
    return path, marker


@of(OTHER_FILE)
def both_are_copied_again(programme, _):
    _with_fingerprint(programme)
    yield
    _drop(programme)


@of(OTHER_FILE)
def the_fingerprint_of_an_older_export_is_removed(programme, _):
    _, marker = _with_fingerprint(programme)
    _drop(programme, table(good_table(COUNT)).encode() + b"\r\n")
    yield
    marker.unlink()


EXPIRED = "This export is older than the programme keeps answers, and its kept copy was deleted."


def _expired(programme) -> Path:
    plain_source(programme, ITEMS)
    path = _drop(programme)
    programme.ingest()
    expire(programme.settings.folder, date(2028, 11, 3), 24)
    return path


@of(EXPIRED)
def the_expired_one_is_deleted(programme, _):
    path = _expired(programme)
    yield
    path.unlink()
    programme.export("new.csv", _rows(submitted="2026-10-07 12:00:00"))


@of(EXPIRED)
def a_new_export_is_dropped(programme, _):
    _expired(programme)
    yield
    programme.export("answers.csv", _rows(submitted="2026-10-07 12:00:00"))


@of("The kept copy of this export was deleted when a member was erased, so it cannot be read again.")
def an_export_after_the_erased_one_is_dropped(programme, _):
    plain_source(programme, ITEMS)
    _drop(programme, as_workbook(good_table(COUNT + 1)), "answers.xlsx")
    programme.ingest()
    erase.erase(programme.settings, "m9", None, None, False)
    plain_source(programme, ITEMS, version="2")
    yield
    _drop(programme, as_workbook(good_table(COUNT)), "answers.xlsx")


@of("The name of this file holds characters that cannot be printed.")
def it_is_renamed(programme, _):
    plain_source(programme, ITEMS)
    path = _drop(programme, name="two\nlines.csv")
    yield
    path.rename(path.with_name("one line.csv"))


@of("This is a link, or a file that cannot be opened.")
def the_file_itself_is_dropped(programme, _):
    plain_source(programme, ITEMS)
    kept = _drop(programme).rename(programme.root / "elsewhere.csv")
    link = programme.root / "inbox" / "answers.csv"
    link.symlink_to(kept)
    yield
    link.unlink()
    shutil.copy(kept, link)


@of("This is not an ordinary file.")
def a_copy_is_dropped(programme, _):
    plain_source(programme, ITEMS)
    kept = _drop(programme).rename(programme.root / "elsewhere.csv")
    path = programme.root / "inbox" / "answers.csv"
    path.hardlink_to(kept)
    yield
    path.unlink()
    shutil.copy(kept, path)


@of("This file could not be copied: the disk is full, or the drive of the inbox is not available.")
def room_is_made(programme, _):
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    programmes.with_answers(programme, COUNT)
    with pytest.MonkeyPatch.context() as crowded:
        crowded.setattr(os, "fsync", full)
        yield


# Sources


@of("More than one source fits this file: %(names)s.")
def each_source_has_its_own_pattern(programme, _):
    for name in ("form", "other"):
        plain_source(programme, ITEMS, name)
    _drop(programme)
    yield
    plain_source(programme, ITEMS, "form", file_name='"answers*.csv"')
    plain_source(programme, ITEMS, "other", file_name='"other*.csv"')


@of("Only a draft describes this file: source '%(source)s'.")
def the_draft_is_completed(programme, _):
    plain_source(programme, ITEMS, draft="yes")
    _drop(programme)
    yield
    _edit(programme, "draft: yes\n", "")


@of("No source describes this file. It looks like an export of: %(kind)s, with headings such as %(headings)s.")
def a_source_is_drafted(programme, _):
    path = _drop(programme)
    yield
    answers = (
        "date.column=submitted",
        "date.timezone=Europe/Amsterdam",
        "collective.from=column",
        "collective.column=group",
    )
    mapped = map_file(programme.settings, path, "form", answers)
    assert not mapped.is_draft, [question.words for question in mapped.questions]


MISSING = (
    "The file looks like source '%(source)s' (version %(version)s), but these headings are not in it: %(missing)s."
)


@of(MISSING)
def columns_and_version_are_changed(programme, _):
    plain_source(programme, ITEMS)
    path = _drop(programme)
    path.write_text(path.read_text().replace("learning_2", "leren_2", 1))
    yield
    _edit(programme, '"learning_2"', '"leren_2"')
    _edit(programme, "tool: plain", "tool: plain\nversion: '2'")


@of(MISSING)
def it_is_exported_again(programme, _):
    plain_source(programme, ITEMS)
    path = _drop(programme)
    path.write_text(path.read_text().replace("learning_2", "leren_2", 1))
    yield
    _drop(programme)


def _sav(programme, **about: object) -> None:
    import pandas
    import pyreadstat

    heading, *rows = good_table(COUNT)
    path = programme.root / "inbox" / "answers.sav"
    pyreadstat.write_sav(pandas.DataFrame(rows, columns=heading), str(path), **about)


@of("The source says that '%(heading)s' is item %(item)s, but its question text is that of item %(asked)s.")
def the_columns_are_corrected(programme, _):
    one, other = ITEMS[:2]
    swapped = {one: other, other: one}
    texts = programmes.INSTRUMENT.items
    _sav(programme, column_labels=[
        texts[swapped[name]].text["nl"] if name in swapped else name for name in good_table(1)[0]
    ])  # fmt: skip
    plain_source(programme, ITEMS)
    yield
    _edit(programme, f'  {one}: "{one}"\n  {other}: "{other}"\n', f'  {one}: "{other}"\n  {other}: "{one}"\n')


@of(
    "The file says that code %(code)s of '%(heading)s' means '%(label)s', which is %(labelled)s, but the source reads"
    " it as %(value)s."
)
def the_codes_are_written(programme, _):
    model = programmes.INSTRUMENT
    scales = {item: about.response_scale for item, about in model.items.items()}
    words = {name: {value: texts["nl"][0] for value, texts in scale.values.items()}
             for name, scale in model.response_scales.items()}  # fmt: skip
    _sav(programme, variable_value_labels={
        item: {float(6 - value): word for value, word in words[scale].items()} for item, scale in scales.items()
    })  # fmt: skip
    plain_source(programme, ITEMS)
    yield
    codes = {scale: {str(code): 6 - code for code in range(1, 6)} for scale in set(scales.values())}
    plain_source(programme, ITEMS, answers="codes", codes=json.dumps(codes))


# Headings and sheets


TWICE = "%(count)s columns have the heading '%(heading)s', so it is not clear which is meant."


def _twice(programme) -> None:
    plain_source(programme, ITEMS)
    heading, *rows = good_table(COUNT)
    _drop(programme, table([[*heading, "learning_1"], *[[*row, ""] for row in rows]]).encode())


@of(TWICE)
def the_column_is_named_by_its_turn(programme, _):
    _twice(programme)
    yield
    _edit(programme, 'learning_1: "learning_1"', 'learning_1: "learning_1#1"')


@of(TWICE)
def both_columns_are_named(programme, _):
    _twice(programme)
    yield
    _edit(programme, 'learning_1: "learning_1"', 'learning_1: ["learning_1#1", "learning_1#2"]')


@of(TWICE)
def the_questions_get_different_names(programme, _):
    _twice(programme)
    yield
    path = programme.root / "inbox" / "answers.csv"
    path.write_text(path.read_text().replace(",learning_1\r\n", ",new question\r\n", 1).replace(
        ",learning_1\n", ",new question\n", 1))  # fmt: skip


def _two_sheets(programme, *names: str) -> None:
    import xlsxwriter

    with xlsxwriter.Workbook(programme.root / "inbox" / "answers.xlsx") as workbook:
        for name in names:
            sheet = workbook.add_worksheet(name)
            for number, row in enumerate(good_table(COUNT)):
                sheet.write_row(number, 0, row)


@of("More than one sheet of this workbook holds answers to a form that a source describes: %(sheets)s.")
def one_of_the_sheets_is_kept(programme, _):
    plain_source(programme, ITEMS)
    _two_sheets(programme, "one", "two")
    yield
    _two_sheets(programme, "two")


@of("Item %(item)s is in several columns, and row %(row)s has different answers in them.")
def only_the_column_that_counts_is_named(programme, _):
    plain_source(programme, ITEMS)
    _edit(programme, 'learning_1: "learning_1"', "learning_1: [learning_1, second]")
    programme.export("answers.csv", [{**row, "second": 1 + int(row["learning_1"]) % 5} for row in _rows()])
    yield
    _edit(programme, "learning_1: [learning_1, second]", "learning_1: learning_1")


# Dates, ids and rows


NO_DATE_COLUMN = "No column says when a response was submitted."


@of(NO_DATE_COLUMN)
def the_column_of_dates_is_named(programme, _):
    plain_source(programme, ITEMS, date=f"{{{ZONE}}}")
    programme.export("answers.csv", [{**row, "on": "5-10-2026 12:00"} for row in _without_dates()])
    yield
    plain_source(programme, ITEMS, date=f"{{column: on, order: dmy, {ZONE}}}")


@of(NO_DATE_COLUMN)
def a_constant_date_is_given(programme, _):
    plain_source(programme, ITEMS, date="")
    programme.export("answers.csv", _without_dates())
    yield
    plain_source(programme, ITEMS, date="{constant: 2026-10-15}")


def _without_dates() -> list[dict[str, object]]:
    return [{name: cell for name, cell in row.items() if name != "submitted"} for row in _rows()]


@of("The survey is anonymised: LimeSurvey writes 1980-01-01 as the date of every response.")
def an_anonymised_survey_gets_a_constant_date(programme, _):
    plain_source(programme, ITEMS)
    programme.export("answers.csv", _rows(submitted="1980-01-01 00:00:00"))
    yield
    plain_source(programme, ITEMS, date="{constant: 2026-10-15}")


NOT_A_DATE = "Nothing in the column '%(heading)s' can be read as a date."


@of(NOT_A_DATE)
def the_column_that_holds_dates_is_named(programme, _):
    plain_source(programme, ITEMS, date=f"{{column: submitted, {ZONE}}}")
    programme.export("answers.csv", [{**row, "on": "2026-10-05 12:00"} for row in _rows(submitted="week 41")])
    yield
    plain_source(programme, ITEMS, date=f"{{column: on, {ZONE}}}")


@of(NOT_A_DATE)
def the_cells_are_written_as_dates(programme, _):
    plain_source(programme, ITEMS, date=f"{{column: submitted, {ZONE}}}")
    programme.export("answers.csv", _rows(submitted="week 41"))
    yield
    programme.export("answers.csv", _rows(submitted="2026-10-31 14:05"))


NO_ORDER = "The dates in this file do not show whether the day or the month comes first."


@of(NO_ORDER)
def the_order_is_declared(programme, _):
    plain_source(programme, ITEMS, date=f"{{column: submitted, {ZONE}}}")
    programme.export("answers.csv", _rows(submitted="5-10-2026 12:00"))
    yield
    plain_source(programme, ITEMS, date=f"{{column: submitted, order: dmy, {ZONE}}}")


@of(NO_ORDER)
def it_is_exported_as_a_workbook(programme, _):
    from datetime import datetime

    plain_source(programme, ITEMS, date=f"{{column: submitted, {ZONE}}}")
    path = programme.export("answers.csv", _rows(submitted="5-10-2026 12:00"))
    yield
    path.unlink()
    moment = datetime(2026, 10, 5, 12)  # noqa: DTZ001 a spreadsheet has no zones
    _drop(
        programme, as_workbook([list(_rows()[0]), *[list(row.values()) for row in _rows(submitted=moment)]]), "a.xlsx"
    )


@of("The file does not state the time zone of its submission times.")
def the_zone_is_declared(programme, _):
    plain_source(programme, ITEMS, date="{column: submitted, order: ymd}")
    _drop(programme)
    yield
    plain_source(programme, ITEMS, date=f"{{column: submitted, order: ymd, {ZONE}}}")


@of(
    "A spreadsheet has rounded the ids in this file (row %(row)s shows one as 1,2E+11), so different responses seem to"
    " be the same."
)
def the_untouched_export_is_dropped(programme, _):
    plain_source(programme, ITEMS)
    programme.export("answers.csv", _rows(id="1,14512E+11"))
    yield
    programme.export("answers.csv", [{**row, "id": 114512000000 + n} for n, row in enumerate(_rows())])


@of("There are headings, but no responses yet.")
def members_have_answered(programme, _):
    plain_source(programme, ITEMS)
    _drop(programme, table(good_table(1)[:1]).encode())
    yield
    _drop(programme)


# The checks of a file that was read: those that hold it, or refuse some of its responses

REFUSING = {"answers_in_range", "every_collective_on_register"}
CHECKS: list[tuple[str, Scenario]] = []
SHOWN_IN = {
    "consent_known": (
        "tests/steps/validate/test_identity.py"
        "::test_an_unknown_answer_to_the_consent_question_holds_the_file_until_the_source_names_it"
    ),
    "ids_stay_with_their_people": (
        "tests/steps/validate/test_identity.py"
        "::test_ids_that_begin_anew_hold_their_file_until_it_has_a_series_of_its_own"
    ),
    "members_are_single_people": (
        "tests/steps/validate/test_identity.py"
        "::test_one_value_for_many_members_holds_the_file_and_no_member_at_all_helps"
    ),
}


def of_check(check: str) -> Callable[[Scenario], Scenario]:
    def add(scenario: Scenario) -> Scenario:
        CHECKS.append((check, scenario))
        return scenario

    return add


def _codes(shift: int) -> str:
    return json.dumps({name: {str(code + shift): code for code in scale.values}
                       for name, scale in programmes.INSTRUMENT.response_scales.items()})  # fmt: skip


@of_check("answers_known")
def the_word_is_added_to_the_missing_ones(programme, _):
    plain_source(programme, ITEMS)
    programme.export("answers.csv", [programmes.answers(1, learning_1="Geen idee"), *_rows()[1:]])
    yield
    plain_source(programme, ITEMS, missing="{not_applicable: [Geen idee]}")


@of_check("answers_known")
def the_code_is_added(programme, _):
    codes = json.loads(_codes(0))
    plain_source(programme, ITEMS, answers="codes", codes=json.dumps(codes))
    programme.export("answers.csv", [programmes.answers(1, learning_1="Best wel"), *_rows()[1:]])
    yield
    codes[programmes.INSTRUMENT.items["learning_1"].response_scale]["Best wel"] = 4
    plain_source(programme, ITEMS, answers="codes", codes=json.dumps(codes))


@of_check("answers_mostly_in_range")
def the_codes_of_the_other_scale_are_given(programme, _):
    plain_source(programme, ITEMS)
    programme.export(
        "answers.csv",
        [programmes.answers(n, values=[value - 1 for value in programmes.coherent(n)]) for n in range(1, COUNT + 1)],
    )
    yield
    plain_source(programme, ITEMS, answers="codes", codes=_codes(-1))


@of_check("answers_in_range")
def the_answer_is_put_right_in_the_survey_tool(programme, _):
    """The next export has later answers, too: it is the newest by those, not by the day on which it came."""
    plain_source(programme, ITEMS)
    programme.export("answers.csv", [*_rows()[1:], programmes.answers(1, learning_1="9")])
    yield
    programme.export("answers.csv", [*_rows()[1:], programmes.answers(1, submitted="2026-10-07 12:00:00")])


def _repeated_ids(programme) -> None:
    plain_source(programme, ITEMS)
    programme.export("answers.csv", [{**row, "id": n % 3} for n, row in enumerate(_rows())])


@of_check("ids_mostly_unique")
def the_export_with_its_own_ids_is_dropped(programme, _):
    _repeated_ids(programme)
    yield
    programme.export("answers.csv", _rows())


@of_check("ids_mostly_unique")
def the_source_says_that_there_are_no_ids(programme, _):
    _repeated_ids(programme)
    yield
    plain_source(programme, ITEMS, response_id="none")


@of_check("dates_readable")
def the_right_order_is_set(programme, _):
    plain_source(programme, ITEMS, date=f"{{column: submitted, order: mdy, {ZONE}}}")
    programme.export("answers.csv", _rows(submitted="15-10-2026 12:00"))
    yield
    plain_source(programme, ITEMS, date=f"{{column: submitted, order: dmy, {ZONE}}}")


def _elsewhere(programme, count: int) -> None:
    plain_source(programme, ITEMS)
    rows = [{**row, "group": "park"} if number < count else row for number, row in enumerate(_rows())]
    programme.export("answers.csv", rows)


@of_check("collectives_known")
def all_are_of_a_collective_that_comes_on_the_register(programme, _):
    _elsewhere(programme, COUNT)
    yield
    programme.register(collectives=[{**programmes.COLLECTIVES[0], "collective_id": "park", "name": "Park"}])


@of_check("collectives_known")
def all_are_of_a_name_that_comes_into_the_source(programme, _):
    _elsewhere(programme, COUNT)
    yield
    plain_source(programme, ITEMS, collective="collective: {from: column, column: group, values: {park: watch}}")


@of_check("every_collective_on_register")
def some_are_of_a_collective_that_comes_on_the_register(programme, _):
    _elsewhere(programme, 3)
    yield
    watch = programmes.COLLECTIVES[0]
    programme.register(collectives=[watch, {**watch, "collective_id": "park", "name": "Park"}])


@of_check("every_collective_on_register")
def some_are_of_a_name_that_comes_into_the_source(programme, _):
    """A source that lists names lists all of them: from then on, ids of the register are names like any other."""
    _elsewhere(programme, 3)
    yield
    listed = "values: {park: watch, watch: watch}"
    plain_source(programme, ITEMS, collective=f"collective: {{from: column, column: group, {listed}}}")


# The tests


def _held(programme: TestProgramme) -> list[tuple[str, str]]:
    ingested = programme.ingest()
    return [(file.reason, file.advice) for file in ingested.unread]


def _assert_all_are_read(programme: TestProgramme) -> None:
    assert [file.sentence for file in programme.ingest().unread if not file.is_kept] == []
    assert programme.query("select max(response_count) from raw.exports") == [(COUNT,)]


def _assert_all_count(programme: TestProgramme) -> None:
    validated = programme.validate()
    assert [file.sentence for file in validated.unread if not file.is_kept] == []
    assert validated.accepted == COUNT


def _first_of_each(scenarios: list[tuple[str, Scenario]]) -> list[tuple[str, Scenario]]:
    """The first scenario of each sentence or check."""
    return list({entry[0]: entry for entry in reversed(scenarios)}.values())


SCENARIO_NAMES = [scenario.__name__ for _, scenario in SCENARIOS]


@pytest.mark.parametrize(
    ("reason", "scenario"), ordinarily(SCENARIOS, only=_first_of_each(SCENARIOS)), ids=SCENARIO_NAMES
)
def test_what_the_advice_says_has_the_answers_read(programme, monkeypatch, reason, scenario):
    steps = scenario(programme, monkeypatch)
    next(steps)
    sentence = SENTENCES[reason]
    assert _held(programme) == [(sentence.reason, sentence.advice)]
    with pytest.raises(StopIteration):
        next(steps)
    _assert_all_are_read(programme)


@pytest.mark.slow
@pytest.mark.parametrize("scenario", [scenario for _, scenario in SCENARIOS], ids=SCENARIO_NAMES)
def test_what_the_advice_says_has_the_answers_count(programme, monkeypatch, scenario):
    assert list(scenario(programme, monkeypatch)) == [None]
    _assert_all_count(programme)


def test_each_file_that_is_to_be_exported_again_is_held_with_its_sentence(programme):
    plain_source(programme, ITEMS)
    for number, reason in enumerate(AGAIN):
        _drop(programme, _again(reason), f"{number}.csv")
    held = {file.file_name: (file.reason, file.advice) for file in programme.ingest().unread}
    sentences = [SENTENCES[reason] for reason in AGAIN]
    assert held == {f"{number}.csv": (about.reason, about.advice) for number, about in enumerate(sentences)}


INSTEAD = [(reason, name) for reason in AGAIN for name in _named_formats(reason)]


@pytest.mark.parametrize(
    ("reason", "format_"), ordinarily(INSTEAD, only={name: (reason, name) for reason, name in INSTEAD}.values())
)
def test_a_good_file_in_any_format_that_the_advice_names_is_read_instead(programme, reason, format_):
    plain_source(programme, ITEMS)
    _drop(programme, _again(reason))
    sentence = SENTENCES[reason]
    assert _held(programme) == [(sentence.reason, sentence.advice)]
    _drop(programme, FORMATS[format_][1]())
    _assert_all_are_read(programme)


def test_every_sentence_that_holds_a_file_is_shown_to_help():
    assert {*AGAIN, *(reason for reason, _ in SCENARIOS)} == set(SENTENCES)


@pytest.mark.parametrize(
    ("check", "scenario"),
    ordinarily(CHECKS, only=_first_of_each(CHECKS)),
    ids=[scenario.__name__ for _, scenario in CHECKS],
)
def test_what_a_failed_check_advises_has_the_answers_count(programme, monkeypatch, check, scenario):
    steps = scenario(programme, monkeypatch)
    next(steps)
    validated = programme.validate()
    [file] = validated.files
    assert check in {failed.check for failed in file.failed_checks}
    assert validated.accepted < COUNT
    with pytest.raises(StopIteration):
        next(steps)
    _assert_all_count(programme)


def test_every_check_that_holds_or_refuses_is_shown_to_help():
    expectations = json.loads((ROOT / "expectations/suites/export.json").read_text(encoding="utf-8"))["expectations"]
    holding = {entry["meta"]["check"] for entry in expectations if entry["severity"] == "critical"}
    assert {*SHOWN_IN, *(check for check, _ in CHECKS)} == holding | REFUSING
    for named in SHOWN_IN.values():
        path, name = named.split("::")
        assert f"def {name}(" in (ROOT / path).read_text(encoding="utf-8")
