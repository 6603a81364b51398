-- The share of each class on every coarsening level, with the interval of a share as in statistics.class_shares.
-- Grain: one row per unit_type, unit_id, distribution, coarsening_level, class.

with

counts as (select * from disclosure.coarsened_counts),

intervals as (
    select * from statistics.hypergeometric
    union all
    select * from disclosure.hypergeometric
)

select
    counts.unit_type,
    counts.unit_id,
    counts.distribution,
    counts.coarsening_level,
    counts.class,
    counts.finest,
    counts.respondents,
    counts.members,
    counts.count,
    counts.count / counts.respondents as share,
    intervals.share_low,
    intervals.share_high
from counts
left join intervals
    on
        counts.members is not distinct from intervals.population
        and counts.respondents = intervals.respondents
        and counts.count = intervals.successes
