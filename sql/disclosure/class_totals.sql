-- Totals of distributions, computed from published contribution groups; the interval of a share is that of Korn and
-- Graubard (1998) for stratified designs, and over a single group that of the group.
-- Grain: one row per unit_type, unit_id, distribution, class.

with

sums as (select * from disclosure.class_sums),

intervals as (select * from disclosure.total_shares),

classes as (select * from disclosure.classes)

select
    sums.unit_type,
    sums.unit_id,
    sums.distribution,
    sums.coarsening_level,
    sums.class,
    sums.finest,
    sums.respondents,
    sums.count,
    round(sums.share, 6) as share,
    coalesce(classes.share_low, floor(round(intervals.share_low * 1000, 6)) / 1000) as share_low,
    coalesce(classes.share_high, ceil(round(intervals.share_high * 1000, 6)) / 1000) as share_high,
    sums.covered_share,
    sums.figures_of
from sums
left join intervals
    on
        sums.unit_type = intervals.unit_type
        and sums.unit_id = intervals.unit_id
        and sums.distribution = intervals.distribution
        and sums.class = intervals.class
left join classes
    on
        sums.only_part_type = classes.unit_type
        and sums.only_part_id = classes.unit_id
        and sums.distribution = classes.distribution
        and sums.class = classes.class
