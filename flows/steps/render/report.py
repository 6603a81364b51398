"""Fills the templates with the published figures of one organisation: its report as text and charts."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from markupsafe import Markup, escape

from flows.programme.branding import PLAIN, Branding
from flows.steps.render import other_languages
from flows.steps.render.advice import Advice, advice
from flows.steps.render.figures import OrganisationFigures, Unit
from flows.steps.render.report_context import ReportContext
from flows.steps.render.templates import environment


@dataclass
class Charts:
    """Draws charts while a page is filled, and stores them under the names that the page uses."""

    code: str
    branding: Branding = PLAIN
    drawn: dict[str, str] = field(default_factory=dict)

    def show(self, kind: str, alternative: str, **values: Any) -> Markup:
        """An image of a chart; `alternative` is the sentence that says what it shows."""
        name = f"{kind}-{len(self.drawn) + 1}"
        template = environment(self.code).get_template(f"charts/{kind}.svg")
        self.drawn[name] = template.render(hue=self.branding.accent, **values)
        return Markup('<img src="chart:{}" alt="{}" class="chart {}"/>').format(name, escape(alternative), kind)


def suggestions(figures: OrganisationFigures, setting: ReportContext) -> tuple[Advice, ...]:
    """The suggestions in the report of an organisation."""
    return advice(figures, setting.suggestions, setting.recent_suggestions.get(figures.organisation_id, ()))


def fill(figures: OrganisationFigures, setting: ReportContext) -> tuple[str, dict[str, str]]:
    """The report as XHTML, and its charts as SVG by name."""
    given = suggestions(figures, setting)
    # Those that would be given again, had they not been in a report so recently.
    rested = () if given else advice(figures, setting.suggestions)
    return _filled("organisation_report.html", figures, setting, given=given, rested=rested)


def fill_leaflet(figures: OrganisationFigures, unit: Unit, setting: ReportContext) -> tuple[str, dict[str, str]]:
    """The leaflet for the members of one collective, as XHTML and charts."""
    return _filled("leaflet.html", figures, setting, unit=unit)


def _filled(
    template: str,
    figures: OrganisationFigures,
    setting: ReportContext,
    given: Sequence[Advice] = (),
    rested: Sequence[Advice] = (),
    **values: Any,
) -> tuple[str, dict[str, str]]:
    charts = Charts(figures.language, setting.branding)
    made = environment(figures.language).get_template(template)
    page = made.render(report=figures, setting=setting, chart=charts.show, given=given, rested=rested, **values)
    return other_languages.marked(page, other_languages.phrases(figures, setting, (*given, *rested))), charts.drawn
