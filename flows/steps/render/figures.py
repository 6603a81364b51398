"""The published figures of one organisation as frozen values, in the order in which a report tells them.

Every number in here is a cell of the published database; `published` reads them.
"""

from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True)
class Level:
    """A scale's level in a unit, 0 to 100; None where it is withheld.

    `mean_then` is the level of the period that changes are told since. `p25` and `p75` are the middle half of the
    levels of `peers` similar collectives, and `verdict` is where the level stands beside them: higher, lower, similar
    or uncertain. A total covers `covered_collectives` with `covered_share` of the members (None: unknown);
    `computed_over` is the name of the one collective that it is told over.
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
    respondents_band: str | None = None
    mean_then: float | None = None
    peers: int | None = None
    p25: float | None = None
    p75: float | None = None
    verdict: str | None = None
    covered_collectives: int | None = None
    covered_share: float | None = None
    computed_over: str | None = None
    figures_of: str | None = None


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


@dataclass(frozen=True)
class VarietyBand:
    """The differences between members, comparable between groups of any size, beside those of similar collectives."""

    compared_value: float
    peers: int
    p25: float
    p75: float
    verdict: str


@dataclass(frozen=True)
class Change:
    """How far a level moved since an earlier period, in POMP points.

    `respondents_both` members have a score both times; None where too few are known to.
    """

    scale: str
    label: str
    compared_with: str
    respondents_both: int | None
    difference: float
    ci_low: float | None
    ci_high: float | None
    is_change: bool


@dataclass(frozen=True)
class Unit:
    """An organisation or a collective with everything that may be told of it.

    `answered` members of `members` answered (from 10 on, else `answered_band`), `respondents` of them stand behind the
    figures; the two differ where figures are carried forward, and where a total does not cover every collective.
    `counted_as` says how a collective's answers count in the organisation's figures: as a collective, in a rest_group,
    or not (None). `state` and `answers_short` are those of the published response_rates.
    """

    unit_type: str
    unit_id: str
    name: str
    type: str | None
    respondents: int | None
    respondents_band: str | None
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

    @cached_property
    def told(self) -> tuple[Level, ...]:
        """The shown levels of all kinds."""
        return tuple(level for level in self.levels if level.mean is not None)

    @property
    def figures_of(self) -> str | None:
        """The earlier month that the figures are of, where they are carried forward."""
        return next((level.figures_of for level in self.told if level.figures_of), None)

    @property
    def computed_over(self) -> str | None:
        """The name of the one collective that a total is told over."""
        return next((level.computed_over for level in self.told if level.computed_over), None)

    @property
    def covered_collectives(self) -> int:
        """How many collectives a total covers: the least over the scales."""
        return min((level.covered_collectives or 0 for level in self.told), default=0)

    @property
    def covered_share(self) -> float | None:
        """Which share of the members a total covers, the least over the scales; None when that is not known."""
        shares = [level.covered_share for level in self.told]
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
