-- How many respondents are led by which motive, with an exact hypergeometric 95 % interval for the share.
-- Grain: one row per period, unit_type, unit_id, scale.

with

units as (select * from statistics.units),

class_counts as (select * from statistics.dominant_motive_counts),

intervals as (select * from statistics.hypergeometric)

select
    units.period,
    units.unit_type,
    units.unit_id,
    class_counts.scale,
    class_counts.respondents,
    class_counts.count,
    class_counts.count / class_counts.respondents as share,
    intervals.share_low,
    intervals.share_high
from units
inner join class_counts on units.unit_type = class_counts.unit_type and units.unit_id = class_counts.unit_id
left join intervals
    on
        units.members is not distinct from intervals.population
        and class_counts.respondents = intervals.respondents
        and class_counts.count = intervals.successes
