-- Diversity of contribution groups: between_people is entropy_between as a share of the largest entropy, ln(motives),
-- rounded like a mean of as many people on a scale from 0 to 1 (entropy is a mean over people: a fixed step of 0.01
-- would reveal one member's entropy to within 15 % of its range); by_error likewise. entropy_total is that of the
-- published mix, and everything else is derived from these. balance_sd from 30 respondents on. members_differ is the
-- verdict on exact figures.
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

mixes as (
    select * from disclosure.mixes
    where mean_share is not null
),

motive_count as (select ln(count(*)) as most from measurement.motives_in_mix),

carried_forward as (
    select * from disclosure.carried_forward
    where family = 'mix'
),

released_diversity as (select * from released.diversity),

mix_entropies as (
    select
        unit_type,
        unit_id,
        sum(case when mean_share > 0 then -mean_share * ln(mean_share) else 0 end) as entropy_total
    from mixes
    group by unit_type, unit_id
),

fresh as (
    select
        diversity.unit_type,
        diversity.unit_id,
        diversity.respondents,
        units.members,
        case when decisions.detail = 'full' then mix_entropies.entropy_total end as entropy_total,
        case
            when decisions.detail = 'full'
                then at_most(
                    mix_entropies.entropy_total,
                    rounded_to(
                        diversity.entropy_between / nullif(motive_count.most, 0),
                        level_step(diversity.respondents) / 100
                    ) * motive_count.most
                )
        end as entropy_between,
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
    cross join motive_count
    left join mix_entropies
        on diversity.unit_type = mix_entropies.unit_type and diversity.unit_id = mix_entropies.unit_id
    where decisions.detail <> 'carried'
),

carried as (
    select
        decisions.unit_type,
        decisions.unit_id,
        released_diversity.respondents,
        released_diversity.members,
        case when mix_entropies.unit_id is not null then released_diversity.entropy_total end as entropy_total,
        case when mix_entropies.unit_id is not null then released_diversity.entropy_between end as entropy_between,
        case when mix_entropies.unit_id is not null then released_diversity.between_share_by_error end
            as between_share_by_error,
        case when mix_entropies.unit_id is not null then released_diversity.members_differ end as members_differ,
        case when mix_entropies.unit_id is not null then released_diversity.balance_sd end as balance_sd,
        case
            when mix_entropies.unit_id is not null then released_diversity.withheld_because
            else coalesce(released_diversity.withheld_because, 'protects_people')
        end as withheld_because,
        case when mix_entropies.unit_id is not null then carried_forward.figures_of end
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
    left join mix_entropies
        on decisions.unit_type = mix_entropies.unit_type and decisions.unit_id = mix_entropies.unit_id
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
