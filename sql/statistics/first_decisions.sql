-- What each figure may tell by itself: nothing, levels only, or in full, and why not more. Rule 1: few answers. Rule 4:
-- everyone, or all but one, gave the same score. Rule 5: it stood still for longer than a window. A scale that measures
-- too badly is withheld from all.
-- Grain: one row per unit_type, unit_id, figure, scale.

with

policy as (select * from reference.policy),

levels as (select * from statistics.scale_levels),

mixes as (select * from statistics.motive_mix),

diversity as (select * from statistics.diversity),

response_rates as (select * from statistics.response_rates),

reliability as (select * from statistics.reliability),

motives as (select * from statistics.motives_in_mix),

expired as (
    select collective_id from scored.held_back
    where is_expired
),

alike as (
    select
        levels.unit_type,
        levels.unit_id,
        levels.scale,
        levels.respondents > 0 and levels.modal_count >= levels.respondents - 1 as is_alike
    from levels
),

alike_in_mix as (
    select
        alike.unit_type,
        alike.unit_id,
        bool_or(alike.is_alike) as is_alike
    from alike
    inner join motives on alike.scale = motives.scale
    group by alike.unit_type, alike.unit_id
),

figures as (
    select
        'scale_levels' as figure,
        levels.unit_type,
        levels.unit_id,
        levels.scale,
        levels.respondents,
        alike.is_alike,
        reliability.is_reliable
    from levels
    inner join alike
        on levels.unit_type = alike.unit_type and levels.unit_id = alike.unit_id and levels.scale = alike.scale
    inner join reliability on levels.scale = reliability.scale
    union all
    select
        'motive_mix' as figure,
        mixes.unit_type,
        mixes.unit_id,
        mixes.scale,
        mixes.respondents,
        coalesce(alike_in_mix.is_alike, false) as is_alike,
        reliability.is_reliable
    from mixes
    left join alike_in_mix on mixes.unit_type = alike_in_mix.unit_type and mixes.unit_id = alike_in_mix.unit_id
    inner join reliability on mixes.scale = reliability.scale
    union all
    select
        'diversity' as figure,
        diversity.unit_type,
        diversity.unit_id,
        '' as scale,
        diversity.respondents,
        coalesce(alike_in_mix.is_alike, false) as is_alike,
        true as is_reliable
    from diversity
    left join alike_in_mix
        on diversity.unit_type = alike_in_mix.unit_type and diversity.unit_id = alike_in_mix.unit_id
    union all
    select
        'response_rates' as figure,
        unit_type,
        unit_id,
        '' as scale,
        respondents,
        false as is_alike,
        true as is_reliable
    from response_rates
)

select
    figures.unit_type,
    figures.unit_id,
    figures.figure,
    figures.scale,
    figures.respondents,
    case
        when
            not figures.is_reliable
            or figures.is_alike
            or expired.collective_id is not null
            or figures.respondents < policy.levels_from
            then 'nothing'
        when figures.respondents < policy.full_from and figures.figure = 'scale_levels' then 'levels'
        when figures.respondents < policy.full_from then 'nothing'
        else 'full'
    end as detail,
    case
        when not figures.is_reliable then 'unreliable_scale'
        when figures.respondents < policy.levels_from then 'too_few'
        when figures.is_alike or expired.collective_id is not null then 'protects_people'
        when figures.respondents < policy.full_from then 'too_few'
    end as withheld_because
from figures
cross join policy
left join expired on figures.unit_type = 'collective' and figures.unit_id = expired.collective_id
