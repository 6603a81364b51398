-- The coarsening levels of a distribution (disclosure rule 3): level 1 has all classes; level 2 (dominant motives only,
-- if the instrument has orientations) the orientations of the motives, and mixed; level 3 the largest class and all
-- others together. `class` is a class of the level, `finest` one of the classes that it is the sum of.
-- Grain: one row per unit_type, unit_id, distribution, coarsening_level, finest.

with

counts as (select * from statistics.class_counts),

motives as (select * from measurement.motives_in_mix),

orientations as (select coalesce(bool_or(orientation <> 'none'), false) as occur from motives),

typology as (select any_value(version) as version from mixes.profile_centroids),

versioned as (
    select
        counts.*,
        -- A profile of another typology version is another class, even with the same name.
        case when counts.distribution = 'profiles' then typology.version || ' ' || counts.class else counts.class end
            as finest
    from counts
    cross join typology
),

by_size as (
    select
        *,
        row_number() over (partition by unit_type, unit_id, distribution order by count desc, class asc)
        = 1 as is_largest
    from versioned
)

select
    unit_type,
    unit_id,
    distribution,
    1 as coarsening_level,
    class,
    finest,
    respondents,
    count
from versioned
union all
select
    counts.unit_type,
    counts.unit_id,
    counts.distribution,
    2 as coarsening_level,
    coalesce('orientation_' || motives.orientation, 'mixed') as class,
    counts.class as finest,
    counts.respondents,
    counts.count
from counts
cross join orientations
left join motives on counts.class = motives.scale
where counts.distribution = 'dominant_motives' and orientations.occur
union all
select
    unit_type,
    unit_id,
    distribution,
    3 as coarsening_level,
    case when is_largest then class else 'other' end as class,
    finest,
    respondents,
    count
from by_size
