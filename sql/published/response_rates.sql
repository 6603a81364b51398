-- How many members answered, as far as the group is large enough to say so.
-- Grain: one row per period, unit_type, unit_id.

with

units as (select * from statistics.units),

rates as (select * from statistics.response_rates),

decisions as (
    select * from statistics.release_decisions
    where figure = 'response_rates'
)

select
    rates.period,
    rates.unit_type,
    rates.unit_id,
    case when decisions.detail = 'full' then rates.respondents end as respondents,
    people_band(rates.respondents) as respondents_band,
    case when decisions.detail = 'full' then rates.members end as members,
    case when decisions.detail = 'full' then rounded_to(rates.response_rate, 0.01) end as response_rate,
    decisions.withheld_because,
    units.figures_of
from rates
inner join units on rates.unit_type = units.unit_type and rates.unit_id = units.unit_id
inner join decisions on rates.unit_type = decisions.unit_type and rates.unit_id = decisions.unit_id
