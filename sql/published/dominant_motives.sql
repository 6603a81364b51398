-- How many respondents are led by which motive, or by none (mixed), on the finest coarsening level that protects
-- people: all motives and mixed; the orientations of the motives (orientation_self, orientation_community,
-- orientation_none) and mixed; the largest class and other.
-- Grain: one row per period, unit_type, unit_id, scale.

with

run as (select * from reference.run),

told as (
    select * from disclosure.told_classes
    where distribution = 'dominant_motives'
)

select
    run.period,
    told.unit_type,
    told.unit_id,
    told.class as scale,
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
