"""The published figures of one organisation as frozen values, in the order in which a report tells them.

Reads `published` only and computes no statistic: what stands here is a cell of the published database.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from flows.steps import warehouse
from flows.steps.policy import PROFILE_STABILITY_WARN

_UNITS = """
    select
        rates.unit_type, rates.unit_id, rates.respondents, rates.respondents_band, rates.members,
        rates.response_rate, rates.withheld_because, rates.figures_of,
        coalesce(collectives.name, organisations.name) as name, collectives.type
    from published.response_rates as rates
    left join published.collectives as collectives
        on rates.unit_type = 'collective' and rates.unit_id = collectives.collective_id
    left join published.organisations as organisations
        on rates.unit_type = 'organisation' and rates.unit_id = organisations.organisation_id
    where (rates.unit_type = 'organisation' and rates.unit_id = $organisation)
        or collectives.organisation_id = $organisation
    order by rates.unit_type desc, name, rates.unit_id
"""
_LEVELS = """
    select levels.*, scales.kind, scales.orientation, scales.label_nl, scales.label_en
    from published.scale_levels as levels inner join published.scales as scales on levels.scale = scales.scale
    where levels.unit_type = $unit_type and levels.unit_id = $unit_id
    order by levels.mean desc nulls last, scales.label_en
"""
_MIX = """
    select mix.*, scales.label_nl, scales.label_en
    from published.motive_mix as mix inner join published.scales as scales on mix.scale = scales.scale
    where mix.unit_type = $unit_type and mix.unit_id = $unit_id
    order by mix.relative_importance desc nulls last, scales.label_en
"""
_ORIENTATIONS = """
    select orientation as class, null as label_nl, null as label_en, count, share, share_low, share_high, respondents
    from published.orientations where unit_type = $unit_type and unit_id = $unit_id and count is not null
    order by case orientation when 'self' then 1 when 'balanced' then 2 when 'community' then 3 else 4 end
"""
_DOMINANT = """
    select dominant.scale as class, scales.label_nl, scales.label_en, dominant.count, dominant.share,
        dominant.share_low, dominant.share_high, dominant.respondents
    from published.dominant_motives as dominant left join published.scales as scales on dominant.scale = scales.scale
    where unit_type = $unit_type and unit_id = $unit_id and count is not null
    order by dominant.scale in ('mixed', 'other'), dominant.count desc, dominant.scale
"""
_BANDS = """
    select bands.measure, bands.peers, bands.p25, bands.p75, levels.mean, levels.reliability,
        scales.label_nl, scales.label_en
    from published.benchmarks as bands
    inner join published.scales as scales on bands.measure = scales.scale
    inner join published.scale_levels as levels
        on bands.measure = levels.scale and levels.unit_type = 'collective' and levels.unit_id = bands.collective_id
    where $unit_type = 'collective' and bands.collective_id = $unit_id and scales.kind = 'motive'
    order by levels.mean desc, scales.label_en
"""
_VARIETY_BAND = """
    select bands.measure, bands.peers, bands.p25, bands.p75, null as reliability, null as label_nl, null as label_en,
        diversity.between_share * diversity.respondents / (diversity.respondents - 1) as mean
    from published.benchmarks as bands
    inner join published.diversity as diversity
        on diversity.unit_type = 'collective' and diversity.unit_id = bands.collective_id
    where $unit_type = 'collective' and bands.collective_id = $unit_id and bands.measure = 'between_share'
"""
_CHANGES = """
    select changes.*, scales.label_nl, scales.label_en
    from published.changes as changes inner join published.scales as scales on changes.scale = scales.scale
    where changes.unit_type = $unit_type and changes.unit_id = $unit_id and changes.difference is not null
    order by abs(changes.difference) desc, scales.label_en
"""
_PROFILES = """
    select profile as class, null as label_nl, null as label_en, count, share,
        null as share_low, null as share_high, respondents
    from published.profiles
    where unit_type = $unit_type and unit_id = $unit_id and count is not null and stability >= $stability
    order by profile = 'other', count desc, profile
"""
_DIVERSITY = "select * from published.diversity where unit_type = $unit_type and unit_id = $unit_id"


@dataclass(frozen=True)
class Level:
    """A scale's level in a unit, 0 to 100; None where it is withheld."""

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
class Band:
    """Where a collective stands beside similar ones: its figure `mean`, and the middle half of those of its `peers`."""

    measure: str
    label: str | None
    mean: float
    reliability: float | None
    peers: int
    p25: float
    p75: float


@dataclass(frozen=True)
class Change:
    """How far a level moved since an earlier period, in POMP points."""

    scale: str
    label: str
    compared_with: str
    paired: bool
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
    bands: tuple[Band, ...] = ()
    variety_band: Band | None = None
    changes: tuple[Change, ...] = ()
    profiles: tuple[PeopleCount, ...] = ()
    figures_of: str | None = None

    def of_kind(self, kind: str) -> tuple[Level, ...]:
        """The shown levels of one kind of scale, highest first."""
        return tuple(level for level in self.levels if level.kind == kind and level.mean is not None)

    @cached_property
    def motives(self) -> tuple[Level, ...]:
        """The shown motives, highest first."""
        return self.of_kind("motive")

    @cached_property
    def unreliable(self) -> tuple[Level, ...]:
        """Scales that measure too badly this period to be shown."""
        return tuple(level for level in self.levels if level.withheld_because == "unreliable_scale")

    @property
    def has_intervals(self) -> bool:
        """Whether the motives are shown with their uncertainty (from 10 respondents on)."""
        return any(level.ci_low is not None for level in self.motives)


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


def read_organisation(connection: warehouse.Connection, organisation_id: str) -> OrganisationFigures:
    """Read what is published of an organisation, with labels in its language.

    Raises:
        LookupError: the organisation has no collective on the register this period.
    """
    name, language = connection.execute(
        "select name, language from published.organisations where organisation_id = ?", [organisation_id]
    ).fetchone() or (organisation_id, "en")
    units = [_unit(connection, row, language) for row in _rows(connection, _UNITS, {"organisation": organisation_id})]
    if not units:
        raise LookupError(f"'{organisation_id}' has no collective on the register in this period")
    period = warehouse.one(connection, "select max(period) from published.response_rates")
    return OrganisationFigures(
        organisation_id,
        name,
        language,
        period,
        sum(part.withheld_because != "unreliable_scale" for part in units[0].mix),
        units[0],
        tuple(units[1:]),
    )


def _unit(connection: warehouse.Connection, row: Mapping[str, Any], language: str) -> Unit:
    key = {"unit_type": row["unit_type"], "unit_id": row["unit_id"]}

    def rows(query: str) -> Iterable[dict[str, Any]]:
        for found in _rows(connection, query, key):
            yield {
                **found,
                "label": found.get(f"label_{language}") or found.get("scale") or found.get("class"),
            }

    levels = tuple(Level(**_only(Level, found)) for found in rows(_LEVELS))
    labels = {level.scale: level.label for level in levels}
    stable = {**key, "stability": PROFILE_STABILITY_WARN}
    return Unit(
        **{name: row[name] for name in ("unit_type", "unit_id", "name", "type", "respondents", "respondents_band")},
        members=row["members"],
        response_rate=row["response_rate"],
        levels=levels,
        mix=tuple(MixPart(**_only(MixPart, found)) for found in rows(_MIX)),
        orientations=tuple(_people(found) for found in rows(_ORIENTATIONS)),
        dominant_motives=tuple(_people(found) for found in rows(_DOMINANT)),
        diversity=next(Diversity(**_only(Diversity, found)) for found in rows(_DIVERSITY)),
        bands=tuple(Band(**_only(Band, found)) for found in rows(_BANDS)),
        variety_band=next((Band(**_only(Band, found)) for found in rows(_VARIETY_BAND)), None),
        changes=tuple(Change(**_only(Change, found)) for found in rows(_CHANGES)),
        profiles=tuple(_profile(found, labels) for found in _rows(connection, _PROFILES, stable)),
        figures_of=row["figures_of"],
    )


def _people(row: dict[str, Any]) -> PeopleCount:
    has_label = row["label_en"] is not None
    return PeopleCount(name=row["class"], **{**_only(PeopleCount, row), "label": row["label"] if has_label else None})


def _profile(row: dict[str, Any], labels: Mapping[str, str]) -> PeopleCount:
    """A profile with the labels of the motives that it is named by; a number tells two of the same name apart."""
    name, _, number = row["class"].partition("-")
    motives = " + ".join(labels.get(motive, motive) for motive in name.split("+"))
    label = None if name in ("even", "other") else f"{motives} {number}".strip()
    return PeopleCount(name=row["class"], **{**_only(PeopleCount, row), "label": label})


def _only(kind: type[Any], row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: row[name] for name in kind.__dataclass_fields__ if name in row}


def _rows(connection: warehouse.Connection, query: str, values: Mapping[str, Any]) -> list[dict[str, Any]]:
    cursor = connection.execute(query, dict(values))
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def organisations(database: Path) -> tuple[str, ...]:
    """The ids of all organisations with a collective on the register this period, in the order of their ids."""
    with warehouse.opened(database, read_only=True) as connection:
        found = connection.execute(
            "select distinct organisation_id from published.collectives order by organisation_id"
        ).fetchall()
    return tuple(row[0] for row in found)
