-- The share of each class, with an exact hypergeometric 95 % interval for the share among all members (binomial where
-- their number is unknown).
-- Edges: nobody: no rows. n = 1: a share of 0 or 1 with a wide interval. n = N: the interval is the share itself. N
-- unknown or below n: binomial.
-- Grain: one row per period, unit_type, unit_id, distribution, class.

with

units as (
    select * from counted.units
    where family = 'classes'
),

counts as (select * from statistics.class_counts),

intervals as (select * from statistics.hypergeometric)

select
    units.period,
    units.unit_type,
    units.unit_id,
    counts.distribution,
    counts.class,
    counts.respondents,
    counts.count,
    counts.count / counts.respondents as share,
    intervals.share_low,
    intervals.share_high
from units
inner join counts on units.unit_type = counts.unit_type and units.unit_id = counts.unit_id
left join intervals
    on
        units.members is not distinct from intervals.population
        and counts.respondents = intervals.respondents
        and counts.count = intervals.successes
