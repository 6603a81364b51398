-- The published distributions that make up a total, on the coarsest level that any of them is published on, as strata:
-- weight W = N / sum of N (n where any number of members is unknown) and the sampling fraction n/N (0 where unknown).
-- If groups have different largest classes on the last level, they have no class in common: then no row.
-- Grain: one row per unit_type, unit_id, distribution, class, part_type, part_id.

with

totals as (
    select * from disclosure.totals
    where family = 'classes'
),

classes as (
    select * from disclosure.classes
    where count is not null
),

parts as (
    select
        totals.unit_type,
        totals.unit_id,
        totals.members as members_of_total,
        classes.unit_type as part_type,
        classes.unit_id as part_id,
        classes.distribution,
        classes.coarsening_level,
        classes.class,
        classes.finest,
        classes.respondents,
        classes.members,
        classes.count,
        classes.figures_of,
        max(classes.coarsening_level) over (
            partition by totals.unit_type, totals.unit_id, classes.distribution
        ) as coarsest
    from totals
    inner join classes on totals.part_type = classes.unit_type and totals.part_id = classes.unit_id
),

-- Every class of the coarsest level; the classes clash unless all groups on that level have the same ones.
common as (
    select
        unit_type,
        unit_id,
        distribution,
        coarsest as coarsening_level,
        class,
        any_value(finest) as finest
    from parts
    where coarsening_level = coarsest
    group by unit_type, unit_id, distribution, coarsest, class
),

clashing as (
    select
        unit_type,
        unit_id,
        distribution
    from common
    group by unit_type, unit_id, distribution
    having
        sum(length(finest)) <> len(list_distinct(flatten(list(finest))))
),

coarsened as (
    select
        parts.unit_type,
        parts.unit_id,
        any_value(parts.members_of_total) as members_of_total,
        parts.distribution,
        common.coarsening_level,
        common.class,
        any_value(common.finest) as finest,
        parts.part_type,
        parts.part_id,
        any_value(parts.respondents) as respondents,
        any_value(parts.members) as members,
        any_value(parts.figures_of) as figures_of,
        cast(sum(parts.count) as bigint) as count
    from parts
    inner join common
        on
            parts.unit_type = common.unit_type
            and parts.unit_id = common.unit_id
            and parts.distribution = common.distribution
            and list_has_all(common.finest, parts.finest)
    where
        (parts.unit_type, parts.unit_id, parts.distribution)
        not in (select (unit_type, unit_id, distribution) from clashing)
    group by
        parts.unit_type, parts.unit_id, parts.distribution, common.coarsening_level, common.class,
        parts.part_type, parts.part_id
),

known as (
    select
        *,
        count(members) over of_class = count(*) over of_class as has_members
    from coarsened
    window of_class as (partition by unit_type, unit_id, distribution, class)
)

select
    unit_type,
    unit_id,
    distribution,
    coarsening_level,
    class,
    finest,
    part_type,
    part_id,
    members_of_total,
    has_members,
    respondents,
    members,
    count,
    figures_of,
    case when has_members then members else respondents end
    / sum(case when has_members then members else respondents end) over (
        partition by unit_type, unit_id, distribution, class
    ) as weight,
    case when has_members then respondents / members else 0 end as sampling_fraction
from known
