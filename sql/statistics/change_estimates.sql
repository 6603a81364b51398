-- How far a level moved since the former window, with its standard error and degrees of freedom: over the pairs where
-- there are enough of them (as many as the full report asks for), else between both groups (Welch, 1947). No
-- finite-population factor: the question is whether the group changed, not what today's roster would say. Only where
-- both levels are published in full. NULL when nobody's score differs from another's.
-- Edges: below the threshold in either window: not shown. No variance in both: no standard error.
-- Grain: one row per unit_type, unit_id, scale.

with

levels as (select * from statistics.scale_levels),

former_levels as (
    select * from statistics.score_moments
    where "window" = 'former'
),

paired_changes as (select * from statistics.paired_changes),

policy as (select * from reference.policy),

live_units as (
    select
        unit_type,
        unit_id
    from statistics.live_units
    group by unit_type, unit_id
    having count(*) = 2
),

decisions as (
    select * from statistics.release_decisions
    where figure = 'scale_levels'
),

compared as (
    select
        levels.unit_type,
        levels.unit_id,
        levels.scale,
        coalesce(paired_changes.pairs, 0) >= policy.full_from as paired,
        decisions.detail = 'full'
        and former_levels.respondents >= policy.full_from
        and former_levels.modal_count < former_levels.respondents - 1
        and live_units.unit_id is not null as is_shown,
        levels.mean - former_levels.mean as difference,
        former_levels.mean as mean_then,
        pow(levels.sd, 2) / levels.respondents as variance_now,
        pow(former_levels.sd, 2) / former_levels.respondents as variance_then,
        levels.respondents as respondents_now,
        former_levels.respondents as respondents_then,
        paired_changes.pairs,
        paired_changes.mean_difference,
        paired_changes.sd_difference
    from levels
    inner join former_levels
        on
            levels.unit_type = former_levels.unit_type
            and levels.unit_id = former_levels.unit_id
            and levels.scale = former_levels.scale
    inner join decisions
        on
            levels.unit_type = decisions.unit_type
            and levels.unit_id = decisions.unit_id
            and levels.scale = decisions.scale
    cross join policy
    left join live_units on levels.unit_type = live_units.unit_type and levels.unit_id = live_units.unit_id
    left join paired_changes
        on
            levels.unit_type = paired_changes.unit_type
            and levels.unit_id = paired_changes.unit_id
            and levels.scale = paired_changes.scale
)

select
    unit_type,
    unit_id,
    scale,
    paired,
    case when paired then pairs end as respondents_both,
    is_shown,
    mean_then,
    respondents_now,
    respondents_then,
    case when paired then mean_difference else difference end as estimate,
    nullif(
        case when paired then sd_difference / sqrt(pairs) else sqrt(variance_now + variance_then) end, 0
    ) as standard_error,
    case
        when paired then pairs - 1
        else
            pow(variance_now + variance_then, 2)
            / nullif(
                pow(variance_now, 2) / (respondents_now - 1) + pow(variance_then, 2) / (respondents_then - 1), 0
            )
    end as degrees_of_freedom
from compared
