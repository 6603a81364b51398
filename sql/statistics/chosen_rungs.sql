-- The rung on which each distribution is told; NULL when none is, and why: what it may tell by itself, less what would
-- tell of few people beside the others.
-- Grain: one row per unit_type, unit_id, distribution.

with

first_rungs as (select * from statistics.first_rungs),

withheld_sets as (
    select distinct
        unit_type,
        unit_id,
        figure
    from statistics.withheld_sets
)

select
    first_rungs.unit_type,
    first_rungs.unit_id,
    first_rungs.distribution,
    first_rungs.respondents,
    case when withheld_sets.unit_id is null then first_rungs.rung end as rung,
    case
        when withheld_sets.unit_id is null or first_rungs.rung is null then first_rungs.withheld_because
        else 'protects_people'
    end as withheld_because
from first_rungs
left join withheld_sets
    on
        first_rungs.unit_type = withheld_sets.unit_type
        and first_rungs.unit_id = withheld_sets.unit_id
        and first_rungs.distribution = withheld_sets.figure
