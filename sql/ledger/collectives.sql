-- Of which period the figures of each collective are, and of how many members.
-- Grain: one row per collective_id.

with

units as (
    select * from statistics.units
    where unit_type = 'collective'
)

select
    unit_id as collective_id,
    organisation_id,
    coalesce(figures_of, period) as figures_of,
    members
from units
