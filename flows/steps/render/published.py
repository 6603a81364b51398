"""Reads the published figures of one organisation, with labels in its language.

Reads `published` only and computes no statistic: every number is a cell of the published database.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from flows import warehouse
from flows.programme.policy import PROFILE_STABILITY_WARN
from flows.steps.render.figures import (
    Change,
    Diversity,
    Level,
    MixPart,
    OrganisationFigures,
    PeopleCount,
    Unit,
    VarietyBand,
)
from flows.steps.render.language import language as language_of

_UNITS = """
    select
        rates.unit_type, rates.unit_id, rates.respondents as answered, rates.respondents_band as answered_band,
        rates.members, rates.response_rate, coalesce(rates.has_double_members, false) as has_double_members,
        rates.counted_as, rates.state, rates.answers_short,
        coalesce(collectives.name, organisations.name) as name, collectives.type
    from published.response_rates as rates
    left join published.collectives as collectives
        on rates.unit_type = 'collective' and rates.unit_id = collectives.collective_id
    left join published.organisations as organisations
        on rates.unit_type = 'organisation' and rates.unit_id = organisations.organisation_id
    where (rates.unit_type = 'organisation' and rates.unit_id = $organisation)
        or collectives.organisation_id = $organisation
    order by rates.unit_type desc, name collate nocase.noaccent, rates.unit_id
"""
_LEVELS = """
    select levels.* exclude (computed_over), parts.name as computed_over,
        scales.kind, scales.orientation, scales.label_nl, scales.label_en,
        bands.peers, bands.p25, bands.p75, bands.verdict, changes.mean_then
    from published.scale_levels as levels
    inner join published.scales as scales on levels.scale = scales.scale
    left join published.benchmarks as bands
        on levels.unit_type = 'collective' and levels.unit_id = bands.collective_id and levels.scale = bands.measure
    left join published.collectives as parts on levels.computed_over = parts.collective_id
    left join published.changes as changes
        on levels.unit_type = changes.unit_type and levels.unit_id = changes.unit_id and levels.scale = changes.scale
    where levels.unit_type = $unit_type and levels.unit_id = $unit_id
    order by
        case scales.kind when 'motive' then 1 when 'condition' then 2 else 3 end,
        levels.mean desc nulls last, scales.label_en
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
_VARIETY_BAND = """
    select compared_value, peers, p25, p75, verdict
    from published.benchmarks
    where $unit_type = 'collective' and collective_id = $unit_id and measure = 'between_share'
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


def read_organisation(connection: warehouse.Connection, organisation_id: str) -> OrganisationFigures:
    """Read the published figures of an organisation, with labels in its language.

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
                "label": _label(found, language) or found.get("scale") or found.get("class"),
            }

    levels = tuple(Level(**_only(Level, found)) for found in rows(_LEVELS))
    shown = [level for level in levels if level.mean is not None]
    labels = {level.scale: level.label for level in levels}
    stable = {**key, "stability": PROFILE_STABILITY_WARN}
    return Unit(
        **{name: value for name, value in row.items() if name in Unit.__dataclass_fields__},
        respondents=max((level.respondents for level in levels if level.respondents is not None), default=None),
        respondents_band=max((level.respondents_band for level in shown if level.respondents_band), default=None),
        levels=levels,
        mix=tuple(MixPart(**_only(MixPart, found)) for found in rows(_MIX)),
        orientations=tuple(_people(found) for found in rows(_ORIENTATIONS)),
        dominant_motives=tuple(_people(found) for found in rows(_DOMINANT)),
        diversity=next(Diversity(**_only(Diversity, found)) for found in rows(_DIVERSITY)),
        variety_band=next((VarietyBand(**found) for found in _rows(connection, _VARIETY_BAND, key)), None),
        changes=tuple(Change(**_only(Change, found)) for found in rows(_CHANGES)),
        profiles=tuple(_profile(found, labels) for found in _rows(connection, _PROFILES, stable)),
    )


def _label(row: Mapping[str, Any], language: str) -> str | None:
    """The label of a scale from the questionnaire, or translated from English by the catalogue of the language."""
    written: str | None = row.get(f"label_{language}")
    in_english: str | None = row.get("label_en")
    return written or (language_of(language).translations.gettext(in_english) if in_english else None)


def _people(row: dict[str, Any]) -> PeopleCount:
    has_label = row["label_en"] is not None
    return PeopleCount(name=row["class"], **{**_only(PeopleCount, row), "label": row["label"] if has_label else None})


def _profile(row: dict[str, Any], labels: Mapping[str, str]) -> PeopleCount:
    """A profile labelled with its motives; a number distinguishes profiles with the same name."""
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
