-- The motive mix of a unit: shares from 0 to 1 that add up to 1; for collectives as contribution groups, for
-- organisations and the programme weighted by members. Relative importance, in POMP points, is computed from the
-- published levels.
-- Grain: one row per period, unit_type, unit_id, scale.

with

run as (select * from reference.run),

policy as (select * from reference.policy),

motives as (
    select * from reference.scales
    where kind = 'motive'
),

in_mix as (select * from measurement.motives_in_mix),

levels as (select * from published.scale_levels),

mixes as (
    select * from disclosure.mixes
    where unit_type = 'collective'
),

totals as (select * from disclosure.mix_totals),

total_units as (
    select distinct
        unit_type,
        unit_id
    from levels
    where unit_type <> 'collective'
),

level_means as (
    select
        levels.unit_type,
        levels.unit_id,
        avg(levels.mean) as mean_level,
        count(levels.mean) = count(*) as all_shown
    from levels
    inner join in_mix on levels.scale = in_mix.scale
    group by levels.unit_type, levels.unit_id
),

figures as (
    select
        mixes.unit_type,
        mixes.unit_id,
        mixes.scale,
        case when mixes.detail = 'full' then mixes.respondents end as respondents,
        people_band(mixes.respondents, policy.levels_from, policy.full_from) as respondents_band,
        mixes.mean_share,
        mixes.centre_share,
        mixes.withheld_because,
        mixes.figures_of
    from mixes
    cross join policy
    union all
    select
        total_units.unit_type,
        total_units.unit_id,
        motives.scale,
        totals.respondents,
        people_band(totals.respondents, policy.levels_from, policy.full_from) as respondents_band,
        totals.mean_share,
        totals.centre_share,
        case
            when totals.mean_share is not null then null
            when in_mix.scale is null then 'unreliable_scale'
            else 'too_few'
        end as withheld_because,
        totals.figures_of
    from total_units
    cross join motives
    cross join policy
    left join in_mix on motives.scale = in_mix.scale
    left join totals
        on
            total_units.unit_type = totals.unit_type
            and total_units.unit_id = totals.unit_id
            and motives.scale = totals.scale
)

select
    run.period,
    figures.unit_type,
    figures.unit_id,
    figures.scale,
    figures.respondents,
    figures.respondents_band,
    figures.mean_share,
    figures.centre_share,
    case
        when figures.mean_share is not null and level_means.all_shown
            then round(levels.mean - level_means.mean_level, 1)
    end as relative_importance,
    figures.withheld_because,
    figures.figures_of
from figures
cross join run
left join levels
    on figures.unit_type = levels.unit_type and figures.unit_id = levels.unit_id and figures.scale = levels.scale
left join level_means on figures.unit_type = level_means.unit_type and figures.unit_id = level_means.unit_id
