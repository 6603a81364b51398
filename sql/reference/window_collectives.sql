-- Collectives as the register describes them on the last day of each window.
-- Grain: one row per window, collective_id.

with

states as (select * from reference.collective_states),

windows as (select * from reference.windows)

select
    windows."window",
    states.collective_id,
    states.organisation_id,
    states.name,
    states.type,
    states.members
from states
cross join windows
where
    coalesce(states.valid_from, date '0001-01-01') <= windows.last_day
    and coalesce(states.valid_until, date '9999-12-31') >= windows.last_day
