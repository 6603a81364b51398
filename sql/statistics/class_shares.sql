-- The share of each class with an exact hypergeometric 95 % interval for the share among all members (binomial where
-- their number is unknown), on every coarsening level; `finest` lists the classes that it is the sum of.
-- Edges: nobody: no rows. n = 1: a share of 0 or 1 with a wide interval. n = N: the interval is the share itself. N
-- unknown or below n: binomial.
-- Grain: one row per period, unit_type, unit_id, distribution, rung, class.

with

units as (
    select * from statistics.units
    where family = 'classes'
),

rungs as (select * from statistics.rungs),

counted as (
    select
        unit_type,
        unit_id,
        distribution,
        rung,
        class,
        list(finest order by finest) as finest,
        any_value(respondents) as respondents,
        cast(sum(count) as bigint) as count
    from rungs
    group by unit_type, unit_id, distribution, rung, class
),

intervals as (select * from statistics.hypergeometric)

select
    units.period,
    units.unit_type,
    units.unit_id,
    counted.distribution,
    counted.rung,
    counted.class,
    counted.finest,
    counted.respondents,
    counted.count,
    counted.count / counted.respondents as share,
    intervals.share_low,
    intervals.share_high
from units
inner join counted on units.unit_type = counted.unit_type and units.unit_id = counted.unit_id
left join intervals
    on
        units.members is not distinct from intervals.population
        and counted.respondents = intervals.respondents
        and counted.count = intervals.successes
