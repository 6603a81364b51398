-- The ladder of disclosure rule 3: each distribution told in ever fewer classes. 1: all classes; 2 (dominant motives):
-- the orientations of the motives, and mixed; 3: the largest class and the others together.
-- Grain: one row per unit_type, unit_id, distribution, rung, class.

with

orientation_counts as (select * from statistics.orientation_counts),

dominant_counts as (select * from statistics.dominant_motive_counts),

motives as (select * from statistics.motives_in_mix),

all_classes as (
    select
        unit_type,
        unit_id,
        'orientations' as distribution,
        orientation as class,
        respondents,
        count
    from orientation_counts
    union all
    select
        unit_type,
        unit_id,
        'dominant_motives' as distribution,
        scale as class,
        respondents,
        count
    from dominant_counts
),

grouped_by_orientation as (
    select
        dominant_counts.unit_type,
        dominant_counts.unit_id,
        'dominant_motives' as distribution,
        coalesce('orientation_' || motives.orientation, 'mixed') as class,
        dominant_counts.respondents,
        sum(dominant_counts.count) as count
    from dominant_counts
    left join motives on dominant_counts.scale = motives.scale
    group by
        dominant_counts.unit_type,
        dominant_counts.unit_id,
        coalesce('orientation_' || motives.orientation, 'mixed'),
        dominant_counts.respondents
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
