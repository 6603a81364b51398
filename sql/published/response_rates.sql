-- How many members answered, where the group is large enough to publish it, counted as memberships: a person in two
-- collectives counts in each of them, also in totals (has_double_members). The number of respondents is not
-- confidential; it is that of the period even where other figures are carried forward. counted_as says how a
-- collective's answers count in totals of levels: as a collective, in a rest_group together with other small ones, or
-- not at all (NULL); state is the publication status and answers_short the number of answers missing for the next one.
-- Grain: one row per period, unit_type, unit_id.

with

rates as (select * from statistics.response_rates),

policy as (select * from reference.policy),

standings as (select * from disclosure.standings)

select
    rates.period,
    rates.unit_type,
    rates.unit_id,
    case when rates.respondents >= policy.full_from then rates.respondents end as respondents,
    people_band(rates.respondents, policy.levels_from, policy.full_from) as respondents_band,
    case when rates.respondents >= policy.full_from then rates.members end as members,
    case when rates.respondents >= policy.full_from then rounded_to(rates.response_rate, 0.01) end as response_rate,
    case when rates.respondents >= policy.full_from then rates.has_double_members end as has_double_members,
    standings.counted_as,
    standings.state,
    standings.answers_short,
    case when rates.respondents < policy.full_from then 'too_few' end as withheld_because,
    cast(null as varchar) as figures_of
from rates
cross join policy
left join standings on rates.unit_type = 'collective' and rates.unit_id = standings.collective_id
