"""The sheet of a workbook is read that a source describes; dates are dates however a spreadsheet keeps them."""

from collections.abc import Sequence
from pathlib import Path

import pytest
import xlsxwriter

from flows import warehouse
from flows.commands.check import check_files, describe
from flows.steps.ingest.dialects import FILE_FACTS
from flows.steps.ingest.readers.grid import open_grids
from tests import programmes
from tests.selection import ordinarily

Rows = Sequence[Sequence[object]]
PIVOT: Rows = [["Raad", "Aantal"], ["Noord", 4], ["Zuid", 3], ["Totaal", 7]]


def _answers(count: int = 7, **changes: object) -> Rows:
    rows = [programmes.answers(number, **changes) for number in range(1, count + 1)]
    return [list(rows[0]), *[list(row.values()) for row in rows]]


def _write(path: Path, *sheets: tuple[str, Rows, str]) -> Path:
    """A workbook; each sheet with its name, rows, and whether it is shown, hidden or very_hidden."""
    with xlsxwriter.Workbook(path) as workbook:
        for name, rows, how in sheets:
            sheet = workbook.add_worksheet(name)
            getattr(sheet, {"shown": "activate", "hidden": "hide", "very hidden": "very_hidden"}[how])()
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    return path


@pytest.fixture
def form(programme):
    programmes.plain_source(programme, programmes.ITEMS)
    return programme


def _inbox(form) -> Path:
    return form.root / "inbox" / "answers.xlsx"


@pytest.mark.parametrize(
    "before",
    ordinarily(
        [
            [("Draaitabel", PIVOT, "hidden"), ("Leeg", [], "shown"), ("Keuzes", [["Zeer mee eens"]], "very hidden")],
            [("Draaitabel", PIVOT, "shown")],
            [("Groot", [[f"kolom {n}" for n in range(90)]] * 20, "shown")],
        ]
    ),
)
def test_the_answers_are_found_on_a_later_sheet(form, before):
    _write(_inbox(form), *before, ("Antwoorden", _answers(), "shown"))
    assert form.validate().accepted == 7


def test_what_was_not_read_is_named(form, tmp_path):
    path = _write(tmp_path / "answers.xlsx", ("Draaitabel", PIVOT, "shown"), ("Antwoorden", _answers(), "shown"))
    described = describe(check_files(form.settings, [path]))
    assert "not read   the other sheets of this workbook: 'Draaitabel'" in described
    assert "7 would count" in described


@pytest.mark.slow
def test_a_hidden_copy_is_passed_over(form):
    _write(_inbox(form), ("Oud", _answers(5), "hidden"), ("Antwoorden", _answers(), "shown"))
    assert form.validate().accepted == 7


@pytest.mark.slow
def test_answers_on_a_hidden_sheet_alone_are_read(form):
    _write(_inbox(form), ("Draaitabel", PIVOT, "shown"), ("Antwoorden", _answers(), "hidden"))
    assert form.validate().accepted == 7


@pytest.mark.slow
def test_two_sheets_with_answers_hold_the_workbook_by_their_names(form):
    _write(_inbox(form), ("Deel 1", _answers(3), "shown"), ("Deel 2", _answers(), "shown"))
    [unread] = form.validate().unread
    assert "'Deel 1', 'Deel 2'" in unread.sentence
    _write(_inbox(form), ("Deel 2", _answers(), "shown"))
    assert form.validate().accepted == 7


def test_where_no_sheet_is_described_the_reason_is_that_of_the_likeliest(form):
    changed = [[str(name).replace("learning_1", "geleerd") for name in _answers()[0]], *_answers()[1:]]
    _write(_inbox(form), ("Draaitabel", PIVOT, "shown"), ("Antwoorden", changed, "shown"))
    [unread] = form.validate().unread
    assert "learning_1" in unread.sentence


SERIAL = 46326 + (15 * 3600 + 21 * 60 + 36) / 86400


def _submitted(form) -> set[str]:
    form.validate()
    return {row[0] for row in form.query("select cast(submitted_at as varchar) from validated.responses")}


@pytest.mark.parametrize("order", ordinarily(["dmy", "ymd", None]))
def test_dates_kept_as_numbers_are_read_whatever_order_the_source_names(programme, order):
    date = "{column: submitted, timezone: Europe/Amsterdam" + (f", order: {order}}}" if order else "}")
    programmes.plain_source(programme, programmes.ITEMS, date=date)
    _write(_inbox(programme), ("Antwoorden", _answers(submitted=SERIAL), "shown"))
    assert _submitted(programme) == {"2026-10-31 15:21:36"}


@pytest.mark.slow
def test_numbers_that_a_dutch_spreadsheet_wrote_to_text_are_read_too(form):
    form.export(
        "answers.csv", [programmes.answers(n, submitted=f"{SERIAL:.5f}".replace(".", ",")) for n in range(1, 8)]
    )
    assert _submitted(form) == {"2026-10-31 15:21:36"}


def test_a_whole_number_is_a_day(form):
    form.export("answers.csv", [programmes.answers(n, submitted=int(SERIAL)) for n in range(1, 8)])
    assert _submitted(form) == {"2026-10-31 00:00:00"}


@pytest.mark.slow
def test_a_column_without_dates_is_called_so_and_no_order_is_advised(programme):
    programmes.plain_source(programme, programmes.ITEMS, date="{column: submitted, timezone: Europe/Amsterdam}")
    programme.export("answers.csv", [programmes.answers(n, submitted=f"week {n}") for n in range(1, 8)])
    [unread] = programme.validate().unread
    assert "Nothing in the column 'submitted' can be read as a date." in unread.sentence
    assert "order" not in unread.sentence
    programme.export("answers.csv", [programmes.answers(n, submitted="2026-10-31 14:05") for n in range(1, 8)])
    assert programme.validate().accepted == 7


def test_every_second_comes_back_from_its_number():
    with warehouse.opened(None) as connection:
        warehouse.load_macros(connection)
        wrong = connection.execute(
            "with moments as ("
            " select timestamp '2010-01-01' + to_seconds(n * 7919) as moment from range(200000) as numbers (n)),"
            " kept as (select moment, epoch(moment - timestamp '1899-12-30') / 86400.0 as number from moments)"
            " select count(*), any_value(moment) from kept"
            " where serial_as_date(printf('%.6f', number)) != cast(moment as varchar)"
        ).fetchone()
    assert wrong == (0, None)


def test_while_rows_are_read_in_turns_no_file_beside_the_export_holds_them(tmp_path):
    long = "x" * 30_000
    sheets = ("One", [["a", long], ["b", long]] * 30, "shown"), ("Two", [["c", long], ["d", "ë"]] * 30, "shown")
    one, two = open_grids(_write(tmp_path / "book.xlsx", *sheets), (), FILE_FACTS)
    assert [path.name for path in tmp_path.iterdir()] == ["book.xlsx"]
    in_turns = [(first, second) for (_, first), (_, second) in zip(one.rows(), two.rows(), strict=True)]
    assert in_turns == list(zip(sheets[0][1], sheets[1][1], strict=True))
