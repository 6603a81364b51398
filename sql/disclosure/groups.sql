-- The groups of this release and the period that their figures are from, kept for later releases. is_published: figures
-- that were computed from this period's answers are published.
-- Grain: one row per family, unit_type, unit_id, collective_id.

with

run as (select * from reference.run),

groups as (select * from counted.groups),

decisions as (
    select
        family,
        unit_type,
        unit_id,
        bool_or(detail in ('levels', 'full')) as is_published
    from disclosure.decisions
    group by family, unit_type, unit_id
),

carried_forward as (select * from disclosure.carried_forward)

select
    groups.family,
    groups.unit_type,
    groups.unit_id,
    groups.organisation_id,
    groups.collective_id,
    coalesce(decisions.is_published, false) as is_published,
    coalesce(carried_forward.figures_of, run.period) as figures_of
from groups
cross join run
left join decisions
    on
        groups.family = decisions.family
        and groups.unit_type = decisions.unit_type
        and groups.unit_id = decisions.unit_id
left join carried_forward
    on
        groups.family = carried_forward.family
        and groups.unit_type = carried_forward.unit_type
        and groups.unit_id = carried_forward.unit_id
