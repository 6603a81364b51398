-- The dominant motive in a respondent's mix, if its lead over the second one exceeds `normal_quantile` (1.96) times
-- sqrt(SEM1^2 + SEM2^2); else mixed. A motive with a single item has no known error and is never decisive.
-- Grain: one row per response.

with

policy as (select * from reference.policy),

scores as (select * from mixes.motive_scores),

motives as (
    select
        list(scale order by position) as scales,
        list(standard_error order by position) as standard_errors
    from measurement.motives_in_mix
),

leaders as (
    select
        response,
        group_number,
        pomps,
        list_position(pomps, list_max(pomps)) as first_place
    from scores
),

others as (
    select
        *,
        list_concat(pomps[:first_place - 1], [null], pomps[first_place + 1:]) as other_pomps
    from leaders
),

runners_up as (
    select
        *,
        list_max(pomps) - list_max(other_pomps) as lead_points,
        list_position(other_pomps, list_max(other_pomps)) as second_place
    from others
)

select
    runners_up.response,
    runners_up.group_number,
    case
        when
            runners_up.lead_points > policy.normal_quantile * sqrt(
                pow(motives.standard_errors[runners_up.first_place], 2)
                + pow(motives.standard_errors[runners_up.second_place], 2)
            )
            then motives.scales[runners_up.first_place]
        else 'mixed'
    end as dominant_motive
from runners_up
cross join motives
cross join policy
