-- Respondents per orientation, zero included.
-- Grain: one row per unit_type, unit_id, orientation.

with

unit_responses as (select * from scored.unit_responses),

balances as (
    select * from scored.balances
    where orientation is not null
),

members as (
    select
        unit_responses.unit_type,
        unit_responses.unit_id,
        balances.orientation
    from unit_responses
    inner join balances on unit_responses.response = balances.response
),

sizes as (
    select
        unit_type,
        unit_id,
        count(*) as respondents
    from members
    group by unit_type, unit_id
),

classes as (select unnest(['self', 'balanced', 'community']) as orientation)

select
    sizes.unit_type,
    sizes.unit_id,
    classes.orientation,
    sizes.respondents,
    count(members.orientation) as count
from sizes
cross join classes
left join members
    on
        sizes.unit_type = members.unit_type
        and sizes.unit_id = members.unit_id
        and classes.orientation = members.orientation
group by sizes.unit_type, sizes.unit_id, classes.orientation, sizes.respondents
