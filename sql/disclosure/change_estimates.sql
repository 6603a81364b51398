-- The difference between a published level and the level published one window earlier, with its standard error: the
-- variance is v1 + v2 - 2 cov for two overlapping samples, with the covariance of the members who answered both times
-- (if there are at least as many as the full report requires), plus step2/12 for each rounding; degrees of freedom by
-- Welch (1947). Below 30 respondents the sd follows from the published interval, and only half of its rounding is
-- subtracted: rather miss a change than report a false one. No finite-population factor: the question is whether the
-- group changed, not what the mean of today's members is. The change of a total is sum W d over the collectives with
-- published levels both times, with W from today's register: if no collective changes, the total does not change.
-- Edges: below the threshold in either window, or carried forward: not shown. No variance in both: no standard error.
-- Grain: one row per unit_type, unit_id, scale.

with

policy as (select * from reference.policy),

levels as (
    select * from disclosure.levels
    where unit_type = 'collective'
),

former_levels as (
    select * from released.former_levels
    where unit_type = 'collective'
),

former_totals as (select * from released.former_totals),

totals as (
    select
        unit_type,
        unit_id,
        part_id,
        max(part_members) over (partition by unit_type, unit_id, part_id) as members
    from disclosure.totals
    where family = 'levels' and part_type = 'collective'
),

pairs as (select * from statistics.pairs),

student_t as (select * from statistics.student_t),

compared as (
    select
        levels.unit_id,
        levels.scale,
        levels.detail = 'full' and not levels.is_carried and former_levels.detail = 'full' as is_shown,
        levels.withheld_because,
        levels.is_carried,
        levels.respondents,
        levels.members,
        former_levels.respondents as respondents_then,
        former_levels.mean as mean_then,
        levels.mean - former_levels.mean as difference,
        case when pairs.pairs >= policy.full_from then pairs.pairs end as respondents_both,
        pow(
            published_sd(
                levels.sd, levels.ci_low, levels.ci_high, levels.step / 2, levels.respondents, levels.members,
                t_now.quantile
            ), 2
        ) / levels.respondents as variance_now,
        pow(
            published_sd(
                former_levels.sd, former_levels.ci_low, former_levels.ci_high, former_levels.step / 2,
                former_levels.respondents, former_levels.members, t_then.quantile
            ), 2
        ) / former_levels.respondents as variance_then,
        case
            when pairs.pairs >= policy.full_from
                then pairs.pairs * pairs.covariance / (levels.respondents * former_levels.respondents)
            else 0
        end as covariance,
        (levels.step * levels.step + former_levels.step * former_levels.step) / 12 as rounding_variance,
        levels.respondents < policy.full_from or former_levels.respondents < policy.full_from as is_small
    from levels
    inner join former_levels on levels.unit_id = former_levels.unit_id and levels.scale = former_levels.scale
    cross join policy
    left join pairs on levels.unit_id = pairs.collective_id and levels.scale = pairs.scale
    left join student_t as t_now on levels.respondents - 1 = t_now.degrees_of_freedom
    left join student_t as t_then on former_levels.respondents - 1 = t_then.degrees_of_freedom
),

of_collectives as (
    select
        *,
        -- Keep at least a twentieth: a covariance close to the variances would give an interval without width.
        at_least(0.05 * (variance_now + variance_then), variance_now + variance_then - 2 * covariance)
        + rounding_variance as variance,
        pow(variance_now + variance_then, 2)
        / nullif(
            pow(variance_now, 2) / (respondents - 1) + pow(variance_then, 2) / (respondents_then - 1), 0
        ) as degrees_of_freedom
    from compared
),

parts as (
    select
        totals.unit_type,
        totals.unit_id,
        of_collectives.* exclude (unit_id),
        count(totals.members) over of_total = count(*) over of_total as has_members,
        totals.members as members_now
    from totals
    inner join of_collectives on totals.part_id = of_collectives.unit_id
    where of_collectives.is_shown
    window of_total as (partition by totals.unit_type, totals.unit_id, of_collectives.scale)
),

weighted as (
    select
        *,
        case when has_members then members_now else respondents end
        / sum(case when has_members then members_now else respondents end) over (
            partition by unit_type, unit_id, scale
        ) as weight
    from parts
),

of_totals as (
    select
        unit_type,
        unit_id,
        scale,
        cast(sum(respondents) as bigint) as respondents,
        cast(sum(respondents_then) as bigint) as respondents_then,
        cast(sum(respondents_both) as bigint) as respondents_both,
        sum(weight * difference) as difference,
        sum(weight * weight * variance) as variance,
        pow(sum(weight * weight * variance), 2)
        / nullif(sum(pow(weight * weight * variance, 2) / degrees_of_freedom), 0) as degrees_of_freedom
    from weighted
    group by unit_type, unit_id, scale
)

select
    'collective' as unit_type,
    unit_id,
    scale,
    is_shown,
    withheld_because,
    is_small,
    respondents_both,
    respondents,
    respondents_then,
    mean_then,
    difference as estimate,
    nullif(sqrt(case when variance_now + variance_then > 0 then variance end), 0) as standard_error,
    degrees_of_freedom
from of_collectives
union all
select
    of_totals.unit_type,
    of_totals.unit_id,
    of_totals.scale,
    true as is_shown,
    null as withheld_because,
    false as is_small,
    of_totals.respondents_both,
    of_totals.respondents,
    of_totals.respondents_then,
    former_totals.mean as mean_then,
    of_totals.difference as estimate,
    sqrt(of_totals.variance) as standard_error,
    of_totals.degrees_of_freedom
from of_totals
left join former_totals
    on
        of_totals.unit_type = former_totals.unit_type
        and of_totals.unit_id = former_totals.unit_id
        and of_totals.scale = former_totals.scale
