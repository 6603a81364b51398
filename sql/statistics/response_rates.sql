-- How many members answered. response_rate = respondents / members, from 0 to 1; NULL when members are unknown.
-- Edges: n = 0: a rate of 0. N unknown or below n: no rate.
-- Grain: one row per period, unit_type, unit_id.

with

units as (select * from statistics.units)

select
    period,
    unit_type,
    unit_id,
    respondents,
    members,
    respondents / members as response_rate
from units
