-- Motive mixes of contribution groups, rounded. A mix that is carried forward is a copy of the previous one, provided
-- the same motives are in the mix.
-- Grain: one row per unit_type, unit_id, scale.

with

run as (select * from reference.run),

units as (
    select * from counted.units
    where family = 'mix'
),

mixes as (select * from statistics.motive_mix),

rounded as (select * from disclosure.rounded_mixes),

motives as (select * from measurement.motives_in_mix),

decisions as (
    select * from disclosure.decisions
    where figure = 'motive_mix'
),

carried_forward as (
    select * from disclosure.carried_forward
    where family = 'mix'
),

released_mixes as (select * from released.mixes),

decided as (
    select
        mixes.*,
        decisions.detail,
        decisions.withheld_because
    from mixes
    inner join decisions
        on
            mixes.unit_type = decisions.unit_type
            and mixes.unit_id = decisions.unit_id
            and mixes.scale = decisions.scale
),

same_motives as (
    select
        released_mixes.unit_type,
        released_mixes.unit_id
    from released_mixes
    where released_mixes.mean_share is not null
    group by released_mixes.unit_type, released_mixes.unit_id
    having list_sort(list(released_mixes.scale)) = (select list_sort(list(scale)) from motives)
),

fresh as (
    select
        decided.unit_type,
        decided.unit_id,
        decided.scale,
        decided.detail,
        decided.respondents,
        units.members,
        rounded.mean_share,
        rounded.centre_share,
        decided.withheld_because,
        cast(null as varchar) as figures_of,
        false as is_carried
    from decided
    inner join units on decided.unit_type = units.unit_type and decided.unit_id = units.unit_id
    left join rounded
        on
            decided.detail = 'full'
            and decided.unit_type = rounded.unit_type
            and decided.unit_id = rounded.unit_id
            and decided.scale = rounded.scale
    where decided.detail <> 'carried'
),

carried as (
    select
        decided.unit_type,
        decided.unit_id,
        decided.scale,
        case when same_motives.unit_id is null then 'nothing' else 'full' end as detail,
        released_mixes.respondents,
        released_mixes.members,
        case when same_motives.unit_id is not null then released_mixes.mean_share end as mean_share,
        case when same_motives.unit_id is not null then released_mixes.centre_share end as centre_share,
        case
            when same_motives.unit_id is not null then released_mixes.withheld_because
            else coalesce(released_mixes.withheld_because, 'protects_people')
        end as withheld_because,
        case when same_motives.unit_id is not null then carried_forward.figures_of end
            as figures_of,
        true as is_carried
    from decided
    inner join carried_forward
        on decided.unit_type = carried_forward.unit_type and decided.unit_id = carried_forward.unit_id
    cross join run
    left join released_mixes
        on
            carried_forward.release = released_mixes.release
            and carried_forward.unit_type = released_mixes.unit_type
            and carried_forward.then_unit_id = released_mixes.unit_id
            and decided.scale = released_mixes.scale
    left join same_motives
        on
            carried_forward.unit_type = same_motives.unit_type
            and carried_forward.then_unit_id = same_motives.unit_id
    where decided.detail = 'carried'
),

figures as (
    select * from fresh
    union all by name
    select * from carried
)

select
    figures.unit_type,
    figures.unit_id,
    units.organisation_id,
    figures.scale,
    figures.detail,
    figures.is_carried,
    figures.respondents,
    figures.members,
    figures.mean_share,
    figures.centre_share,
    figures.withheld_because,
    figures.figures_of
from figures
inner join units on figures.unit_type = units.unit_type and figures.unit_id = units.unit_id
