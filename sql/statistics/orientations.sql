-- How many respondents lean to themselves, to the community, or to both alike, with an exact hypergeometric 95 %
-- interval for the share among all members. No rows when the instrument lacks either side.
-- Grain: one row per period, unit_type, unit_id, orientation.

with

units as (select * from statistics.units),

class_counts as (select * from statistics.orientation_counts),

intervals as (select * from statistics.hypergeometric)

select
    units.period,
    units.unit_type,
    units.unit_id,
    class_counts.orientation,
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
