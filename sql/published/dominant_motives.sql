-- How many respondents have each motive as their dominant motive, or none (mixed), on the finest coarsening level that
-- protects people: all motives and mixed; the orientations of the motives (orientation_self, orientation_community,
-- orientation_none) and mixed; the largest class and other.
-- Grain: one row per period, unit_type, unit_id, scale.

with

run as (select * from reference.run),

figures as (
    select * from disclosure.published_classes
    where distribution = 'dominant_motives'
)

select
    run.period,
    figures.unit_type,
    figures.unit_id,
    figures.class as scale,
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
