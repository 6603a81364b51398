-- Not a uniform group: the mix within people and the differences between them, rounded: motives in play to 0.1,
-- entropies to 0.01 (entropy_total is the sum of its rounded parts), between_share to 1 percentage point; balance comes
-- from the published levels, balance_sd from 30 respondents on, blau where all dominant motives are published.
-- Grain: one row per period, unit_type, unit_id.

with

units as (select * from statistics.units),

diversity as (select * from statistics.diversity),

decisions as (
    select * from statistics.release_decisions
    where figure = 'diversity'
),

policy as (select * from reference.policy),

motives as (select * from statistics.motives_in_mix),

levels as (select * from published.scale_levels),

chosen as (
    select * from statistics.chosen_rungs
    where distribution = 'dominant_motives'
),

level_balances as (
    select
        levels.unit_type,
        levels.unit_id,
        count(levels.mean) = count(*) as all_shown,
        avg(levels.mean) filter (where motives.orientation = 'community')
        - avg(levels.mean) filter (where motives.orientation = 'self') as balance
    from levels
    inner join motives on levels.scale = motives.scale
    group by levels.unit_type, levels.unit_id
),

shown as (
    select
        diversity.period,
        diversity.unit_type,
        diversity.unit_id,
        diversity.respondents,
        decisions.withheld_because,
        decisions.detail = 'full' as is_shown,
        case when decisions.detail = 'full' then diversity.motives_in_play end as motives_in_play,
        case when decisions.detail = 'full' then rounded_to(diversity.entropy_within, 0.01) end as entropy_within,
        case when decisions.detail = 'full' then rounded_to(diversity.entropy_between, 0.01) end as entropy_between,
        case when decisions.detail = 'full' then diversity.evenness_within end as evenness_within,
        case when decisions.detail = 'full' then diversity.between_share end as between_share,
        case when decisions.detail = 'full' then diversity.between_share_by_error end as between_share_by_error,
        diversity.balance_sd,
        diversity.blau
    from diversity
    inner join decisions on diversity.unit_type = decisions.unit_type and diversity.unit_id = decisions.unit_id
)

select
    shown.period,
    shown.unit_type,
    shown.unit_id,
    case when shown.is_shown then shown.respondents end as respondents,
    people_band(shown.respondents) as respondents_band,
    rounded_to(shown.motives_in_play, 0.1) as motives_in_play,
    round(shown.entropy_within + shown.entropy_between, 2) as entropy_total,
    round(shown.entropy_within, 2) as entropy_within,
    round(shown.entropy_between, 2) as entropy_between,
    round(shown.evenness_within, 2) as evenness_within,
    round(round(shown.between_share, 9), 2) as between_share,
    round(round(shown.between_share_by_error, 9), 2) as between_share_by_error,
    case when shown.is_shown and level_balances.all_shown then round(level_balances.balance, 1) end as balance,
    case
        when shown.is_shown and shown.respondents >= policy.spread_from
            then rounded_to(shown.balance_sd, level_step(shown.respondents))
    end as balance_sd,
    case when shown.is_shown and chosen.rung = 1 then round(round(shown.blau, 9), 2) end as blau,
    shown.withheld_because,
    units.figures_of
from shown
inner join units on shown.unit_type = units.unit_type and shown.unit_id = units.unit_id
cross join policy
left join level_balances on shown.unit_type = level_balances.unit_type and shown.unit_id = level_balances.unit_id
left join chosen on shown.unit_type = chosen.unit_type and shown.unit_id = chosen.unit_id
