"""The outcome of compute."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class WeakScale:
    """A scale with low internal consistency; withheld when it is below the threshold."""

    label: str
    alpha: float
    withheld: bool


@dataclass(frozen=True, kw_only=True)
class Typology:
    """The frozen profiles: the month and number of respondents they were fitted on, and their quality.

    `silhouette` from -1 to 1, `stability` the adjusted Rand index over bootstraps, at most 1. Not `in_use` when they
    are for other motives or another instrument than this month's.
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
    """What is published of a collective, and what more would take; a row of disclosure.standings."""

    collective_id: str
    name: str
    organisation_id: str
    state: str
    figures_of: str | None
    answers_short: int | None
    counted_as: str | None


@dataclass(frozen=True, kw_only=True)
class Computed:
    """The outcome of compute: rows in each published table, the number of withheld levels, and weak scales."""

    rows: dict[str, int]
    withheld: int
    organisations: tuple[str, ...]
    weak_scales: tuple[WeakScale, ...]
    typology: Typology | None = None
    standings: tuple[Standing, ...] = ()
