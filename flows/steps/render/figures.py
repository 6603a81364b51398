"""The published figures of one organisation as frozen values, in the order in which a report tells them.

Every number in here is a cell of the published database; `published` reads them.
"""

from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True)
class Level:
    """A scale's level in a unit, 0 to 100; None where it is withheld.

    `mean_then` is the level of the period that changes are told since. `p25` and `p75` are the middle half of the
    levels of `peers` similar collectives, with which the level can be compared as well as `reliability` says.
    `computed_over` is the name of the one collective that a total is told over.
    """

    scale: str
    label: str
    kind: str
    orientation: str
    respondents: int | None
    mean: float | None
    ci_low: float | None
    ci_high: float | None
    bound_low: float | None
    bound_high: float | None
    withheld_because: str | None
    reliability: float | None = None
    mean_then: float | None = None
    peers: int | None = None
    p25: float | None = None
    p75: float | None = None
    computed_over: str | None = None


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


@dataclass(frozen=True)
class VarietyBand:
    """The differences between members, comparable between groups of any size, beside those of similar collectives."""

    mean: float
    peers: int
    p25: float
    p75: float


@dataclass(frozen=True)
class Change:
    """How far a level moved since an earlier period, in POMP points.

    `respondents_both` members have a score both times, where the change is theirs (`paired`).
    """

    scale: str
    label: str
    compared_with: str
    paired: bool
    respondents_both: int | None
    difference: float
    ci_low: float | None
    ci_high: float | None
    is_change: bool


@dataclass(frozen=True)
class Unit:
    """An organisation or a collective with everything that may be told of it."""

    unit_type: str
    unit_id: str
    name: str
    type: str | None
    respondents: int | None
    respondents_band: str | None
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
    figures_of: str | None = None
    computed_over: str | None = None

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
        """The motives whose place in the mix is shown, the one that weighs most first."""
        return tuple(part for part in self.mix if part.relative_importance is not None)

    def part(self, scale: str) -> MixPart | None:
        """A scale's place in the mix; None for one that is no part of it."""
        return next((part for part in self.mix if part.scale == scale), None)

    @cached_property
    def unreliable(self) -> tuple[Level, ...]:
        """Scales that measure too badly this period to be shown."""
        return tuple(level for level in self.levels if level.withheld_because == "unreliable_scale")

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
    """Everything a report needs to know: the organisation as a whole, then its collectives."""

    organisation_id: str
    name: str
    language: str
    period: str
    motive_count: int
    whole: Unit
    collectives: tuple[Unit, ...]

    @property
    def is_single(self) -> bool:
        """Whether there is one collective only, so that it is the whole."""
        return len(self.collectives) == 1

    @property
    def about(self) -> Unit:
        """Whom the story is about: the only collective, or else the organisation."""
        return self.collectives[0] if self.is_single else self.whole
