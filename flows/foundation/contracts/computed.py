"""The outcome of compute."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class WeakScale:
    """A scale whose questions hang together less well than they should; withheld when it is below the threshold."""

    label: str
    alpha: float
    withheld: bool


@dataclass(frozen=True, kw_only=True)
class Typology:
    """The frozen profiles: found in which month and in how many respondents, and how much they owe to chance.

    `silhouette` from -1 to 1, `stability` the adjusted Rand index over bootstraps, at most 1. Not `in_use` when they
    are of other motives or another instrument than this month's.
    """

    version: int
    profiles: int
    fitted_on: str
    respondents: int
    silhouette: float
    stability: float
    is_stable: bool
    in_use: bool


@dataclass(frozen=True, kw_only=True)
class Standing:
    """What is told of a collective and what it would take to tell more, as disclosure.standings has it."""

    name: str
    organisation_id: str
    state: str
    figures_of: str | None
    answers_short: int | None
    counted_as: str | None


@dataclass(frozen=True, kw_only=True)
class Computed:
    """The outcome of compute: rows in each published table, how many levels are withheld, what measures badly."""

    rows: dict[str, int]
    withheld: int
    organisations: tuple[str, ...]
    weak_scales: tuple[WeakScale, ...]
    typology: Typology | None = None
    standings: tuple[Standing, ...] = ()
