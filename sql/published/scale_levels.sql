-- Levels from 0 to 100, rounded to what the group can carry: interval ends outwards, bounds and shrunken mean computed
-- from the rounded means; the bounds hold for every mean that rounds to the shown one, and intervals end within them.
-- From 5 to 9 respondents the mean alone; sd from 30 on. Where a total would tell of few people beside its collectives
-- whatever is withheld, it is told over its one shown collective (disclosure rule 6); more than one cannot be, for
-- two groups of five need no last resort.
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

-- In place of the exact bounds.
bounded as (
    select
        * replace (
            case
                when detail = 'full'
                    then rounded_down(respondents * at_least(0, rounded_mean - step / 2) / members, 0.5)
            end as bound_low,
            case
                when detail = 'full'
                    then rounded_up(100 - respondents * (100 - at_most(100, rounded_mean + step / 2)) / members, 0.5)
            end as bound_high
        )
    from rounded
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
    bounded.period,
    bounded.unit_type,
    bounded.unit_id,
    bounded.scale,
    case when bounded.detail = 'full' then bounded.respondents end as respondents,
    people_band(bounded.respondents) as respondents_band,
    coalesce(bounded.rounded_mean, shown_alone.mean) as mean,
    case
        when bounded.detail = 'full' then at_least(bounded.bound_low, rounded_down(bounded.ci_low, bounded.step))
    end as ci_low,
    case
        when bounded.detail = 'full' then at_most(bounded.bound_high, rounded_up(bounded.ci_high, bounded.step))
    end as ci_high,
    bounded.bound_low,
    bounded.bound_high,
    case when bounded.detail = 'full' and bounded.has_spread then rounded_to(bounded.sd, bounded.step) end as sd,
    case
        when bounded.detail = 'full'
            then rounded_to(
                grand_means.grand_mean
                + rounded_to(bounded.reliability, 0.01) * (bounded.rounded_mean - grand_means.grand_mean),
                bounded.step
            )
    end as shrunken_mean,
    case when bounded.detail = 'full' then rounded_to(bounded.reliability, 0.01) end as reliability,
    coalesce(shown_alone.withheld_because, bounded.withheld_because) as withheld_because,
    units.figures_of,
    shown_alone.computed_over
from bounded
inner join units on bounded.unit_type = units.unit_type and bounded.unit_id = units.unit_id
left join grand_means on bounded.scale = grand_means.scale
left join shown_alone
    on
        bounded.unit_type = shown_alone.unit_type
        and bounded.unit_id = shown_alone.unit_id
        and bounded.scale = shown_alone.scale
