-- Respondents per dominant motive (or mixed), zero included.
-- Grain: one row per unit_type, unit_id, scale.

with

unit_responses as (select * from scored.unit_responses),

dominant_motives as (select * from scored.dominant_motives),

motives as (select * from statistics.motives_in_mix),

members as (
    select
        unit_responses.unit_type,
        unit_responses.unit_id,
        dominant_motives.dominant_motive as scale
    from unit_responses
    inner join dominant_motives on unit_responses.response = dominant_motives.response
),

sizes as (
    select
        unit_type,
        unit_id,
        count(*) as respondents
    from members
    group by unit_type, unit_id
),

classes as (
    select scale from motives
    union all
    select 'mixed' as scale
)

select
    sizes.unit_type,
    sizes.unit_id,
    classes.scale,
    sizes.respondents,
    count(members.scale) as count
from sizes
cross join classes
left join members
    on
        sizes.unit_type = members.unit_type
        and sizes.unit_id = members.unit_id
        and classes.scale = members.scale
group by sizes.unit_type, sizes.unit_id, classes.scale, sizes.respondents
