-- How many respondents are nearest to each profile: a type of motive mix that occurs in the programme, named after the
-- motives that are prominent in it (even: none is). On the finest coarsening level that protects people: all profiles,
-- or the largest and other. Empty while the programme has too few respondents for profiles.
-- Grain: one row per period, unit_type, unit_id, profile.

with

run as (select * from reference.run),

figures as (
    select * from disclosure.published_classes
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
    figures.unit_type,
    figures.unit_id,
    figures.class as profile,
    figures.respondents,
    figures.respondents_band,
    figures.count,
    figures.share,
    typology.version as profiles_version,
    round(typology.stability, 2) as stability,
    figures.withheld_because,
    figures.figures_of
from figures
cross join typology
cross join run
