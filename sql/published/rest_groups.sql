-- Contribution groups other than collectives: for each organisation, its collectives that are too small to be published
-- alone in a family of figures, pooled (with their number and members), if the group is part of a total. One number per
-- row: `figure` is the column that holds this number in the table table_name, `key` the scale or class.
-- Grain: one row per period, organisation_id, table_name, key, figure.

with

run as (select * from reference.run),

policy as (select * from reference.policy),

units as (
    select * from counted.units
    where unit_type = 'rest'
),

levels as (
    select * from disclosure.levels
    where unit_type = 'rest' and mean is not null
),

mixes as (
    select * from disclosure.mixes
    where unit_type = 'rest' and mean_share is not null
),

diversity as (
    select * from disclosure.diversity
    where unit_type = 'rest' and entropy_within is not null
),

classes as (
    select * from disclosure.classes
    where unit_type = 'rest' and count is not null
),

figures as (
    select
        'levels' as family,
        'scale_levels' as table_name,
        unit_id,
        scale as key,
        respondents,
        figures_of,
        unnest(['mean', 'ci_low', 'ci_high', 'sd']) as figure,
        unnest([mean, ci_low, ci_high, sd]) as number
    from levels
    union all
    select
        'mix' as family,
        'motive_mix' as table_name,
        unit_id,
        scale as key,
        respondents,
        figures_of,
        unnest(['mean_share', 'centre_share']) as figure,
        unnest([mean_share, centre_share]) as number
    from mixes
    union all
    select
        'mix' as family,
        'diversity' as table_name,
        unit_id,
        '' as key,
        respondents,
        figures_of,
        unnest(['entropy_within', 'entropy_between', 'between_share_by_error']) as figure,
        unnest([entropy_within, entropy_between, between_share_by_error]) as number
    from diversity
    union all
    select
        'classes' as family,
        distribution as table_name,
        unit_id,
        class as key,
        respondents,
        figures_of,
        'count' as figure,
        count as number
    from classes
)

select
    run.period,
    figures.unit_id as organisation_id,
    figures.table_name,
    figures.key,
    figures.figure,
    figures.number,
    units.collectives,
    case when figures.respondents >= policy.full_from then units.members end as members,
    case when figures.respondents >= policy.full_from then figures.respondents end as respondents,
    people_band(figures.respondents, policy.levels_from, policy.full_from) as respondents_band,
    figures.figures_of
from figures
inner join units on figures.unit_id = units.unit_id and figures.family = units.family
cross join run
cross join policy
where figures.number is not null
