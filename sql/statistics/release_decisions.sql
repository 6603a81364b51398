-- What disclosure control lets through of each figure: nothing, levels only, or in full, and why not more: what it may
-- tell by itself, less what would tell of few people beside the others. Every published model obeys this.
-- Grain: one row per unit_type, unit_id, figure, scale.

with

first_decisions as (select * from statistics.first_decisions),

withheld_sets as (
    select distinct
        unit_type,
        unit_id,
        figure,
        scale
    from statistics.withheld_sets
)

select
    first_decisions.unit_type,
    first_decisions.unit_id,
    first_decisions.figure,
    first_decisions.scale,
    first_decisions.respondents,
    case when withheld_sets.unit_id is null then first_decisions.detail else 'nothing' end as detail,
    case
        when withheld_sets.unit_id is null or first_decisions.detail = 'nothing' then first_decisions.withheld_because
        else 'protects_people'
    end as withheld_because
from first_decisions
left join withheld_sets
    on
        first_decisions.unit_type = withheld_sets.unit_type
        and first_decisions.unit_id = withheld_sets.unit_id
        and first_decisions.figure = withheld_sets.figure
        and (
            first_decisions.scale = withheld_sets.scale
            -- A mix is one figure: without one motive the others are not told either.
            or withheld_sets.figure = 'motive_mix'
        )
