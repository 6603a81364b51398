-- The numbered contribution groups of the differencing check: groups with published figures that were computed from
-- their answers, in this release (0: as proposed) and in earlier ones; one row for each collective of a group.
-- Grain: one row per cell, collective_id.

with

groups as (select * from counted.groups),

proposed as (
    select distinct
        family,
        unit_type,
        unit_id
    from disclosure.proposed_bounds
),

released_groups as (
    select * from released.groups
    where is_published
),

published_groups as (
    select
        0 as release,
        groups.family,
        groups.unit_type,
        groups.unit_id,
        groups.collective_id
    from groups
    inner join proposed
        on
            groups.family = proposed.family
            and groups.unit_type = proposed.unit_type
            and groups.unit_id = proposed.unit_id
    union all
    select
        release,
        family,
        unit_type,
        unit_id,
        collective_id
    from released_groups
)

select
    dense_rank() over (order by release, family, unit_type, unit_id) as cell,
    release,
    family,
    unit_type,
    unit_id,
    collective_id
from published_groups
