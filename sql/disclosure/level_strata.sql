-- The published levels that make up a total, as strata (Cochran, 1977, ch. 5): weight W = N / sum of N (n where any
-- number of members is unknown), and the variance of the mean (1 - n/N) s2/n, in squared POMP points, without the
-- factor where any number of members is unknown; rounding_variance is step2/12.
-- Grain: one row per unit_type, unit_id, scale, part_type, part_id.

with

totals as (
    select * from disclosure.totals
    where family = 'levels'
),

levels as (
    select * from disclosure.levels
    where mean is not null
),

spreads as (select * from disclosure.spreads),

parts as (
    select
        totals.unit_type,
        totals.unit_id,
        totals.part_type,
        totals.part_id,
        totals.part_collectives,
        totals.collectives,
        totals.members as members_of_total,
        levels.scale,
        levels.respondents,
        levels.members,
        levels.mean,
        levels.ci_low,
        levels.ci_high,
        levels.bound_low,
        levels.bound_high,
        levels.step,
        levels.figures_of,
        spreads.sd,
        spreads.degrees_of_freedom,
        count(levels.members) over of_total = count(*) over of_total as has_members
    from totals
    inner join levels on totals.part_type = levels.unit_type and totals.part_id = levels.unit_id
    inner join spreads
        on levels.unit_type = spreads.unit_type and levels.unit_id = spreads.unit_id and levels.scale = spreads.scale
    window of_total as (partition by totals.unit_type, totals.unit_id, levels.scale)
)

select
    unit_type,
    unit_id,
    scale,
    part_type,
    part_id,
    part_collectives,
    collectives,
    members_of_total,
    has_members,
    respondents,
    members,
    mean,
    ci_low,
    ci_high,
    coalesce(bound_low, respondents * at_least(0, mean - step / 2) / members) as bound_low,
    coalesce(bound_high, 100 - respondents * (100 - at_most(100, mean + step / 2)) / members) as bound_high,
    figures_of,
    case when has_members then members else respondents end
    / sum(case when has_members then members else respondents end) over (partition by unit_type, unit_id, scale)
        as weight,
    case when has_members then 1 - respondents / members else 1 end * sd * sd / respondents as variance,
    step * step / 12 as rounding_variance,
    sd,
    degrees_of_freedom
from parts
