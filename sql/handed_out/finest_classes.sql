-- How many people of a group are in a class of a distribution according to a released database, and the finest classes
-- that this class is the sum of: itself, the motives of an orientation, or all that are not named for the group
-- (other).
-- Grain: one row per release, distribution, unit_type, unit_id, class.

with

motives as (select * from handed_out.motives_in_mix),

counts as (
    select
        release,
        'orientations' as distribution,
        unit_type,
        unit_id,
        orientation as class,
        '' as version,
        count
    from handed_out.orientations
    where unit_type = 'collective' and count is not null and figures_of is null
    union all
    select
        release,
        'dominant_motives' as distribution,
        unit_type,
        unit_id,
        scale as class,
        '' as version,
        count
    from handed_out.dominant_motives
    where unit_type = 'collective' and count is not null and figures_of is null
    union all
    select
        release,
        'profiles' as distribution,
        unit_type,
        unit_id,
        profile as class,
        profiles_version || ' ' as version,
        count
    from handed_out.profiles
    where unit_type = 'collective' and count is not null and figures_of is null
    union all
    select
        rest_groups.release,
        rest_groups.table_name as distribution,
        'rest' as unit_type,
        rest_groups.organisation_id as unit_id,
        rest_groups.key as class,
        case when rest_groups.table_name = 'profiles' then versions.version || ' ' else '' end as version,
        cast(rest_groups.number as bigint) as count
    from handed_out.rest_groups as rest_groups
    left join (
        select
            release,
            any_value(profiles_version) as version
        from handed_out.profiles
        group by release
    ) as versions on rest_groups.release = versions.release
    where rest_groups.figure = 'count' and rest_groups.figures_of is null
),

finest_classes as (
    select
        release,
        'orientations' as distribution,
        unnest(['self', 'balanced', 'community']) as finest
    from released.releases
    union all
    select
        release,
        'dominant_motives' as distribution,
        scale as finest
    from motives
    union all
    select
        release,
        'dominant_motives' as distribution,
        'mixed' as finest
    from released.releases
    union all
    select distinct
        release,
        'profiles' as distribution,
        profile as finest
    from handed_out.profiles
    where profile <> 'other'
),

named_classes as (
    select
        release,
        distribution,
        unit_type,
        unit_id,
        list(class) as classes
    from counts
    group by release, distribution, unit_type, unit_id
)

select
    counts.release,
    counts.distribution,
    counts.unit_type,
    counts.unit_id,
    counts.class,
    any_value(counts.count) as people,
    list(counts.version || finest_classes.finest order by finest_classes.finest) as classes
from counts
inner join named_classes
    on
        counts.release = named_classes.release
        and counts.distribution = named_classes.distribution
        and counts.unit_type = named_classes.unit_type
        and counts.unit_id = named_classes.unit_id
inner join finest_classes
    on counts.release = finest_classes.release and counts.distribution = finest_classes.distribution
left join motives
    on
        counts.release = motives.release
        and counts.distribution = 'dominant_motives'
        and finest_classes.finest = motives.scale
where
    counts.class = finest_classes.finest
    or counts.class = 'orientation_' || motives.orientation
    or (counts.class = 'other' and not list_contains(named_classes.classes, finest_classes.finest))
group by counts.release, counts.distribution, counts.unit_type, counts.unit_id, counts.class
