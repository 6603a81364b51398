-- Diversity of motives within people and between them: for collectives as contribution groups, for organisations and
-- the programme computed from these; the partition is exact on published numbers. members_differ is the verdict on the
-- groups' exact figures: members clearly differ more than measurement error alone would give. entropy_between_groups is
-- the part of entropy_between that lies between the collectives of a total. balance is computed from the published
-- levels, balance_sd is given from 30 respondents on, blau is computed from the published counts if those of all
-- dominant motives are published.
-- Grain: one row per period, unit_type, unit_id.

with

run as (select * from reference.run),

policy as (select * from reference.policy),

motives as (select * from measurement.motives_in_mix),

motive_count as (select count(*) as motives from measurement.motives_in_mix),

levels as (select * from published.scale_levels),

diversity as (
    select * from disclosure.diversity
    where unit_type = 'collective'
),

totals as (select * from disclosure.diversity_totals),

dominant_motives as (
    select * from published.dominant_motives
    where count is not null
),

total_units as (
    select distinct
        unit_type,
        unit_id
    from levels
    where unit_type <> 'collective'
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

blau_indices as (
    select
        unit_type,
        unit_id,
        1 - sum(count * (count - 1)) / nullif(any_value(respondents * (respondents - 1)), 0) as blau
    from dominant_motives
    group by unit_type, unit_id
    having
        not bool_or(scale = 'other' or starts_with(scale, 'orientation_'))
        and sum(count) = any_value(respondents)
),

figures as (
    select
        diversity.unit_type,
        diversity.unit_id,
        case when diversity.entropy_within is not null then diversity.respondents end as respondents,
        people_band(diversity.respondents, policy.levels_from, policy.full_from) as respondents_band,
        diversity.entropy_total,
        diversity.entropy_within,
        diversity.entropy_between,
        cast(null as double) as entropy_between_groups,
        diversity.between_share_by_error,
        diversity.members_differ,
        diversity.balance_sd,
        case when diversity.entropy_within is null then coalesce(diversity.withheld_because, 'too_few') end
            as withheld_because,
        diversity.figures_of
    from diversity
    cross join policy
    union all
    select
        total_units.unit_type,
        total_units.unit_id,
        totals.respondents,
        people_band(totals.respondents, policy.levels_from, policy.full_from) as respondents_band,
        totals.entropy_total,
        totals.entropy_within,
        totals.entropy_between,
        totals.entropy_between_groups,
        totals.between_share_by_error,
        totals.members_differ,
        cast(null as double) as balance_sd,
        case when totals.entropy_within is null then 'too_few' end as withheld_because,
        totals.figures_of
    from total_units
    cross join policy
    left join totals on total_units.unit_type = totals.unit_type and total_units.unit_id = totals.unit_id
)

select
    run.period,
    figures.unit_type,
    figures.unit_id,
    figures.respondents,
    figures.respondents_band,
    round(exp(figures.entropy_within), 1) as motives_in_play,
    round(figures.entropy_within, 4) + round(figures.entropy_between, 4) as entropy_total,
    round(figures.entropy_within, 4) as entropy_within,
    round(figures.entropy_between, 4) as entropy_between,
    round(figures.entropy_between_groups, 4) as entropy_between_groups,
    round(figures.entropy_within / nullif(ln(motive_count.motives), 0), 3) as evenness_within,
    round(figures.entropy_between / nullif(figures.entropy_total, 0), 3) as between_share,
    round(figures.between_share_by_error, 3) as between_share_by_error,
    figures.members_differ,
    case when figures.entropy_within is not null and level_balances.all_shown then round(level_balances.balance, 1) end
        as balance,
    figures.balance_sd,
    round(round(blau_indices.blau, 9), 2) as blau,
    figures.withheld_because,
    figures.figures_of
from figures
cross join run
cross join motive_count
left join level_balances on figures.unit_type = level_balances.unit_type and figures.unit_id = level_balances.unit_id
left join blau_indices on figures.unit_type = blau_indices.unit_type and figures.unit_id = blau_indices.unit_id
