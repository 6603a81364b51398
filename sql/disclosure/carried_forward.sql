-- Disclosure rule 5: the figures of a group that differs by 1 to 4 people from an earlier group with published figures
-- are not recomputed, because the difference between both figures would reveal these few people's answers. The group
-- gets the figures of the earlier group with which it shares most people (then_unit_id; NULL: there is none) in the
-- newest release of this period or an earlier one (for a month before all releases: in the first release). Figures that
-- have been carried forward for longer than a window are withheld (is_expired).
-- Grain: one row per family, unit_type, unit_id that is carried forward.

with

run as (
    select
        period,
        date_diff('month', window_start, window_end) + 1 as window_months
    from reference.run
),

policy as (select * from reference.policy),

families as (select unnest(['levels', 'mix', 'classes']) as family),

differences as (select * from disclosure.differences),

nearest as (select * from disclosure.nearest),

released_groups as (
    select distinct
        release,
        family,
        unit_type,
        unit_id,
        figures_of
    from released.groups
),

too_near as (
    select distinct
        differences.family,
        differences.unit_type,
        differences.unit_id
    from differences
    cross join policy
    where differences.is_published and differences.differing between 1 and policy.set_from - 1
),

carried as (
    select
        families.family,
        too_near.unit_type,
        too_near.unit_id
    from too_near
    inner join families on too_near.family in ('all', families.family)
)

select
    carried.family,
    carried.unit_type,
    carried.unit_id,
    nearest.release,
    nearest.then_unit_id,
    released_groups.figures_of,
    coalesce(
        date_diff(
            'month', cast(released_groups.figures_of || '-01' as date), cast(run.period || '-01' as date)
        ) > run.window_months,
        false
    ) as is_expired
from carried
cross join run
left join nearest
    on
        carried.family = nearest.family
        and carried.unit_type = nearest.unit_type
        and carried.unit_id = nearest.unit_id
left join released_groups
    on
        nearest.release = released_groups.release
        and carried.family = released_groups.family
        and carried.unit_type = released_groups.unit_type
        and nearest.then_unit_id = released_groups.unit_id
