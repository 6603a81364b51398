-- For each group, the group with which it shares most people in the release whose figures are carried forward: the one
-- whose figures can be published again instead of new ones.
-- Grain: one row per family, unit_type, unit_id that shares people with a group of that release.

with

families as (select unnest(['levels', 'mix', 'classes']) as family),

base as (select * from released.base),

differences as (
    select differences.*
    from disclosure.differences as differences
    inner join base on differences.release = base.release
    where differences.unit_type = differences.then_unit_type
)

select
    families.family,
    differences.unit_type,
    differences.unit_id,
    differences.release,
    arg_max(
        differences.then_unit_id,
        (differences.same_people, differences.unit_id = differences.then_unit_id, differences.then_unit_id)
    ) as then_unit_id
from differences
inner join families on differences.family in ('all', families.family)
group by families.family, differences.unit_type, differences.unit_id, differences.release
