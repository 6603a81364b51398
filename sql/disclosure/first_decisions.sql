-- What may be published of each figure of a group, judged on its own: nothing, levels only, in full, or the previous
-- figures (carried); and why not more. Rule 1: few answers. Rule 4: everyone, or all but one, gave the same score. Rule
-- 5: carried forward. A scale that is too unreliable is withheld for all groups.
-- Grain: one row per family, unit_type, unit_id, figure, scale.

with

policy as (select * from reference.policy),

levels as (select * from statistics.scale_levels),

mixes as (select * from statistics.motive_mix),

diversity as (select * from statistics.diversity),

scale_decisions as (select * from measurement.decisions),

motives as (select * from measurement.motives_in_mix),

carried_forward as (select * from disclosure.carried_forward),

moments as (select * from scored.score_moments),

alike_in_mix as (
    select
        moments.family,
        moments.unit_type,
        moments.unit_id,
        bool_or(moments.modal_count >= moments.respondents - 1) as is_alike
    from moments
    inner join motives on moments.scale = motives.scale
    group by moments.family, moments.unit_type, moments.unit_id
),

figures as (
    select
        'levels' as family,
        'scale_levels' as figure,
        levels.unit_type,
        levels.unit_id,
        levels.scale,
        levels.respondents,
        levels.respondents > 0 and levels.modal_count >= levels.respondents - 1 as is_alike,
        scale_decisions.is_reliable
    from levels
    inner join scale_decisions on levels.scale = scale_decisions.scale
    union all
    select
        'mix' as family,
        'motive_mix' as figure,
        mixes.unit_type,
        mixes.unit_id,
        mixes.scale,
        mixes.respondents,
        coalesce(alike_in_mix.is_alike, false) as is_alike,
        scale_decisions.is_reliable
    from mixes
    inner join scale_decisions on mixes.scale = scale_decisions.scale
    left join alike_in_mix
        on
            mixes.unit_type = alike_in_mix.unit_type
            and mixes.unit_id = alike_in_mix.unit_id
            and alike_in_mix.family = case when mixes.unit_type = 'rest' then 'mix' else 'levels' end
    union all
    select
        'mix' as family,
        'diversity' as figure,
        diversity.unit_type,
        diversity.unit_id,
        '' as scale,
        diversity.respondents,
        coalesce(alike_in_mix.is_alike, false) as is_alike,
        true as is_reliable
    from diversity
    left join alike_in_mix
        on
            diversity.unit_type = alike_in_mix.unit_type
            and diversity.unit_id = alike_in_mix.unit_id
            and alike_in_mix.family = case when diversity.unit_type = 'rest' then 'mix' else 'levels' end
)

select
    figures.family,
    figures.unit_type,
    figures.unit_id,
    figures.figure,
    figures.scale,
    figures.respondents,
    case
        when not figures.is_reliable then 'nothing'
        when carried_forward.unit_id is not null
            then
                case
                    when carried_forward.is_expired or carried_forward.then_unit_id is null then 'nothing'
                    else 'carried'
                end
        when figures.is_alike or figures.respondents < policy.levels_from then 'nothing'
        when figures.respondents < policy.full_from and figures.figure = 'scale_levels' then 'levels'
        when figures.respondents < policy.full_from then 'nothing'
        else 'full'
    end as detail,
    case
        when not figures.is_reliable then 'unreliable_scale'
        when carried_forward.unit_id is not null
            then
                case
                    when not (carried_forward.is_expired or carried_forward.then_unit_id is null) then null
                    when figures.respondents < policy.levels_from then 'too_few'
                    else 'protects_people'
                end
        when figures.respondents < policy.levels_from then 'too_few'
        when figures.is_alike then 'protects_people'
        when figures.respondents < policy.full_from then 'too_few'
    end as withheld_because
from figures
cross join policy
left join carried_forward
    on
        figures.family = carried_forward.family
        and figures.unit_type = carried_forward.unit_type
        and figures.unit_id = carried_forward.unit_id
