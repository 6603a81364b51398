-- How many members answered, as far as the group is large enough to say so: memberships, so that somebody in two
-- collectives counts in each of them, also in totals (has_double_members). How many answered is no secret; it is that of
-- the period also where other figures are carried forward.
-- Grain: one row per period, unit_type, unit_id.

with

rates as (select * from statistics.response_rates),

policy as (select * from reference.policy)

select
    rates.period,
    rates.unit_type,
    rates.unit_id,
    case when rates.respondents >= policy.full_from then rates.respondents end as respondents,
    people_band(rates.respondents, policy.levels_from) as respondents_band,
    case when rates.respondents >= policy.full_from then rates.members end as members,
    case when rates.respondents >= policy.full_from then rounded_to(rates.response_rate, 0.01) end as response_rate,
    case when rates.respondents >= policy.full_from then rates.has_double_members end as has_double_members,
    case when rates.respondents < policy.full_from then 'too_few' end as withheld_because,
    cast(null as varchar) as figures_of
from rates
cross join policy
