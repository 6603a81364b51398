"""Reads the published figures of organisations, with labels in their languages.

Reads `published` only and computes no statistic: every number is a cell of the published database.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from flows import warehouse
from flows.programme.period import Period
from flows.programme.policy import PROFILE_STABILITY_WARN
from flows.steps.render.earlier_months import MONTHS
from flows.steps.render.figures import Diversity, MixPart, OrganisationFigures, PeopleCount, Unit, VarietyBand
from flows.steps.render.language import language as language_of
from flows.steps.render.levels import Change, EarlierLevel, Level

# The organisations that are read, and their collectives; each query reads the rows of all of them.
_MINE = """
    create or replace temp table mine as
    with asked as (select unnest(cast($organisations as varchar[])) as organisation_id)
    select organisation_id, 'organisation' as unit_type, organisation_id as unit_id from asked
    union all
    select organisation_id, 'collective' as unit_type, collective_id as unit_id
    from published.collectives semi join asked using (organisation_id)
"""
_ORGANISATIONS = """
    select organisation_id, organisations.name, organisations.language
    from published.organisations as organisations semi join mine using (organisation_id)
"""
_UNITS = """
    select
        mine.organisation_id, rates.unit_type, rates.unit_id,
        rates.respondents as answered, rates.respondents_band as answered_band, rates.members, rates.response_rate,
        coalesce(rates.has_double_members, false) as has_double_members,
        rates.counted_as, rates.state, rates.answers_short,
        coalesce(collectives.name, organisations.name) as name
    from published.response_rates as rates
    left join published.collectives as collectives
        on rates.unit_type = 'collective' and rates.unit_id = collectives.collective_id
    left join published.organisations as organisations
        on rates.unit_type = 'organisation' and rates.unit_id = organisations.organisation_id
    inner join mine on rates.unit_type = mine.unit_type and rates.unit_id = mine.unit_id
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
    semi join mine on levels.unit_type = mine.unit_type and levels.unit_id = mine.unit_id
    order by
        case scales.kind when 'motive' then 1 when 'condition' then 2 else 3 end,
        levels.mean desc nulls last, scales.label_en
"""
_MIX = """
    select mix.*, scales.label_nl, scales.label_en
    from published.motive_mix as mix inner join published.scales as scales on mix.scale = scales.scale
    semi join mine on mix.unit_type = mine.unit_type and mix.unit_id = mine.unit_id
    order by mix.relative_importance desc nulls last, scales.label_en
"""
_ORIENTATIONS = """
    select unit_type, unit_id, orientation as class, null as label_nl, null as label_en, count, share, share_low,
        share_high, respondents
    from published.orientations semi join mine using (unit_type, unit_id)
    where count is not null
    order by case orientation when 'self' then 1 when 'balanced' then 2 when 'community' then 3 else 4 end
"""
_DOMINANT = """
    select unit_type, unit_id, dominant.scale as class, scales.label_nl, scales.label_en, dominant.count,
        dominant.share, dominant.share_low, dominant.share_high, dominant.respondents
    from published.dominant_motives as dominant semi join mine using (unit_type, unit_id)
    left join published.scales as scales on dominant.scale = scales.scale
    where count is not null
    order by dominant.scale in ('mixed', 'other'), dominant.count desc, dominant.scale
"""
_VARIETY_BAND = """
    select 'collective' as unit_type, collective_id as unit_id, p25, p75, verdict
    from published.benchmarks
    semi join mine on mine.unit_type = 'collective' and collective_id = mine.unit_id
    where measure = 'between_share'
"""
_CHANGES = """
    select changes.*, scales.label_nl, scales.label_en
    from published.changes as changes inner join published.scales as scales on changes.scale = scales.scale
    semi join mine on changes.unit_type = mine.unit_type and changes.unit_id = mine.unit_id
    where changes.difference is not null
    order by abs(changes.difference) desc, scales.label_en
"""
_PROFILES = """
    select unit_type, unit_id, profile as class, null as label_nl, null as label_en, count, share,
        null as share_low, null as share_high, respondents
    from published.profiles semi join mine using (unit_type, unit_id)
    where count is not null and stability >= $stability
    order by profile = 'other', count desc, profile
"""
_DIVERSITY = "select * from published.diversity semi join mine using (unit_type, unit_id)"
_EARLIER = """
    select unit_type, unit_id, scale, period, mean, figures_of is not null as is_carried
    from earlier.levels semi join mine using (unit_type, unit_id)
    where period < $period
    order by period
"""
# The queries whose rows are about one unit each, with their values.
_OF_A_UNIT: Mapping[str, Mapping[str, Any]] = {
    **{query: {} for query in (_LEVELS, _MIX, _ORIENTATIONS, _DOMINANT, _VARIETY_BAND, _CHANGES, _DIVERSITY)},
    _PROFILES: {"stability": PROFILE_STABILITY_WARN},
}


_Rows = list[dict[str, Any]]


class PublishedFigures:
    """The published figures of some organisations, read at once: a hundred take three times as long as one.

    `earlier` is the file of `earlier_months`; without it reports have no charts over time.
    """

    def __init__(
        self, connection: warehouse.Connection, organisations: Sequence[str], earlier: Path | None = None
    ) -> None:
        connection.execute(_MINE, {"organisations": list(organisations)})
        self._period = warehouse.one(connection, "select max(period) from published.response_rates")
        self._organisations = {row["organisation_id"]: row for row in _rows(connection, _ORGANISATIONS)}
        self._units = _grouped(_rows(connection, _UNITS), "organisation_id")
        self._past = _earlier(connection, self._period, earlier)
        self._found = {
            query: _grouped(_rows(connection, query, **values), "unit_type", "unit_id")
            for query, values in _OF_A_UNIT.items()
        }

    def of(self, organisation_id: str) -> OrganisationFigures:
        """The figures of one of them, with labels in its language.

        Raises:
            LookupError: the organisation has no collective on the register this period.
        """
        about = self._organisations.get(organisation_id, {"name": organisation_id, "language": "en"})
        units = [self._unit(row, about["language"]) for row in self._units[(organisation_id,)]]
        if not units:
            raise LookupError(f"'{organisation_id}' has no collective on the register in this period")
        return OrganisationFigures(
            organisation_id,
            about["name"],
            about["language"],
            self._period,
            sum(part.withheld_because != "unreliable_scale" for part in units[0].mix),
            units[0],
            tuple(units[1:]),
            _months(self._period, units),
        )

    def _unit(self, row: Mapping[str, Any], language: str) -> Unit:
        key = row["unit_type"], row["unit_id"]

        def found(query: str) -> _Rows:
            return [_labelled(entry, language) for entry in self._found[query][key]]

        levels = tuple(Level(**_only(Level, entry)) for entry in found(_LEVELS))
        labels = {level.scale: level.label for level in levels}
        return Unit(
            **{name: value for name, value in row.items() if name in Unit.__dataclass_fields__},
            respondents=max((level.respondents for level in levels if level.respondents is not None), default=None),
            levels=levels,
            mix=tuple(MixPart(**_only(MixPart, entry)) for entry in found(_MIX)),
            orientations=tuple(_people(entry) for entry in found(_ORIENTATIONS)),
            dominant_motives=tuple(_people(entry) for entry in found(_DOMINANT)),
            diversity=next(Diversity(**_only(Diversity, entry)) for entry in found(_DIVERSITY)),
            variety_band=next((VarietyBand(**_only(VarietyBand, entry)) for entry in found(_VARIETY_BAND)), None),
            changes=tuple(Change(**_only(Change, entry)) for entry in found(_CHANGES)),
            profiles=tuple(_profile(entry, labels) for entry in found(_PROFILES)),
            earlier=self._past.get(key, {}),
        )


def _months(period: str, units: Sequence[Unit]) -> tuple[str, ...]:
    """The months of the charts over time, up to this one; the first has a figure of any unit."""
    month = Period.parse(period)
    past = {entry.period for unit in units for entries in unit.earlier.values() for entry in entries}
    every = [str(month.plus(back)) for back in range(1 - MONTHS, 1)]
    first = next((place for place, name in enumerate(every) if name in past), len(every))
    return tuple(every[first:])


_Past = Mapping[tuple[str, str], Mapping[str, tuple[EarlierLevel, ...]]]


def _earlier(connection: warehouse.Connection, period: str, file: Path | None) -> _Past:
    """The levels of the months before by unit and scale, oldest first."""
    found: dict[tuple[str, str], dict[str, tuple[EarlierLevel, ...]]] = defaultdict(dict)
    if file is None:
        return found
    connection.execute("attach " + warehouse.literal(str(file)) + " as earlier (read_only)")
    try:
        rows = _rows(connection, _EARLIER, period=period)
    finally:
        # Others are read over the same connection.
        connection.execute("detach earlier")
    for row in rows:
        of_unit = found[row["unit_type"], row["unit_id"]]
        level = EarlierLevel(**_only(EarlierLevel, row))
        of_unit[row["scale"]] = (*of_unit.get(row["scale"], ()), level)
    return found


def _labelled(row: Mapping[str, Any], language: str) -> dict[str, Any]:
    return {**row, "label": _label(row, language) or row.get("scale") or row.get("class")}


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


def _rows(connection: warehouse.Connection, query: str, **values: Any) -> _Rows:
    cursor = connection.execute(query, values)
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _grouped(rows: _Rows, *columns: str) -> Mapping[tuple[str, ...], _Rows]:
    """The rows by the values of some columns, in their order."""
    found: dict[tuple[str, ...], _Rows] = defaultdict(list)
    for row in rows:
        found[tuple(row[column] for column in columns)].append(row)
    return found
