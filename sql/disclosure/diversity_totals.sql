-- Totals of diversity, computed from published contribution groups: entropy_within is the weighted mean over the
-- groups, entropy_total that of the weighted mix, entropy_between their difference, so that the partition stays exact
-- on published numbers. entropy_between_groups is the part of entropy_between that lies between the groups:
-- entropy_total minus the weighted mean of the groups' own totals. members_differ if the groups in which members differ
-- have at least half of the weight.
-- Grain: one row per unit_type, unit_id.

with

totals as (
    select * from disclosure.totals
    where family = 'mix'
),

diversity as (
    select * from disclosure.diversity
    where entropy_within is not null
),

mixes as (select * from disclosure.mix_totals),

parts as (
    select
        totals.unit_type,
        totals.unit_id,
        totals.members as members_of_total,
        diversity.respondents,
        diversity.members,
        diversity.entropy_total,
        diversity.entropy_within,
        diversity.between_share_by_error,
        diversity.members_differ,
        diversity.figures_of,
        count(diversity.members) over of_total = count(*) over of_total as has_members
    from totals
    inner join diversity on totals.part_type = diversity.unit_type and totals.part_id = diversity.unit_id
    window of_total as (partition by totals.unit_type, totals.unit_id)
),

weighted as (
    select
        *,
        case when has_members then members else respondents end
        / sum(case when has_members then members else respondents end) over (partition by unit_type, unit_id)
            as weight
    from parts
),

mix_entropies as (
    select
        unit_type,
        unit_id,
        sum(case when mean_share > 0 then -mean_share * ln(mean_share) else 0 end) as entropy_total
    from mixes
    group by unit_type, unit_id
),

summed as (
    select
        unit_type,
        unit_id,
        cast(sum(respondents) as bigint) as respondents,
        sum(weight * entropy_within) as entropy_within,
        sum(weight * entropy_total) as entropy_of_groups,
        case when count(between_share_by_error) = count(*) then sum(weight * between_share_by_error) end
            as between_share_by_error,
        case
            when count(members_differ) > 0
                then sum(weight * cast(members_differ as integer)) >= 0.5 * sum(weight)
        end as members_differ,
        case when bool_and(has_members) then round(sum(members) / any_value(members_of_total), 3) end
            as covered_share,
        case when count(figures_of) = count(*) and min(figures_of) = max(figures_of) then max(figures_of) end
            as figures_of
    from weighted
    group by unit_type, unit_id
)

select
    summed.unit_type,
    summed.unit_id,
    summed.respondents,
    mix_entropies.entropy_total,
    summed.entropy_within,
    mix_entropies.entropy_total - summed.entropy_within as entropy_between,
    mix_entropies.entropy_total - summed.entropy_of_groups as entropy_between_groups,
    summed.between_share_by_error,
    summed.members_differ,
    summed.covered_share,
    summed.figures_of
from summed
inner join mix_entropies on summed.unit_type = mix_entropies.unit_type and summed.unit_id = mix_entropies.unit_id
