"""What the documents of a month say besides figures: the programme, the software, the rules, and the inputs."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING, TypeVar

from flows.programme.branding import PLAIN, Branding
from flows.programme.languages import available
from flows.programme.loading import Programme
from flows.programme.manifest import Manifest
from flows.programme.period import Period
from flows.programme.suggestions import Rule

if TYPE_CHECKING:
    from flows.steps.render.figures import OrganisationFigures

T = TypeVar("T")


@dataclass(frozen=True)
class ReportContext:
    """The context of a report besides figures: the programme, the software, and the inputs.

    `programme_language` is the language of the programme's name, and `names_languages` has by organisation that of its
    name and those of its collectives, where it is not that of the report. `first_page` are the scales with a large
    figure on the first page, `next_report` is the month of the next report, `take_part` says by collective how its
    members can take part in the questionnaire, and `recent_suggestions` are the names of those in the reports of the
    two months before, by organisation. `inputs_hash` is the beginning of the fingerprint of what a document was made
    from; a report gets its own when it is drawn.
    """

    programme: str
    contact: str
    notes: dict[str, str]
    software: str
    made_on: str
    window_start: str
    window_end: str
    levels_from: int
    full_from: int
    distributions_from: int
    set_from: int
    inputs_hash: str = ""
    programme_language: str = ""
    names_languages: Mapping[str, str] = field(default_factory=dict)
    suggestions: tuple[Rule, ...] = ()
    meanings: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    branding: Branding = PLAIN
    first_page: tuple[str, ...] = ()
    next_report: str = ""
    take_part: Mapping[str, str] = field(default_factory=dict)
    recent_suggestions: Mapping[str, Collection[str]] = field(default_factory=dict)

    @classmethod
    def of_run(
        cls,
        programme: Programme,
        period: Period,
        last_day: date,
        software: str,
        before: Sequence[Manifest] = (),
    ) -> "ReportContext":
        """The context for the reports of a month; `last_day` is the last day whose answers can be in them.

        `before` are the manifests of earlier months.
        """
        instrument = programme.instrument.model
        return cls(
            programme=programme.name,
            contact=programme.contact,
            notes=instrument.notes,
            software=software,
            made_on=last_day.isoformat(),
            window_start=programme.window_start(period).isoformat(),
            window_end=last_day.isoformat(),
            levels_from=programme.policy.levels_from,
            full_from=programme.policy.full_from,
            distributions_from=programme.policy.distributions_from,
            set_from=programme.policy.set_from,
            programme_language=programme.language,
            names_languages=_names_languages(programme),
            suggestions=programme.suggestions.rules,
            meanings={name: scale.meaning for name, scale in instrument.scales.items()},
            branding=programme.branding,
            first_page=tuple(name for name, scale in instrument.scales.items() if scale.on_first_page),
            next_report=str(period.plus(1)),
            recent_suggestions=_recent_suggestions(period, before),
            take_part={
                row.collective_id: row.take_part
                for row in programme.register.collectives
                if row.take_part and row.holds_on(last_day)
            },
        )

    @classmethod
    def of_release(cls, programme: Programme, released: Manifest) -> "ReportContext":
        """The context for the annex of a month that has already been released."""
        return cls(
            programme=released.programme,
            contact=programme.contact,
            notes=programme.instrument.model.notes,
            software=released.software,
            inputs_hash=released.inputs_hash[:12],
            made_on=released.last_day.isoformat(),
            window_start=Period.parse(released.period).plus(1 - released.window_months).first_day.isoformat(),
            window_end=released.last_day.isoformat(),
            levels_from=released.levels_from,
            full_from=released.full_from,
            distributions_from=released.distributions_from,
            set_from=programme.policy.set_from,
        )

    def of_organisation(self, figures: "OrganisationFigures") -> "ReportContext":
        """The context without what is about others."""
        mine = [figures.organisation_id]
        return replace(
            self,
            take_part=_only(self.take_part, [unit.unit_id for unit in figures.collectives]),
            recent_suggestions=_only(self.recent_suggestions, mine),
            names_languages=_only(self.names_languages, mine),
        )

    def meanings_in(self, language: str) -> dict[str, str]:
        """The meaning of each scale that has one, in the reader's language or else in any available one."""
        return {scale: available(texts, language).text for scale, texts in self.meanings.items() if texts}

    def note(self, language: str) -> str:
        """The note of the instrument, in the reader's language or else in any available one."""
        return available(self.notes, language).text


def _only(texts: Mapping[str, T], names: Iterable[str]) -> dict[str, T]:
    """Those of some names. There may be a hundred thousand others, so it does not look at them."""
    return {name: texts[name] for name in names if name in texts}


def _names_languages(programme: Programme) -> dict[str, str]:
    """The language of names by organisation, where the register gives one."""
    rows = programme.register.organisations
    return {row.organisation_id: row.names_language for row in rows if row.names_language}


def _recent_suggestions(period: Period, before: Sequence[Manifest]) -> dict[str, frozenset[str]]:
    """The names of the suggestions in the reports of the last two months, by organisation."""
    since = str(period.plus(-2))
    found: dict[str, frozenset[str]] = {}
    for released in before:
        if since <= released.period < str(period):
            for report in released.made_reports():
                known = found.get(report.organisation_id, frozenset())
                found[report.organisation_id] = known.union(report.suggestions)
    return found
