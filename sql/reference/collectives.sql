-- Collectives as the register describes them on the last day of the period.
-- Grain: one row per collective_id.

with

collectives as (
    select * from reference.window_collectives
    where "window" = 'current'
)

select
    collective_id,
    organisation_id,
    name,
    type,
    members
from collectives
