-- The first rung of the ladder on which every class that occurs has enough people and nobody stands apart; NULL when
-- none does, and why (disclosure rules 3 and 4). What each distribution may tell by itself.
-- Grain: one row per unit_type, unit_id, distribution.

with

policy as (select * from reference.policy),

rungs as (select * from statistics.rungs),

decisions as (
    select * from statistics.first_decisions
    where figure = 'diversity'
),

tested as (
    select
        rungs.unit_type,
        rungs.unit_id,
        rungs.distribution,
        rungs.rung,
        rungs.respondents,
        min(rungs.count) filter (where rungs.count > 0) >= any_value(policy.class_from)
        and max(rungs.count) < rungs.respondents - 1 as stands
    from rungs
    cross join policy
    group by rungs.unit_type, rungs.unit_id, rungs.distribution, rungs.rung, rungs.respondents
),

first_standing as (
    select
        unit_type,
        unit_id,
        distribution,
        any_value(respondents) as respondents,
        min(rung) filter (where stands) as rung
    from tested
    group by unit_type, unit_id, distribution
)

select
    first_standing.unit_type,
    first_standing.unit_id,
    first_standing.distribution,
    first_standing.respondents,
    case
        when first_standing.respondents >= policy.distributions_from and decisions.detail = 'full'
            then first_standing.rung
    end as rung,
    case
        when first_standing.respondents < policy.distributions_from then 'too_few'
        when decisions.detail <> 'full' then decisions.withheld_because
        when first_standing.rung is null then 'protects_people'
    end as withheld_because
from first_standing
cross join policy
inner join decisions
    on first_standing.unit_type = decisions.unit_type and first_standing.unit_id = decisions.unit_id
