-- How many respondents are oriented towards themselves, towards the community, or balanced, on the finest coarsening
-- level that protects people: all three, or the largest class and other.
-- Grain: one row per period, unit_type, unit_id, orientation.

with

run as (select * from reference.run),

figures as (
    select * from disclosure.published_classes
    where distribution = 'orientations'
)

select
    run.period,
    figures.unit_type,
    figures.unit_id,
    figures.class as orientation,
    figures.respondents,
    figures.respondents_band,
    figures.count,
    figures.share,
    figures.share_low,
    figures.share_high,
    figures.covered_share,
    figures.withheld_because,
    figures.figures_of
from figures
cross join run
