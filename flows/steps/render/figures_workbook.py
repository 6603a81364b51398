"""The figures of a report for an organisation's own use: a workbook, and the same numbers in one long CSV table."""

import csv
import io
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from flows.foundation.spreadsheet_texts import as_cell
from flows.steps.render.figures import OrganisationFigures
from flows.steps.render.report_context import ReportContext
from flows.steps.render.workbook_guide import guide
from flows.steps.render.workbook_tables import MONTH, Sheet, sheets

_COLUMNS_OF_TABLE = ("period", "unit_id", "group", "table", "row", "figure", "number", "reference")
_TOP = {"text_wrap": True, "valign": "top"}
# In characters. Beside the words of a heading, room for the arrow of the filter.
_NARROWEST, _WIDEST, _ARROW = 9, 34, 4
_WIDTHS_OF_GUIDE = (18, 28, 90)


def workbook(figures: OrganisationFigures, setting: ReportContext) -> bytes:
    """The tables as XLSX, a sheet for each; with text cells only as text, never as formulas or links.

    The same figures give the same bytes.
    """
    import xlsxwriter

    file = io.BytesIO()
    book = xlsxwriter.Workbook(
        file,
        {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False},
    )
    title = f"{figures.name}, {figures.period}"
    book.set_properties(
        {"title": title, "author": setting.programme, "created": datetime.fromisoformat(setting.made_on)}
    )
    tables = sheets(figures)
    _add_guide(book, guide(figures, setting, tables))
    for table in tables:
        _add_table(book, table)
    book.close()
    return file.getvalue()


def _add_guide(book: Any, sheet: Sheet) -> None:
    """The explanation, with the title of the file in bold and long sentences over several lines."""
    page = _headed(book, sheet)
    for column, width in enumerate(_WIDTHS_OF_GUIDE):
        page.set_column(column, column, width)
    wrapped, bold = book.add_format(_TOP), book.add_format({**_TOP, "bold": True})
    for number, row in enumerate(sheet.rows, start=1):
        for column, text in enumerate(row):
            page.write_string(number, column, text, bold if number == 1 else wrapped)


def _add_table(book: Any, sheet: Sheet) -> None:
    page = _headed(book, sheet)
    for column, width in enumerate(_widths(sheet)):
        page.set_column(column, column, width)
    formats = [book.add_format({"num_format": column.number_format}) for column in sheet.columns]
    for number, row in enumerate(sheet.rows, start=1):
        for column, value in enumerate(row):
            if value is None:
                continue
            if isinstance(value, str) and sheet.columns[column].number_format == MONTH:
                page.write_datetime(number, column, datetime.fromisoformat(f"{value}-01"), formats[column])
            elif isinstance(value, str):
                page.write_string(number, column, value)
            else:
                page.write_number(number, column, value, formats[column])


def _headed(book: Any, sheet: Sheet) -> Any:
    """A new page with headings that stay in sight, also sideways the names of rows, and a filter on each column."""
    page = book.add_worksheet(sheet.title)
    bold = book.add_format({**_TOP, "bold": True})
    for column, described in enumerate(sheet.columns):
        page.write_string(0, column, described.heading, bold)
    page.freeze_panes(1, sheet.names)
    page.autofilter(0, 0, len(sheet.rows), len(sheet.columns) - 1)
    return page


def _widths(sheet: Sheet) -> Iterator[int]:
    """The width of each column: the longest word of its heading fits, and its texts as far as there is room."""
    for place, column in enumerate(sheet.columns):
        word = max(len(word) for word in column.heading.split()) + _ARROW
        texts = [len(value) for row in sheet.rows if isinstance(value := row[place], str)]
        yield max(_NARROWEST, word, min(_WIDEST, max(texts, default=0) + 2))


def table(figures: OrganisationFigures) -> bytes:
    """The same numbers as CSV, one per row, safe to open in a spreadsheet program."""
    file = io.StringIO()
    # Quotes around all texts: a carriage return in one of them, which Python would not quote, begins no row.
    rows = csv.writer(file, lineterminator="\n", quoting=csv.QUOTE_NONNUMERIC)
    rows.writerow(_COLUMNS_OF_TABLE)
    rows.writerows(_long(figures))
    return file.getvalue().encode()


def _long(figures: OrganisationFigures) -> Iterator[tuple[str | float, ...]]:
    for sheet in sheets(figures):
        for row in sheet.rows:
            reference, unit_id, name, *about = row[: sheet.names]
            described = ", ".join(str(text) for text in about if text is not None)
            of_row = [as_cell(str(text)) for text in (unit_id, name, sheet.title, described)]
            for column, value in zip(sheet.columns[sheet.names :], row[sheet.names :], strict=True):
                if isinstance(value, int | float):
                    yield figures.period, *of_row, as_cell(column.heading), float(value), str(reference)
