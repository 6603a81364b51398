-- Levels of contribution groups: means from 0 to 100, rounded to the step allowed for the group, interval ends
-- outwards; the bounds under non-response hold for every mean that rounds to the published one, and intervals are cut
-- off at them. Below full_from respondents only the mean, and a mean at an end of the scale is published as the step
-- before it; sd from 30 on. respondents, members and step are exact and are not published from here. A level that is
-- carried forward is a copy of the previous one.
-- Grain: one row per unit_type, unit_id, scale.

with

run as (select * from reference.run),

policy as (select * from reference.policy),

units as (
    select * from counted.units
    where family = 'levels'
),

levels as (select * from statistics.scale_levels),

decisions as (
    select * from disclosure.decisions
    where figure = 'scale_levels'
),

nearest as (
    select * from disclosure.nearest
    where family = 'levels'
),

base as (select * from released.base),

released_levels as (select * from released.levels),

stepped as (
    select
        levels.*,
        units.organisation_id,
        units.type,
        decisions.detail,
        decisions.withheld_because,
        level_step(levels.respondents) as step,
        levels.respondents >= policy.spread_from as has_spread
    from levels
    inner join units on levels.unit_type = units.unit_type and levels.unit_id = units.unit_id
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
        case
            when detail = 'full' then rounded_to(mean, step)
            when detail = 'levels' then at_least(step, at_most(100 - step, rounded_to(mean, step)))
        end as rounded_mean
    from stepped
),

bounded as (
    select
        *,
        case
            when detail = 'full'
                then rounded_down(respondents * at_least(0, rounded_mean - step / 2) / members, 0.5)
        end as lowest,
        case
            when detail = 'full'
                then rounded_up(100 - respondents * (100 - at_most(100, rounded_mean + step / 2)) / members, 0.5)
        end as highest
    from rounded
),

fresh as (
    select
        unit_type,
        unit_id,
        scale,
        detail,
        respondents,
        members,
        step,
        rounded_mean as mean,
        case when detail = 'full' then at_least(coalesce(lowest, 0), rounded_down(ci_low, step)) end as ci_low,
        case when detail = 'full' then at_most(coalesce(highest, 100), rounded_up(ci_high, step)) end as ci_high,
        lowest as bound_low,
        highest as bound_high,
        case when detail = 'full' and has_spread then rounded_to(sd, step) end as sd,
        withheld_because,
        cast(null as varchar) as figures_of
    from bounded
    where detail <> 'carried'
),

carried as (
    select
        rounded.unit_type,
        rounded.unit_id,
        rounded.scale,
        coalesce(released_levels.detail, 'nothing') as detail,
        released_levels.respondents,
        released_levels.members,
        released_levels.step,
        released_levels.mean,
        released_levels.ci_low,
        released_levels.ci_high,
        released_levels.bound_low,
        released_levels.bound_high,
        released_levels.sd,
        case when released_levels.scale is null then 'protects_people' else released_levels.withheld_because end
            as withheld_because,
        case
            when released_levels.mean is not null
                then coalesce(released_levels.figures_of, base.period)
        end as figures_of
    from rounded
    inner join nearest on rounded.unit_type = nearest.unit_type and rounded.unit_id = nearest.unit_id
    cross join run
    cross join base
    left join released_levels
        on
            nearest.unit_type = released_levels.unit_type
            and nearest.then_unit_id = released_levels.unit_id
            and rounded.scale = released_levels.scale
    where rounded.detail = 'carried'
),

figures as (
    select
        *,
        false as is_carried
    from fresh
    union all by name
    select
        *,
        true as is_carried
    from carried
)

select
    figures.unit_type,
    figures.unit_id,
    units.organisation_id,
    units.type,
    figures.scale,
    figures.detail,
    figures.is_carried,
    figures.respondents,
    figures.members,
    figures.step,
    figures.mean,
    figures.ci_low,
    figures.ci_high,
    figures.bound_low,
    figures.bound_high,
    figures.sd,
    figures.withheld_because,
    figures.figures_of
from figures
inner join units on figures.unit_type = units.unit_type and figures.unit_id = units.unit_id
