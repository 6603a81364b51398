-- Levels from 0 to 100, rounded to the step allowed for the group: for collectives as contribution groups, for
-- organisations and the programme computed from contribution groups for all members (covered_collectives and
-- covered_share say how many of them are covered; computed_over names the collective if a total is computed from a
-- single one). Below full_from respondents only the mean; sd from 30 on. reliability says how well a collective's mean
-- can be distinguished from others, n ICC1 / (1 + (n-1) ICC1) with ICC1 computed from published levels; shrunken_mean
-- is the empirical-Bayes mean grand + reliability (mean - grand).
-- Grain: one row per period, unit_type, unit_id, scale.

with

run as (select * from reference.run),

policy as (select * from reference.policy),

scales as (select * from reference.scales),

organisations as (
    select distinct organisation_id from reference.collectives
),

levels as (
    select * from disclosure.levels
    where unit_type = 'collective'
),

totals as (select * from disclosure.level_totals),

scale_decisions as (select * from measurement.decisions),

between_collectives as (select * from disclosure.between_collectives),

protected_scales as (
    select
        organisation_id as unit_id,
        scale,
        bool_or(withheld_because = 'protects_people') as has_protected
    from disclosure.levels
    group by organisation_id, scale
    union all
    select
        'programme' as unit_id,
        scale,
        bool_or(withheld_because = 'protects_people') as has_protected
    from disclosure.levels
    group by scale
),

total_units as (
    select
        'organisation' as unit_type,
        organisation_id as unit_id
    from organisations
    union all
    select
        'programme' as unit_type,
        'programme' as unit_id
),

grand_means as (
    select
        scale,
        mean as grand_mean
    from totals
    where unit_type = 'programme' and is_full
),

comparable as (
    select
        levels.unit_id,
        levels.scale,
        rounded_to(
            levels.respondents * between_collectives.icc1
            / (1 + (levels.respondents - 1) * between_collectives.icc1),
            0.01
        ) as reliability
    from levels
    inner join between_collectives on levels.scale = between_collectives.scale
    where levels.detail = 'full'
),

of_collectives as (
    select
        levels.unit_type,
        levels.unit_id,
        levels.scale,
        case when levels.detail = 'full' then levels.respondents end as respondents,
        people_band(levels.respondents, policy.levels_from, policy.full_from) as respondents_band,
        levels.mean,
        levels.ci_low,
        levels.ci_high,
        levels.bound_low,
        levels.bound_high,
        levels.sd,
        rounded_to(
            grand_means.grand_mean + comparable.reliability * (levels.mean - grand_means.grand_mean), levels.step
        ) as shrunken_mean,
        comparable.reliability,
        case when levels.mean is not null then 1 end as covered_collectives,
        case when levels.mean is not null then 1.0 end as covered_share,
        cast(null as varchar) as computed_over,
        levels.withheld_because,
        levels.figures_of
    from levels
    cross join policy
    left join comparable on levels.unit_id = comparable.unit_id and levels.scale = comparable.scale
    left join grand_means on levels.scale = grand_means.scale
),

of_totals as (
    select
        total_units.unit_type,
        total_units.unit_id,
        scales.scale,
        case when totals.is_full then totals.respondents end as respondents,
        people_band(totals.respondents, policy.levels_from, policy.full_from) as respondents_band,
        totals.mean,
        totals.ci_low,
        totals.ci_high,
        totals.bound_low,
        totals.bound_high,
        totals.sd,
        cast(null as double) as shrunken_mean,
        cast(null as double) as reliability,
        totals.covered_collectives,
        totals.covered_share,
        totals.computed_over,
        case
            when totals.is_full then null
            when totals.mean is not null then 'too_few'
            when not scale_decisions.is_reliable then 'unreliable_scale'
            when protected_scales.has_protected then 'protects_people'
            else 'too_few'
        end as withheld_because,
        totals.figures_of
    from total_units
    cross join scales
    cross join policy
    inner join scale_decisions on scales.scale = scale_decisions.scale
    left join totals
        on
            total_units.unit_type = totals.unit_type
            and total_units.unit_id = totals.unit_id
            and scales.scale = totals.scale
    left join protected_scales
        on total_units.unit_id = protected_scales.unit_id and scales.scale = protected_scales.scale
),

figures as (
    select * from of_collectives
    union all by name
    select * from of_totals
)

select
    run.period,
    figures.unit_type,
    figures.unit_id,
    figures.scale,
    figures.respondents,
    figures.respondents_band,
    figures.mean,
    figures.ci_low,
    figures.ci_high,
    figures.bound_low,
    figures.bound_high,
    figures.sd,
    figures.shrunken_mean,
    figures.reliability,
    figures.covered_collectives,
    figures.covered_share,
    figures.computed_over,
    figures.withheld_because,
    figures.figures_of
from figures
cross join run
