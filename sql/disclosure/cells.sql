-- The numbered contribution groups of the differencing check, in this release (0) and in earlier ones: groups with
-- published figures, and withheld or carried forward ones, whose members are known as well and can be told apart by
-- them. One row for each collective of a group.
-- Grain: one row per cell, collective_id.

with

groups as (select * from counted.groups),

released_groups as (select * from released.groups),

every_group as (
    select
        0 as release,
        family,
        unit_type,
        unit_id,
        collective_id
    from groups
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
from every_group
