-- Totals of motive mixes, computed from published contribution groups: the shares weighted by members (by respondents
-- where any number of members is unknown); they add up to 1 again.
-- Grain: one row per unit_type, unit_id, scale.

with

totals as (
    select * from disclosure.totals
    where family = 'mix'
),

mixes as (
    select * from disclosure.mixes
    where mean_share is not null
),

parts as (
    select
        totals.unit_type,
        totals.unit_id,
        totals.members as members_of_total,
        mixes.unit_type as part_type,
        mixes.unit_id as part_id,
        mixes.scale,
        mixes.respondents,
        mixes.members,
        mixes.mean_share,
        mixes.centre_share,
        mixes.figures_of,
        count(mixes.members) over of_total = count(*) over of_total as has_members
    from totals
    inner join mixes on totals.part_type = mixes.unit_type and totals.part_id = mixes.unit_id
    window of_total as (partition by totals.unit_type, totals.unit_id, mixes.scale)
),

weighted as (
    select
        *,
        case when has_members then members else respondents end
        / sum(case when has_members then members else respondents end) over (partition by unit_type, unit_id, scale)
            as weight
    from parts
)

select
    unit_type,
    unit_id,
    scale,
    cast(sum(respondents) as bigint) as respondents,
    round(sum(weight * mean_share), 6) as mean_share,
    round(sum(weight * centre_share), 6) as centre_share,
    case when bool_and(has_members) then round(sum(members) / any_value(members_of_total), 3) end as covered_share,
    case when count(figures_of) = count(*) and min(figures_of) = max(figures_of) then max(figures_of) end
        as figures_of
from weighted
group by unit_type, unit_id, scale
