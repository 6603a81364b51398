-- Respondents per class of a distribution (their orientation; their dominant motive or mixed; their profile), zero
-- included.
-- Edges: nobody with the class defined: no rows.
-- Grain: one row per unit_type, unit_id, distribution, class.

with

people as (
    select
        unit_type,
        unit_id,
        figure as distribution,
        key as class,
        respondents as count
    from statistics.mix_moments
    where figure in ('orientations', 'dominant_motives', 'profiles')
),

centroids as (select * from statistics.profile_centroids),

motives as (select * from statistics.motives_in_mix),

classes as (
    select
        'orientations' as distribution,
        class,
        class as key
    from (values ('self'), ('balanced'), ('community')) as orientations (class)
    union all
    select
        'dominant_motives' as distribution,
        scale as class,
        scale as key
    from motives
    union all
    select
        'dominant_motives' as distribution,
        'mixed' as class,
        'mixed' as key
    union all
    select
        'profiles' as distribution,
        profile as class,
        concat_ws(' ', version, profile) as key
    from centroids
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
        and classes.key = people.class
