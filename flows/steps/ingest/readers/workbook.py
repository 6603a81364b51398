"""Excel workbooks (.xlsx): every sheet that holds any rows, as text."""

from collections.abc import Iterator

from flows.foundation import workbook_cells
from flows.steps.ingest.readers import package
from flows.steps.ingest.readers.file_facts import FileFacts
from flows.steps.ingest.readers.sandbox import Table


def read(path: str, _: tuple[str, ...], facts: FileFacts) -> Iterator[Table]:
    """The non-empty sheets. Dates become ISO text and whole numbers lose their `.0`; nothing else is changed.

    Raises:
        Unreadable: the package is hostile, or larger than any survey needs.
    """
    package.refuse_hostile(path, facts.form_sheets)
    import python_calamine

    workbook = python_calamine.CalamineWorkbook.from_path(path)
    for about in workbook.sheets_metadata:
        if about.typ != python_calamine.SheetTypeEnum.WorkSheet:
            continue
        sheet = workbook.get_sheet_by_name(about.name)
        if sheet.end is not None:
            is_hidden = about.visible != python_calamine.SheetVisibleEnum.Visible
            yield Table(workbook_cells.rows(sheet), sheet=about.name, is_hidden=is_hidden)
