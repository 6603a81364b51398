-- Totals of levels before their interval is computed: the stratified mean sum W m over the published groups, its
-- variance sum W2 (variance + rounding variance), and its degrees of freedom by Satterthwaite (1946). The variance is
-- NULL where the sd of any group is unknown.
-- Grain: one row per unit_type, unit_id, scale.

with

strata as (select * from disclosure.level_strata)

select
    unit_type,
    unit_id,
    scale,
    cast(sum(respondents) as bigint) as respondents,
    count(*) as parts,
    cast(sum(part_collectives) as bigint) as covered_collectives,
    case when bool_and(has_members) then cast(sum(members) as bigint) end as covered_members,
    any_value(members_of_total) as members_of_total,
    any_value(collectives) as collectives,
    bool_and(has_members) as has_members,
    case when count(*) = 1 and any_value(part_type) = 'collective' then any_value(part_id) end as only_part,
    case when count(*) = 1 then any_value(ci_low) end as ci_low_of_only_part,
    case when count(*) = 1 then any_value(ci_high) end as ci_high_of_only_part,
    case when count(figures_of) = count(*) and min(figures_of) = max(figures_of) then max(figures_of) end
        as figures_of,
    sum(weight * mean) as mean,
    case when bool_and(has_members) then sum(weight * bound_low) end as bound_low,
    case when bool_and(has_members) then sum(weight * bound_high) end as bound_high,
    case when count(variance) = count(*) then sum(weight * weight * (variance + rounding_variance)) end as variance,
    pow(sum(weight * weight * variance), 2)
    / nullif(sum(pow(weight * weight * variance, 2) / degrees_of_freedom), 0) as degrees_of_freedom,
    case when count(sd) = count(*) then sqrt(sum(weight * (sd * sd + mean * mean)) - pow(sum(weight * mean), 2)) end
        as sd
from strata
group by unit_type, unit_id, scale
