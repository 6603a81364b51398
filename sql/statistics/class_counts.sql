-- Respondents per class of a distribution (their orientation; their dominant motive or mixed; their profile), including
-- classes with none.
-- Edges: nobody with the class defined: no rows.
-- Grain: one row per unit_type, unit_id, distribution, class.

with

groups as (
    select * from counted.groups
    where family = 'classes'
),

counts as (select * from mixes.class_counts),

centroids as (select * from mixes.profile_centroids),

motives as (select * from measurement.motives_in_mix),

people as (
    select
        groups.unit_type,
        groups.unit_id,
        counts.distribution,
        counts.class,
        cast(sum(counts.people) as bigint) as count
    from counts
    inner join groups on counts.group_number = groups.group_number
    group by groups.unit_type, groups.unit_id, counts.distribution, counts.class
),

classes as (
    select
        'orientations' as distribution,
        class
    from (values ('self'), ('balanced'), ('community')) as orientations (class)
    union all
    select
        'dominant_motives' as distribution,
        scale as class
    from motives
    union all
    select
        'dominant_motives' as distribution,
        'mixed' as class
    union all
    select
        'profiles' as distribution,
        profile as class
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
        and classes.class = people.class
