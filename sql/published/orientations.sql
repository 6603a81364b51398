-- How many respondents lean to themselves, to the community, or to both alike, on the finest rung
-- that protects people: on the last rung the largest class and other.
-- Grain: one row per period, unit_type, unit_id, orientation.

with

told as (
    select * from statistics.told_classes
    where distribution = 'orientations'
)

select
    period,
    unit_type,
    unit_id,
    class as orientation,
    respondents,
    respondents_band,
    count,
    share,
    share_low,
    share_high,
    withheld_because,
    figures_of
from told
