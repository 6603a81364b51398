"""The published figures of one organisation as frozen values, in the order of a report.

Every number is a cell of the published database; the module `published` reads them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from flows.steps.render.levels import Change, EarlierLevel, Level, LevelGroup


@dataclass(frozen=True)
class MixPart:
    """A motive's place in the mix of a unit."""

    scale: str
    label: str
    mean_share: float | None
    relative_importance: float | None
    withheld_because: str | None


@dataclass(frozen=True)
class PeopleCount:
    """How many respondents are in a class, with the interval of the share."""

    name: str
    label: str | None
    count: int
    share: float
    share_low: float | None
    share_high: float | None
    respondents: int


@dataclass(frozen=True)
class Diversity:
    """The mix within people and the differences between them."""

    respondents: int | None
    motives_in_play: float | None
    between_share: float | None
    between_share_by_error: float | None
    balance: float | None
    withheld_because: str | None
    members_differ: bool | None = None
    entropy_total: float | None = None
    entropy_between_groups: float | None = None

    @property
    def between_groups_share(self) -> float | None:
        """The share of all differences that lies between the collectives of a total; None where there is none."""
        if self.entropy_between_groups is None or not self.entropy_total:
            return None
        return self.entropy_between_groups / self.entropy_total


@dataclass(frozen=True)
class VarietyBand:
    """Differences between members beside the band of similar collectives, comparable across group sizes."""

    p25: float
    p75: float
    verdict: str


@dataclass(frozen=True)
class Unit:
    """An organisation or a collective with all of its published figures.

    `answered` members of `members` answered (from 10 on, else `answered_band`); the figures are based on `respondents`
    of them. The two differ where figures are carried forward, or where a total does not cover every collective.
    `counted_as` says how a collective counts in the organisation's figures: as a collective, in a rest_group, or not
    (None). `state` and `answers_short` are from the published response_rates. `earlier` has the levels of each scale
    in the months before, oldest first.
    """

    unit_type: str
    unit_id: str
    name: str
    respondents: int | None
    answered: int | None
    answered_band: str | None
    members: int | None
    response_rate: float | None
    levels: tuple[Level, ...]
    mix: tuple[MixPart, ...]
    orientations: tuple[PeopleCount, ...]
    dominant_motives: tuple[PeopleCount, ...]
    diversity: Diversity
    variety_band: VarietyBand | None = None
    changes: tuple[Change, ...] = ()
    profiles: tuple[PeopleCount, ...] = ()
    has_double_members: bool = False
    counted_as: str | None = None
    state: str | None = None
    answers_short: int | None = None
    earlier: Mapping[str, tuple[EarlierLevel, ...]] = field(default_factory=dict)

    @cached_property
    def shown_levels(self) -> tuple[Level, ...]:
        """The shown levels of all kinds."""
        return tuple(level for level in self.levels if level.mean is not None)

    @property
    def figures_of(self) -> str | None:
        """The month of the figures where they are carried forward, else None."""
        return next((level.figures_of for level in self.shown_levels if level.figures_of), None)

    @property
    def computed_over(self) -> str | None:
        """The name of the collective if a total is computed over only one."""
        return next((level.computed_over for level in self.shown_levels if level.computed_over), None)

    @property
    def covered_collectives(self) -> int:
        """The number of collectives that a total covers: the minimum over the scales."""
        return min((level.covered_collectives or 0 for level in self.shown_levels), default=0)

    @property
    def covered_share(self) -> float | None:
        """The share of the members that a total covers: the minimum over the scales; None when unknown."""
        shares = [level.covered_share for level in self.shown_levels]
        return None if not shares or None in shares else min(share for share in shares if share is not None)

    def of_kind(self, kind: str) -> tuple[Level, ...]:
        """The shown levels of one kind of scale, highest first."""
        return tuple(level for level in self.levels if level.kind == kind and level.mean is not None)

    @cached_property
    def motives(self) -> tuple[Level, ...]:
        """The shown motives, highest first."""
        return self.of_kind("motive")

    @cached_property
    def conditions(self) -> tuple[Level, ...]:
        """The shown conditions and outcomes, highest first, the outcomes last."""
        return self.of_kind("condition") + self.of_kind("outcome")

    @cached_property
    def shown_mix(self) -> tuple[MixPart, ...]:
        """The motives whose place in the mix is shown, heaviest first."""
        return tuple(part for part in self.mix if part.relative_importance is not None)

    def groups(self, motives: str, conditions: str, outcomes: str) -> tuple[LevelGroup, ...]:
        """The shown levels by kind, each kind under its title; kinds of which nothing is shown are left out."""
        kinds = ((motives, "motive"), (conditions, "condition"), (outcomes, "outcome"))
        found = (LevelGroup(title, self.of_kind(kind)) for title, kind in kinds)
        return tuple(group for group in found if group.levels)

    def level(self, scale: str) -> Level | None:
        """The shown level of a scale."""
        return next((level for level in self.shown_levels if level.scale == scale), None)

    def clear_change(self, scale: str) -> Change | None:
        """The clear change of a scale; None if it did not clearly change."""
        return next((change for change in self.changes if change.scale == scale and change.is_change), None)

    def part(self, scale: str) -> MixPart | None:
        """A scale's place in the mix; None if it is not part of the mix."""
        return next((part for part in self.mix if part.scale == scale), None)

    @cached_property
    def unreliable(self) -> tuple[Level, ...]:
        """Scales that are too unreliable this period to be shown."""
        return tuple(level for level in self.levels if level.withheld_because == "unreliable_scale")

    @property
    def hidden(self) -> tuple[Level, ...]:
        """Scales that are not shown because they would tell something about a few people, though others are shown."""
        protected = tuple(level for level in self.levels if level.withheld_because == "protects_people")
        return protected if self.has_anything else ()

    @property
    def has_anything(self) -> bool:
        """Whether any level is shown."""
        return any(level.mean is not None for level in self.levels)

    @property
    def has_counts(self) -> bool:
        """Whether numbers of people are shown anywhere."""
        return bool(self.orientations or self.dominant_motives or self.profiles)


@dataclass(frozen=True)
class OrganisationFigures:
    """The figures of a report: the organisation as a whole, then its collectives.

    `months` are those of the charts over time, from the first that has a figure to the month of the report.
    """

    organisation_id: str
    name: str
    language: str
    period: str
    motive_count: int
    whole: Unit
    collectives: tuple[Unit, ...]
    months: tuple[str, ...] = ()

    @property
    def shown_collectives(self) -> tuple[Unit, ...]:
        """The collectives of which any level is shown."""
        return tuple(unit for unit in self.collectives if unit.has_anything)

    @property
    def is_single(self) -> bool:
        """Whether there is only one collective, which is then the whole."""
        return len(self.collectives) == 1

    @property
    def about(self) -> Unit:
        """The unit that the report is about: the only collective, or else the organisation."""
        return self.collectives[0] if self.is_single else self.whole
