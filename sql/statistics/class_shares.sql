-- The share of each class with an exact hypergeometric 95 % interval for the share among all members (binomial where
-- their number is unknown), on every rung of the ladder.
-- Edges: nobody: no rows. n = 1: a share of 0 or 1 with a wide interval. n = N: the interval is the share itself. N
-- unknown or below n: binomial.
-- Grain: one row per period, unit_type, unit_id, distribution, rung, class.

with

units as (select * from statistics.units),

rungs as (select * from statistics.rungs),

intervals as (select * from statistics.hypergeometric)

select
    units.period,
    units.unit_type,
    units.unit_id,
    rungs.distribution,
    rungs.rung,
    rungs.class,
    rungs.respondents,
    rungs.count,
    rungs.count / rungs.respondents as share,
    intervals.share_low,
    intervals.share_high
from units
inner join rungs on units.unit_type = rungs.unit_type and units.unit_id = rungs.unit_id
left join intervals
    on
        units.members is not distinct from intervals.population
        and rungs.respondents = intervals.respondents
        and rungs.count = intervals.successes
