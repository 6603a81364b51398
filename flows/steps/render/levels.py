"""Levels, 0 to 100: what is published of each scale of a group, also of earlier months, and how it changed."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Level:
    """A scale's level in a unit, 0 to 100; None where it is withheld.

    `mean_then` is the level in the period that changes are measured from. `p25` and `p75` bound the middle half of the
    levels of `peers` similar collectives, and `verdict` compares the level with them: higher, lower, similar or
    uncertain. A total covers `covered_collectives` with `covered_share` of the members (None: unknown);
    `computed_over` is the name of the collective if it is computed over only one.
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
    mean_then: float | None = None
    peers: int | None = None
    p25: float | None = None
    p75: float | None = None
    verdict: str | None = None
    covered_collectives: int | None = None
    covered_share: float | None = None
    computed_over: str | None = None
    figures_of: str | None = None

    @property
    def is_outside(self) -> bool:
        """Whether it is surely higher or lower than in similar collectives."""
        return self.verdict in ("higher", "lower")

    @property
    def has_band(self) -> bool:
        """Whether the verdict follows from where the level and its interval are beside the band of similar collectives.

        Where scores differ too little between collectives to compare, every verdict is uncertain; a band beside it
        would show a difference that nobody can be sure of.
        """
        if self.verdict != "uncertain":
            return self.verdict is not None
        if self.mean is None or self.ci_low is None or self.ci_high is None or self.p25 is None or self.p75 is None:
            return False
        is_below, is_above = self.mean < self.p25, self.mean > self.p75
        return (is_below and self.ci_high >= self.p25) or (is_above and self.ci_low <= self.p75)


@dataclass(frozen=True)
class LevelGroup:
    """Levels that stand together in a chart, under a title."""

    title: str
    levels: tuple[Level, ...]


@dataclass(frozen=True)
class EarlierLevel:
    """A level as an earlier release published it; `is_carried` where it was the figure of a still earlier month."""

    period: str
    mean: float
    is_carried: bool


@dataclass(frozen=True)
class Change:
    """The change of a level since an earlier period, in POMP points; `mean_then` is the level that was published then.

    `respondents_both` members are known to have a score both times; None where they are too few. `p_adjusted` is
    adjusted for everything that the report of the organisation shows.
    """

    scale: str
    label: str
    compared_with: str
    respondents_both: int | None
    difference: float
    ci_low: float | None
    ci_high: float | None
    is_change: bool
    mean_then: float | None = None
    p_adjusted: float | None = None

    @property
    def rises(self) -> bool:
        """Whether a clear change is a rise: the side of 0 on which its interval lies."""
        return (self.ci_low or 0) + (self.ci_high or 0) > 0

    @property
    def size(self) -> tuple[float, float]:
        """The smallest and largest number of points by which the level very likely changed, in its direction."""
        low, high = self.ci_low or 0.0, self.ci_high or 0.0
        return (max(low, 0.0), high) if self.rises else (max(-high, 0.0), -low)
