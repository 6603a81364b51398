-- Disclosure rules 3 and 4: the first coarsening level of each distribution on which every class that occurs has enough
-- people and the largest class does not contain all people, or all but one; NULL when there is none, with the reason.
-- is_carried: the previous figures are published again (rule 5).
-- Grain: one row per unit_type, unit_id, distribution.

with

policy as (select * from reference.policy),

shares as (select * from disclosure.coarsened_shares),

moments as (select * from scored.score_moments),

motives as (select * from measurement.motives_in_mix),

carried_forward as (
    select * from disclosure.carried_forward
    where family = 'classes'
),

alike as (
    select
        moments.unit_type,
        moments.unit_id,
        bool_or(moments.modal_count >= moments.respondents - 1) as is_alike
    from moments
    inner join motives on moments.scale = motives.scale
    where moments.family = case when moments.unit_type = 'rest' then 'classes' else 'levels' end
    group by moments.unit_type, moments.unit_id
),

tested as (
    select
        shares.unit_type,
        shares.unit_id,
        shares.distribution,
        shares.coarsening_level,
        any_value(shares.respondents) as respondents,
        min(shares.count) filter (where shares.count > 0) >= any_value(policy.class_from)
        and max(shares.count) < any_value(shares.respondents) - 1 as stands
    from shares
    cross join policy
    group by shares.unit_type, shares.unit_id, shares.distribution, shares.coarsening_level
),

first_standing as (
    select
        unit_type,
        unit_id,
        distribution,
        any_value(respondents) as respondents,
        min(coarsening_level) filter (where stands) as coarsening_level
    from tested
    group by unit_type, unit_id, distribution
)

select
    first_standing.unit_type,
    first_standing.unit_id,
    first_standing.distribution,
    first_standing.respondents,
    carried_forward.unit_id is not null
    and not carried_forward.is_expired
    and carried_forward.then_unit_id is not null as is_carried,
    case
        when
            carried_forward.unit_id is null
            and first_standing.respondents >= policy.distributions_from
            and not coalesce(alike.is_alike, false)
            then first_standing.coarsening_level
    end as coarsening_level,
    case
        when carried_forward.unit_id is not null
            then
                case
                    when not (carried_forward.is_expired or carried_forward.then_unit_id is null) then null
                    when first_standing.respondents < policy.distributions_from then 'too_few'
                    else 'protects_people'
                end
        when first_standing.respondents < policy.distributions_from then 'too_few'
        when coalesce(alike.is_alike, false) or first_standing.coarsening_level is null then 'protects_people'
    end as withheld_because
from first_standing
cross join policy
left join alike on first_standing.unit_type = alike.unit_type and first_standing.unit_id = alike.unit_id
left join carried_forward
    on
        first_standing.unit_type = carried_forward.unit_type
        and first_standing.unit_id = carried_forward.unit_id
