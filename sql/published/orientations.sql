-- How many respondents lean to themselves, to the community, or to both alike, on the finest coarsening level that
-- protects people: all three, or the largest class and other.
-- Grain: one row per period, unit_type, unit_id, orientation.

with

run as (select * from reference.run),

told as (
    select * from disclosure.told_classes
    where distribution = 'orientations'
)

select
    run.period,
    told.unit_type,
    told.unit_id,
    told.class as orientation,
    told.respondents,
    told.respondents_band,
    told.count,
    told.share,
    told.share_low,
    told.share_high,
    told.covered_share,
    told.withheld_because,
    told.figures_of
from told
cross join run
