-- The ladder of disclosure rule 3: each distribution told in ever fewer classes. 1: all classes; 2 (dominant motives):
-- the orientations of the motives, and mixed, where the instrument has orientations; 3: the largest class and the
-- others together.
-- Grain: one row per unit_type, unit_id, distribution, rung, class.

with

all_classes as (select * from statistics.class_counts),

motives as (select * from statistics.motives_in_mix),

orientations as (select coalesce(bool_or(orientation <> 'none'), false) as occur from motives),

grouped_by_orientation as (
    select
        all_classes.unit_type,
        all_classes.unit_id,
        all_classes.distribution,
        coalesce('orientation_' || motives.orientation, 'mixed') as class,
        all_classes.respondents,
        sum(all_classes.count) as count
    from all_classes
    cross join orientations
    left join motives on all_classes.class = motives.scale
    where
        all_classes.distribution = 'dominant_motives'
        and orientations.occur
    group by all
),

by_size as (
    select
        *,
        row_number() over (partition by unit_type, unit_id, distribution order by count desc, class asc)
        = 1 as is_largest
    from all_classes
),

largest_and_other as (
    select
        unit_type,
        unit_id,
        distribution,
        case when is_largest then class else 'other' end as class,
        respondents,
        sum(count) as count
    from by_size
    group by unit_type, unit_id, distribution, case when is_largest then class else 'other' end, respondents
)

select
    unit_type,
    unit_id,
    distribution,
    1 as rung,
    class,
    respondents,
    cast(count as bigint) as count
from all_classes
union all
select
    unit_type,
    unit_id,
    distribution,
    2 as rung,
    class,
    respondents,
    cast(count as bigint) as count
from grouped_by_orientation
union all
select
    unit_type,
    unit_id,
    distribution,
    3 as rung,
    class,
    respondents,
    cast(count as bigint) as count
from largest_and_other
