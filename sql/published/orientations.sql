-- How many respondents lean to themselves, to the community, or to both alike, on the finest rung that protects people;
-- on the last rung the largest class and other.
-- Grain: one row per period, unit_type, unit_id, orientation.

with

units as (select * from statistics.units),

rungs as (
    select * from statistics.rungs
    where distribution = 'orientations'
),

chosen as (
    select * from statistics.chosen_rungs
    where distribution = 'orientations'
),

policy as (select * from reference.policy),

intervals as (select * from statistics.hypergeometric)

select
    units.period,
    units.unit_type,
    units.unit_id,
    rungs.class as orientation,
    case when rungs.respondents >= policy.full_from then rungs.respondents end as respondents,
    people_band(rungs.respondents) as respondents_band,
    case when chosen.rung is not null then rungs.count end as count,
    case when chosen.rung is not null then rungs.count / rungs.respondents end as share,
    case when chosen.rung is not null then floor(intervals.share_low * 1000) / 1000 end as share_low,
    case when chosen.rung is not null then ceil(intervals.share_high * 1000) / 1000 end as share_high,
    chosen.withheld_because,
    cast(null as varchar) as figures_of
from chosen
inner join units on chosen.unit_type = units.unit_type and chosen.unit_id = units.unit_id
inner join rungs
    on
        chosen.unit_type = rungs.unit_type
        and chosen.unit_id = rungs.unit_id
        and rungs.rung = coalesce(chosen.rung, 1)
cross join policy
left join intervals
    on
        units.members is not distinct from intervals.population
        and rungs.respondents = intervals.respondents
        and rungs.count = intervals.successes
