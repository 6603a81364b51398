-- One row per respondent and scale for researchers, coarsened: the type of the collective, its size in bands, and every
-- score in bands of twenty points, represented by their midpoint. Only collectives that are published in full with
-- figures computed from this period's answers, and only where at least ten respondents share type and size band
-- (k-anonymity: Sweeney, 2002). The row's identifier is drawn for this file alone (the variable salt), so that two
-- files cannot be linked.
-- Grain: one row per respondent and scale.
with

members as (
    select
        left(sha256(getvariable('salt') || responses.respondent), 16) as member,
        collectives.type as collective_type,
        case
            when units.respondents < 20 then policy.full_from || '–19'
            when units.respondents < 50 then at_least(policy.full_from, 20) || '–49'
            else at_least(policy.full_from, 50) || ' and more'
        end as collective_size,
        unnest(scores.pomps) as pomp,
        generate_subscripts(scores.pomps, 1) as position
    from scored.scores as scores
    inner join counted.responses as responses on scores.response = responses.response
    inner join reference.collectives as collectives on responses.collective_id = collectives.collective_id
    inner join counted.units as units
        on units.family = 'mix' and units.unit_type = 'collective' and responses.collective_id = units.unit_id
    cross join reference.policy as policy
    -- Published in full, which excludes figures that are carried forward.
    inner join disclosure.decisions as decisions
        on
            decisions.figure = 'diversity'
            and decisions.unit_type = 'collective'
            and responses.collective_id = decisions.unit_id
            and decisions.detail = 'full'
    -- For a person in several collectives, the newest response only.
    where
        scores.response in (
            select arg_max(others.response, (others.submitted_at, others.collective_id))
            from counted.responses as others
            where others."window" = 'current'
            group by others.respondent
        )
),

alike as (
    select
        *,
        count(distinct member) over (partition by collective_type, collective_size) as same_people
    from members
)

select
    alike.member,
    alike.collective_type,
    alike.collective_size,
    scales.scale,
    at_most(90, floor(alike.pomp / 20) * 20 + 10) as score
from alike
inner join reference.scales as scales on alike.position = scales.position
cross join reference.policy as policy
where alike.same_people >= policy.full_from
order by alike.member, scales.position
