-- Collectives as the register describes them on the last day of the period.
-- Grain: one row per collective_id.

with

states as (select * from reference.collective_states),

run as (select * from reference.run)

select
    states.collective_id,
    states.organisation_id,
    states.name,
    states.type,
    states.members
from states
cross join run
where
    coalesce(states.valid_from, date '0001-01-01') <= run.window_end
    and coalesce(states.valid_until, date '9999-12-31') >= run.window_end
