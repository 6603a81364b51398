-- The motive mixes of contribution groups that may be published by themselves, as they would be printed: shares rounded
-- by the largest remainder method to half the step of the levels, so that they add up to 1.
-- Grain: one row per unit_type, unit_id, scale.

with

mixes as (select * from statistics.motive_mix),

decisions as (
    select * from disclosure.first_decisions
    where figure = 'motive_mix' and detail = 'full'
),

portioned as (
    select
        mixes.unit_type,
        mixes.unit_id,
        mixes.scale,
        mixes.respondents,
        round(mixes.mean_share / share_step(mixes.respondents), 6) as mean_portions,
        round(mixes.centre_share / share_step(mixes.respondents), 6) as centre_portions
    from mixes
    inner join decisions
        on
            mixes.unit_type = decisions.unit_type
            and mixes.unit_id = decisions.unit_id
            and mixes.scale = decisions.scale
),

ranked as (
    select
        *,
        row_number() over (
            partition by unit_type, unit_id order by mean_portions - floor(mean_portions) desc, scale asc
        ) as mean_turn,
        row_number() over (
            partition by unit_type, unit_id order by centre_portions - floor(centre_portions) desc, scale asc
        ) as centre_turn,
        1 / share_step(respondents) - sum(floor(mean_portions)) over (partition by unit_type, unit_id) as mean_left,
        1 / share_step(respondents) - sum(floor(centre_portions)) over (partition by unit_type, unit_id)
            as centre_left
    from portioned
)

select
    unit_type,
    unit_id,
    scale,
    respondents,
    (floor(mean_portions) + case when mean_turn <= mean_left then 1 else 0 end) * share_step(respondents)
        as mean_share,
    (floor(centre_portions) + case when centre_turn <= centre_left then 1 else 0 end) * share_step(respondents)
        as centre_share
from ranked
