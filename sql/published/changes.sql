-- Changes between two published levels: their difference, and the interval rounded outwards to twice the step that the
-- smaller group can carry, so that it tells no more than both levels do. Only where both are published in full.
-- Grain: one row per period, unit_type, unit_id, scale.

with

changes as (select * from statistics.changes),

levels as (select * from published.scale_levels),

stepped as (
    select
        changes.*,
        levels.respondents as respondents_shown,
        levels.respondents_band,
        levels.withheld_because as level_withheld_because,
        levels.mean as level_now,
        rounded_to(changes.mean_then, level_step(changes.respondents_then)) as level_then,
        2 * level_step(
            case
                when changes.respondents_then < changes.respondents_now then changes.respondents_then
                else changes.respondents_now
            end
        ) as step
    from changes
    inner join levels
        on
            changes.unit_type = levels.unit_type
            and changes.unit_id = levels.unit_id
            and changes.scale = levels.scale
),

differing as (
    select
        *,
        level_now - level_then as rounded_difference
    from stepped
),

outwards as (
    select
        *,
        floor(round(case when rounded_difference < ci_low then rounded_difference else ci_low end / step, 9)) * step
            as low,
        ceil(round(case when rounded_difference > ci_high then rounded_difference else ci_high end / step, 9)) * step
            as high
    from differing
)

select
    period,
    unit_type,
    unit_id,
    scale,
    case when is_shown then respondents_shown end as respondents,
    respondents_band,
    compared_with,
    case when is_shown then paired end as paired,
    case when is_shown then respondents_both end as respondents_both,
    case when is_shown then round(level_then, 6) end as mean_then,
    case when is_shown then round(rounded_difference, 6) end as difference,
    case when is_shown then at_least(-100, round(low, 6)) end as ci_low,
    case when is_shown then at_most(100, round(high, 6)) end as ci_high,
    case when is_shown then round(round(p_adjusted, 9), 2) end as p_adjusted,
    case when is_shown then is_change end as is_change,
    case
        when is_shown then null
        when level_withheld_because is not null then level_withheld_because
        when respondents_shown is null or respondents_then < 10 then 'too_few'
        else 'protects_people'
    end as withheld_because,
    cast(null as varchar) as figures_of
from outwards
