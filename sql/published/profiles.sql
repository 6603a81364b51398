-- How many respondents are nearest to which profile, a type of motive mix that occurs in the programme and is named
-- by the motives that stand out in it (even: none does); on the finest rung that protects people: all profiles, or the
-- largest and other. Empty while the programme has too few respondents for profiles.
-- Grain: one row per period, unit_type, unit_id, profile.

with

told as (
    select * from statistics.told_classes
    where distribution = 'profiles'
)

select
    period,
    unit_type,
    unit_id,
    class as profile,
    respondents,
    respondents_band,
    count,
    share,
    withheld_because,
    cast(null as varchar) as figures_of
from told
