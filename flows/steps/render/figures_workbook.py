"""The figures of a report for an organisation's own use: a workbook, and the same numbers in one long CSV table."""

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from flows import warehouse
from flows.foundation.figure_reference import figure_reference
from flows.steps.render.figures import OrganisationFigures, Unit
from flows.steps.render.language import Language, language
from flows.steps.render.report import ReportContext
from flows.steps.render.templates import environment

Cell = str | float | None
_CSV = """
    select period, as_cell(unit_id) as unit_id, as_cell("group") as "group", as_cell("table") as "table",
        as_cell("row") as "row", as_cell(figure) as figure, number, reference
    from figures_workbook order by position
"""


@dataclass(frozen=True)
class Sheet:
    """A table with a heading per column; the first `names` columns identify a row, the others are numbers."""

    title: str
    headings: tuple[str, ...]
    names: int
    rows: tuple[tuple[Cell, ...], ...]


def sheets(figures: OrganisationFigures) -> tuple[Sheet, ...]:
    """All tables, in the language of the organisation; an empty cell is a figure that is not shown."""
    spoken = language(figures.language)
    units = figures.collectives if figures.is_single else (figures.whole, *figures.collectives)
    return tuple(table(figures, units, spoken) for table in (_response, _scores, _variety, _members, _changes))


def _response(figures: OrganisationFigures, units: Sequence[Unit], spoken: Language) -> Sheet:
    _ = spoken.translations.gettext
    return Sheet(
        _("Response"),
        (*_group(spoken), _("Answers, as a band"), _("Answers"), _("Members"), _("Response")),
        4,
        tuple(
            (*_of(figures, unit), unit.answered_band, unit.answered, unit.members, unit.response_rate) for unit in units
        ),
    )


def _scores(figures: OrganisationFigures, units: Sequence[Unit], spoken: Language) -> Sheet:
    _ = spoken.translations.gettext
    headings = (
        *_group(spoken), _("Scale"), _("Answers"), _("Mean"), _("Interval from"), _("Interval to"),
        _("Outermost bound from"), _("Outermost bound to"), _("Mean before"), _("Similar collectives"),
        _("Similar from"), _("Similar to"), _("Weighs"), _("Share"),
    )  # fmt: skip
    rows = tuple(
        (
            *_of(figures, unit, level.scale), level.label, level.respondents, level.mean, level.ci_low, level.ci_high,
            level.bound_low, level.bound_high, level.mean_then, level.peers, level.p25, level.p75,
            part.relative_importance if part else None, part.mean_share if part else None,
        )
        for unit in units
        for level in unit.levels
        for part in (unit.part(level.scale),)
    )  # fmt: skip
    return Sheet(_("Scores"), headings, 4, rows)


def _variety(figures: OrganisationFigures, units: Sequence[Unit], spoken: Language) -> Sheet:
    _ = spoken.translations.gettext
    headings = (
        *_group(spoken), _("Motives in play"), _("Between members"), _("By measurement error alone"),
        _("Community less self, points"), _("Similar from"), _("Similar to"),
    )  # fmt: skip
    rows = tuple(
        (
            *_of(figures, unit), found.motives_in_play, found.between_share, found.between_share_by_error,
            found.balance, band.p25 if band else None, band.p75 if band else None,
        )
        for unit in units
        for found, band in ((unit.diversity, unit.variety_band),)
    )  # fmt: skip
    return Sheet(_("Variety"), headings, 3, rows)


def _members(figures: OrganisationFigures, units: Sequence[Unit], spoken: Language) -> Sheet:
    _ = spoken.translations.gettext
    named = environment(spoken.code).get_template("words.html").module.class_name  # type: ignore[attr-defined]
    rows = tuple(
        (
            *_of(figures, unit), title, named(entry, entries).unescape(), entry.count, entry.share,
            entry.share_low, entry.share_high,
        )
        for unit in units
        for title, entries in (
            (_("Whom members take part for"), unit.orientations),
            (_("Do members have one main motive?"), unit.dominant_motives),
            (_("Which types of mixes occur"), unit.profiles),
        )
        for entry in entries
    )  # fmt: skip
    return Sheet(
        _("Members"),
        (*_group(spoken), _("By"), _("Members"), _("Number"), _("Share"), _("Interval from"), _("Interval to")),
        5,
        rows,
    )


def _changes(figures: OrganisationFigures, units: Sequence[Unit], spoken: Language) -> Sheet:
    _ = spoken.translations.gettext
    headings = (
        *_group(spoken), _("Scale"), _("Since"), _("Answered both times"), _("Difference"), _("Interval from"),
        _("Interval to"),
    )  # fmt: skip
    rows = tuple(
        (
            *_of(figures, unit, change.scale), change.label, change.compared_with, change.respondents_both,
            change.difference, change.ci_low, change.ci_high,
        )
        for unit in units
        for change in unit.changes
    )  # fmt: skip
    return Sheet(_("Changes"), headings, 5, rows)


def _group(spoken: Language) -> tuple[str, str, str]:
    _ = spoken.translations.gettext
    return _("Reference"), _("Id"), _("Group")


def _of(figures: OrganisationFigures, unit: Unit, scale: str = "") -> tuple[str, str, str]:
    return figure_reference(figures.period, unit.unit_type, unit.unit_id, scale), unit.unit_id, unit.name


def workbook(figures: OrganisationFigures, setting: ReportContext) -> bytes:
    """The tables as XLSX, a sheet for each; with text cells only as text, never as formulas or links.

    The same figures give the same bytes.
    """
    import xlsxwriter

    _ = language(figures.language).translations.gettext
    file = io.BytesIO()
    book = xlsxwriter.Workbook(
        file,
        {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False},
    )
    title = f"{figures.name}, {figures.period}"
    book.set_properties(
        {"title": title, "author": setting.programme, "created": datetime.fromisoformat(setting.made_on)}
    )
    bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
    for sheet in sheets(figures):
        page = book.add_worksheet(sheet.title)
        for column, heading in enumerate(sheet.headings):
            page.write_string(0, column, heading, bold)
            page.set_column(column, column, 34 if 1 < column < sheet.names else 13)
        for number, row in enumerate(sheet.rows, start=1):
            for column, value in enumerate(row):
                if isinstance(value, str):
                    page.write_string(number, column, value)
                elif value is not None:
                    page.write_number(number, column, value)
        page.freeze_panes(1, sheet.names)
    about = book.add_worksheet(_("About"))
    about.set_column(0, 0, 100)
    for number, text in enumerate(_about(figures, setting)):
        about.write_string(number, 0, text)
    book.close()
    return file.getvalue()


def _about(figures: OrganisationFigures, setting: ReportContext) -> Iterator[str]:
    _ = language(figures.language).translations.gettext
    yield f"{setting.programme}: {figures.name}, {figures.period}"
    yield _("The same figures as in the report, which says how they were made and how sure they are.")
    yield _("Scores are from 0 to 100; shares are fractions of 1. An empty cell is a figure that is not shown.")
    yield f"Motiefmix {setting.software}, {setting.inputs_hash}"


def write_table(figures: OrganisationFigures, target: Path) -> None:
    """Write the same numbers as CSV, one per row, safe to open in a spreadsheet program."""
    with warehouse.opened(None) as connection:
        connection.execute(
            'create table figures_workbook (position bigint, period varchar, unit_id varchar, "group" varchar,'
            ' "table" varchar, "row" varchar, figure varchar, number double, reference varchar)'
        )
        warehouse.append(connection, "main.figures_workbook", _long(figures))
        warehouse.write_csv(connection, _CSV, target)


def _long(figures: OrganisationFigures) -> Iterator[dict[str, Cell]]:
    position = 0
    for sheet in sheets(figures):
        for row in sheet.rows:
            reference, unit_id, name, *about = row[: sheet.names]
            for heading, value in zip(sheet.headings[sheet.names :], row[sheet.names :], strict=True):
                if isinstance(value, int | float):
                    position += 1
                    yield {
                        "position": position,
                        "period": figures.period,
                        "unit_id": unit_id,
                        "group": name,
                        "table": sheet.title,
                        "row": ", ".join(str(text) for text in about if text is not None),
                        "figure": heading,
                        "number": float(value),
                        "reference": reference,
                    }
