-- How many respondents are led by which motive, or by none (mixed), on the finest rung
-- that protects people: all motives and mixed; the
-- orientations of the motives (orientation_self, orientation_community, orientation_none) and mixed; the largest class
-- and other.
-- Grain: one row per period, unit_type, unit_id, scale.

with

told as (
    select * from statistics.told_classes
    where distribution = 'dominant_motives'
)

select
    period,
    unit_type,
    unit_id,
    class as scale,
    respondents,
    respondents_band,
    count,
    share,
    share_low,
    share_high,
    withheld_because,
    figures_of
from told
