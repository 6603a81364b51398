-- Totals of distributions before their interval is computed: counts are sums of published counts, share = sum W p, its
-- variance sum W2 (1 - f) p (1 - p) / (n - 1), design degrees of freedom sum n - number of groups.
-- Grain: one row per unit_type, unit_id, distribution, class.

with

strata as (select * from disclosure.class_strata)

select
    unit_type,
    unit_id,
    distribution,
    any_value(coarsening_level) as coarsening_level,
    class,
    any_value(finest) as finest,
    cast(sum(respondents) as bigint) as respondents,
    cast(sum(count) as bigint) as count,
    count(*) as parts,
    case when count(*) = 1 then any_value(part_type) end as only_part_type,
    case when count(*) = 1 then any_value(part_id) end as only_part_id,
    sum(weight * count / respondents) as share,
    sum(
        weight * weight * (1 - sampling_fraction) * (count / respondents) * (1 - count / respondents)
        / (respondents - 1)
    ) as variance,
    cast(sum(respondents) - count(*) as bigint) as degrees_of_freedom,
    case when bool_and(has_members) then round(sum(members) / any_value(members_of_total), 3) end as covered_share,
    case when count(figures_of) = count(*) and min(figures_of) = max(figures_of) then max(figures_of) end
        as figures_of
from strata
group by unit_type, unit_id, distribution, class
