-- Levels from 0 to 100, rounded to what the group can carry: interval ends outwards, bounds and shrunken mean computed
-- from the rounded means. From 5 to 9 respondents the mean alone; sd from 30 on. Where a total would tell of few people
-- beside its collectives whatever is withheld, it is told over its one shown collective (disclosure rule 6); more than
-- one there cannot be, for two groups of five need no last resort.
-- Grain: one row per period, unit_type, unit_id, scale.

with

units as (select * from statistics.units),

levels as (select * from statistics.scale_levels),

decisions as (
    select * from statistics.release_decisions
    where figure = 'scale_levels'
),

policy as (select * from reference.policy),

collectives as (select * from reference.collectives),

last_resorts as (
    select * from statistics.withheld_sets
    where rule = 'last_resort' and figure = 'scale_levels'
),

stepped as (
    select
        levels.*,
        decisions.detail,
        decisions.withheld_because,
        level_step(levels.respondents) as step,
        levels.respondents >= policy.spread_from as has_spread
    from levels
    inner join decisions
        on
            levels.unit_type = decisions.unit_type
            and levels.unit_id = decisions.unit_id
            and levels.scale = decisions.scale
    cross join policy
),

rounded as (
    select
        *,
        case when detail <> 'nothing' then rounded_to(mean, step) end as rounded_mean
    from stepped
),

shown_alone as (
    select
        last_resorts.unit_type,
        last_resorts.unit_id,
        last_resorts.scale,
        max(rounded.rounded_mean) as mean,
        max(rounded.withheld_because) as withheld_because,
        max(rounded.unit_id) as computed_over
    from last_resorts
    inner join collectives
        on last_resorts.unit_type = 'programme' or last_resorts.unit_id = collectives.organisation_id
    inner join rounded
        on
            rounded.unit_type = 'collective'
            and collectives.collective_id = rounded.unit_id
            and last_resorts.scale = rounded.scale
            and rounded.detail <> 'nothing'
    group by last_resorts.unit_type, last_resorts.unit_id, last_resorts.scale
    having count(*) = 1
),

grand_means as (
    select
        scale,
        rounded_mean as grand_mean
    from rounded
    where unit_type = 'programme' and detail = 'full'
)

select
    rounded.period,
    rounded.unit_type,
    rounded.unit_id,
    rounded.scale,
    case when rounded.detail = 'full' then rounded.respondents end as respondents,
    people_band(rounded.respondents) as respondents_band,
    coalesce(rounded.rounded_mean, shown_alone.mean) as mean,
    case when rounded.detail = 'full' then rounded_down(rounded.ci_low, rounded.step) end as ci_low,
    case when rounded.detail = 'full' then rounded_up(rounded.ci_high, rounded.step) end as ci_high,
    case
        when rounded.detail = 'full'
            then rounded_down(rounded.respondents * rounded.rounded_mean / rounded.members, 0.5)
    end as bound_low,
    case
        when rounded.detail = 'full'
            then rounded_up(
                100 - rounded.respondents * (100 - rounded.rounded_mean) / rounded.members, 0.5
            )
    end as bound_high,
    case when rounded.detail = 'full' and rounded.has_spread then rounded_to(rounded.sd, rounded.step) end as sd,
    case
        when rounded.detail = 'full'
            then rounded_to(
                grand_means.grand_mean
                + rounded_to(rounded.reliability, 0.01) * (rounded.rounded_mean - grand_means.grand_mean),
                rounded.step
            )
    end as shrunken_mean,
    case when rounded.detail = 'full' then rounded_to(rounded.reliability, 0.01) end as reliability,
    coalesce(shown_alone.withheld_because, rounded.withheld_because) as withheld_because,
    units.figures_of,
    shown_alone.computed_over
from rounded
inner join units on rounded.unit_type = units.unit_type and rounded.unit_id = units.unit_id
left join grand_means on rounded.scale = grand_means.scale
left join shown_alone
    on
        rounded.unit_type = shown_alone.unit_type
        and rounded.unit_id = shown_alone.unit_id
        and rounded.scale = shown_alone.scale
