-- The collectives as the register described them on the last day of the newest period.
-- Grain: one row per collective_id.

with

collectives as (select * from reference.collectives)

select
    collective_id,
    organisation_id,
    name,
    type,
    members
from collectives
