"""The first sheet of the workbook beside a report: what is in the file, sheet by sheet and column by column."""

from collections.abc import Iterator, Sequence

from flows.steps.render.figures import OrganisationFigures
from flows.steps.render.language import Language, language
from flows.steps.render.report_context import ReportContext
from flows.steps.render.workbook_tables import Column, Sheet


def guide(figures: OrganisationFigures, setting: ReportContext, tables: Sequence[Sheet]) -> Sheet:
    """The sheet that explains the tables; its first row after the headings is the title of the file."""
    spoken = language(figures.language)
    _ = spoken.translations.gettext
    columns = (Column(_("Sheet"), ""), Column(_("Column"), ""), Column(_("What it says"), ""))
    rows = (*_file(figures, setting, spoken), *_everywhere(setting, spoken), *_of_tables(tables, spoken))
    return Sheet(_("How to read"), "", columns, 0, rows)


def title(figures: OrganisationFigures, setting: ReportContext) -> str:
    """What the workbook is called on its first sheet."""
    return f"{setting.programme}: {figures.name}, {language(figures.language).month(figures.period)}"


def _file(figures: OrganisationFigures, setting: ReportContext, spoken: Language) -> Iterator[tuple[str, str, str]]:
    _ = spoken.translations.gettext
    file = _("This file")
    yield file, _("Title"), title(figures, setting)
    yield file, _("What it is"), _("All figures of the report as tables; the report says how they were made.")
    yield file, _("Made with"), f"Motiefmix {setting.software}, {setting.inputs_hash}"


def _everywhere(setting: ReportContext, spoken: Language) -> Iterator[tuple[str, str, str]]:
    _ = spoken.translations.gettext
    everywhere = _("All sheets")
    empty = _("A figure that is not shown, to protect people, or that does not apply; some have a dash in the report.")
    few = _(
        "Of fewer than %(levels)s answers nothing is shown, of fewer than %(full)s only rounded scores,"
        " and of fewer than %(counts)s no kinds of members."
    )
    likely = _("True in 95 of 100 cases, if those who did not answer think much the same as the others.")
    yield everywhere, _("Empty cell"), empty
    yield (
        everywhere,
        _("Few answers"),
        few % {"levels": setting.levels_from, "full": setting.full_from, "counts": setting.distributions_from},
    )
    yield everywhere, _("Very likely"), likely


def _of_tables(tables: Sequence[Sheet], spoken: Language) -> Iterator[tuple[str, str, str]]:
    _ = spoken.translations.gettext
    for table in tables:
        yield table.title, _("All columns"), table.about
        for column in table.columns:
            yield table.title, column.heading, column.about
