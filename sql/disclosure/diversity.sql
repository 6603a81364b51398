-- Diversity of contribution groups: the rounded entropies where the mix is published too, and everything else derived
-- from these; between_share_by_error rounded likewise. balance_sd from 30 respondents on. members_differ is the verdict
-- on exact figures.
-- Grain: one row per unit_type, unit_id.

with

run as (select * from reference.run),

policy as (select * from reference.policy),

units as (
    select * from counted.units
    where family = 'mix'
),

diversity as (select * from statistics.diversity),

decisions as (
    select * from disclosure.decisions
    where figure = 'diversity'
),

published_mixes as (
    select distinct
        unit_type,
        unit_id
    from disclosure.mixes
    where mean_share is not null
),

entropies as (select * from disclosure.rounded_entropies),

carried_forward as (
    select * from disclosure.carried_forward
    where family = 'mix'
),

released_diversity as (select * from released.diversity),

fresh as (
    select
        diversity.unit_type,
        diversity.unit_id,
        diversity.respondents,
        units.members,
        case
            when published_mixes.unit_id is not null then entropies.entropy_within + entropies.entropy_between
        end as entropy_total,
        case when published_mixes.unit_id is not null then entropies.entropy_between end as entropy_between,
        case
            when decisions.detail = 'full'
                then rounded_to(diversity.between_share_by_error, level_step(diversity.respondents) / 100)
        end as between_share_by_error,
        case when decisions.detail = 'full' then diversity.members_differ end as members_differ,
        case
            when decisions.detail = 'full' and diversity.respondents >= policy.spread_from
                then rounded_to(diversity.balance_sd, level_step(diversity.respondents))
        end as balance_sd,
        decisions.withheld_because,
        cast(null as varchar) as figures_of,
        false as is_carried
    from diversity
    inner join units on diversity.unit_type = units.unit_type and diversity.unit_id = units.unit_id
    inner join decisions on diversity.unit_type = decisions.unit_type and diversity.unit_id = decisions.unit_id
    cross join policy
    left join entropies
        on
            decisions.detail = 'full'
            and diversity.unit_type = entropies.unit_type
            and diversity.unit_id = entropies.unit_id
    left join published_mixes
        on diversity.unit_type = published_mixes.unit_type and diversity.unit_id = published_mixes.unit_id
    where decisions.detail <> 'carried'
),

carried as (
    select
        decisions.unit_type,
        decisions.unit_id,
        released_diversity.respondents,
        released_diversity.members,
        case when published_mixes.unit_id is not null then released_diversity.entropy_total end as entropy_total,
        case when published_mixes.unit_id is not null then released_diversity.entropy_between end as entropy_between,
        case when published_mixes.unit_id is not null then released_diversity.between_share_by_error end
            as between_share_by_error,
        case when published_mixes.unit_id is not null then released_diversity.members_differ end as members_differ,
        case when published_mixes.unit_id is not null then released_diversity.balance_sd end as balance_sd,
        case
            when published_mixes.unit_id is not null then released_diversity.withheld_because
            else coalesce(released_diversity.withheld_because, 'protects_people')
        end as withheld_because,
        case when published_mixes.unit_id is not null then carried_forward.figures_of end
            as figures_of,
        true as is_carried
    from decisions
    inner join carried_forward
        on decisions.unit_type = carried_forward.unit_type and decisions.unit_id = carried_forward.unit_id
    cross join run
    left join released_diversity
        on
            carried_forward.release = released_diversity.release
            and carried_forward.unit_type = released_diversity.unit_type
            and carried_forward.then_unit_id = released_diversity.unit_id
    left join published_mixes
        on decisions.unit_type = published_mixes.unit_type and decisions.unit_id = published_mixes.unit_id
    where decisions.detail = 'carried'
),

figures as (
    select * from fresh
    union all by name
    select * from carried
)

select
    figures.unit_type,
    figures.unit_id,
    units.organisation_id,
    figures.is_carried,
    figures.respondents,
    figures.members,
    figures.entropy_total,
    figures.entropy_total - figures.entropy_between as entropy_within,
    figures.entropy_between,
    figures.between_share_by_error,
    figures.members_differ,
    figures.balance_sd,
    figures.withheld_because,
    figures.figures_of
from figures
inner join units on figures.unit_type = units.unit_type and figures.unit_id = units.unit_id
