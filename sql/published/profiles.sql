-- How many respondents are nearest to which profile, a type of motive mix that occurs in the programme and is named
-- by the motives that stand out in it (even: none does); on the finest coarsening level that protects people: all
-- profiles, or the largest and other. Empty while the programme has too few respondents for profiles.
-- Grain: one row per period, unit_type, unit_id, profile.

with

run as (select * from reference.run),

told as (
    select * from disclosure.told_classes
    where distribution = 'profiles'
),

typology as (
    select
        any_value(version) as version,
        any_value(stability) as stability
    from mixes.profile_centroids
)

select
    run.period,
    told.unit_type,
    told.unit_id,
    told.class as profile,
    told.respondents,
    told.respondents_band,
    told.count,
    told.share,
    typology.version as profiles_version,
    round(typology.stability, 2) as stability,
    told.withheld_because,
    told.figures_of
from told
cross join typology
cross join run
