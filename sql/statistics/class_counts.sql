-- Respondents per class of a distribution (their orientation; their dominant motive or mixed), zero included.
-- Grain: one row per unit_type, unit_id, distribution, class.

with

unit_responses as (select * from scored.unit_responses),

balances as (
    select * from scored.balances
    where orientation is not null
),

dominant_motives as (select * from scored.dominant_motives),

motives as (select * from statistics.motives_in_mix),

classified as (
    select
        response,
        'orientations' as distribution,
        orientation as class
    from balances
    union all
    select
        response,
        'dominant_motives' as distribution,
        dominant_motive as class
    from dominant_motives
),

classes as (
    select
        'orientations' as distribution,
        unnest(['self', 'balanced', 'community']) as class
    union all
    select
        'dominant_motives' as distribution,
        scale as class
    from motives
    union all
    select
        'dominant_motives' as distribution,
        'mixed' as class
),

people as (
    select
        unit_responses.unit_type,
        unit_responses.unit_id,
        classified.distribution,
        classified.class,
        count(*) as count
    from unit_responses
    inner join classified on unit_responses.response = classified.response
    group by unit_responses.unit_type, unit_responses.unit_id, classified.distribution, classified.class
),

sizes as (
    select
        unit_type,
        unit_id,
        distribution,
        cast(sum(count) as bigint) as respondents
    from people
    group by unit_type, unit_id, distribution
)

select
    sizes.unit_type,
    sizes.unit_id,
    sizes.distribution,
    classes.class,
    sizes.respondents,
    coalesce(people.count, 0) as count
from sizes
inner join classes on sizes.distribution = classes.distribution
left join people
    on
        sizes.unit_type = people.unit_type
        and sizes.unit_id = people.unit_id
        and sizes.distribution = people.distribution
        and classes.class = people.class
