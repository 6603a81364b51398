-- Respondents per class of a distribution (their orientation; their dominant motive or mixed; their profile), zero
-- included.
-- Edges: nobody with the class defined: no rows.
-- Grain: one row per unit_type, unit_id, distribution, class.

with

unit_cells as (
    select * from scored.unit_cells
    where "window" = 'current'
),

balances as (
    select * from scored.balances
    where orientation is not null
),

dominant_motives as (select * from scored.dominant_motives),

profiles as (select * from scored.profiles),

centroids as (select * from statistics.profile_centroids),

motives as (select * from statistics.motives_in_mix),

cell_counts as (
    select
        cell,
        'orientations' as distribution,
        orientation as class,
        count(*) as count
    from balances
    group by cell, orientation
    union all
    select
        cell,
        'dominant_motives' as distribution,
        dominant_motive as class,
        count(*) as count
    from dominant_motives
    group by cell, dominant_motive
    union all
    select
        cell,
        'profiles' as distribution,
        profile as class,
        count(*) as count
    from profiles
    group by cell, profile
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
    union all
    select
        'profiles' as distribution,
        profile as class
    from centroids
),

people as (
    select
        unit_cells.unit_type,
        unit_cells.unit_id,
        cell_counts.distribution,
        cell_counts.class,
        cast(sum(cell_counts.count) as bigint) as count
    from cell_counts
    inner join unit_cells on cell_counts.cell = unit_cells.cell
    group by unit_cells.unit_type, unit_cells.unit_id, cell_counts.distribution, cell_counts.class
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
