-- The motive mix of a unit. Shares are rounded by largest remainder to half the step of the levels, so that they add up
-- to 1; relative importance is computed from the published levels.
-- Grain: one row per period, unit_type, unit_id, scale.

with

units as (select * from statistics.units),

mixes as (select * from statistics.motive_mix),

decisions as (
    select * from statistics.release_decisions
    where figure = 'motive_mix'
),

motives as (select * from statistics.motives_in_mix),

levels as (select * from published.scale_levels),

shown as (
    select
        mixes.*,
        decisions.detail,
        decisions.withheld_because,
        200 / level_step(mixes.respondents) as portions
    from mixes
    inner join decisions
        on
            mixes.unit_type = decisions.unit_type
            and mixes.unit_id = decisions.unit_id
            and mixes.scale = decisions.scale
),

portioned as (
    select
        *,
        floor(round(mean_share * portions, 6)) as mean_portions,
        floor(round(centre_share * portions, 6)) as centre_portions,
        row_number() over (
            partition by unit_type, unit_id
            order by round(mean_share * portions, 6) - floor(round(mean_share * portions, 6)) desc, scale asc
        ) as mean_turn,
        row_number() over (
            partition by unit_type, unit_id
            order by round(centre_share * portions, 6) - floor(round(centre_share * portions, 6)) desc, scale asc
        ) as centre_turn,
        portions - sum(floor(round(mean_share * portions, 6))) over (partition by unit_type, unit_id) as mean_left,
        portions - sum(floor(round(centre_share * portions, 6))) over (partition by unit_type, unit_id) as centre_left
    from shown
    where detail = 'full'
),

level_means as (
    select
        levels.unit_type,
        levels.unit_id,
        avg(levels.mean) as mean_level,
        count(levels.mean) = count(*) as all_shown
    from levels
    inner join motives on levels.scale = motives.scale
    group by levels.unit_type, levels.unit_id
)

select
    shown.period,
    shown.unit_type,
    shown.unit_id,
    shown.scale,
    case when shown.detail = 'full' then shown.respondents end as respondents,
    people_band(shown.respondents) as respondents_band,
    (portioned.mean_portions + case when portioned.mean_turn <= portioned.mean_left then 1 else 0 end)
    / portioned.portions as mean_share,
    (portioned.centre_portions + case when portioned.centre_turn <= portioned.centre_left then 1 else 0 end)
    / portioned.portions as centre_share,
    case
        when shown.detail = 'full' and level_means.all_shown
            then round(levels.mean - level_means.mean_level, 1)
    end as relative_importance,
    shown.withheld_because,
    units.figures_of
from shown
inner join units on shown.unit_type = units.unit_type and shown.unit_id = units.unit_id
left join portioned
    on
        shown.unit_type = portioned.unit_type
        and shown.unit_id = portioned.unit_id
        and shown.scale = portioned.scale
left join levels
    on shown.unit_type = levels.unit_type and shown.unit_id = levels.unit_id and shown.scale = levels.scale
left join level_means on shown.unit_type = level_means.unit_type and shown.unit_id = level_means.unit_id
