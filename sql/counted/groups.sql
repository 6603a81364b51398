-- The groups that figures can be about, for each family of figures (levels, mix, classes): every collective, and
-- beside them for each organisation the rest group of those collectives that are too small to stand alone in that
-- family. is_base says whether the group is a base cell: a collective that is large enough, or a rest group. So each
-- membership is in exactly one base cell of a family (disclosure control).
-- Grain: one row per family, unit_type, unit_id, collective_id.

with

collectives as (
    select * from counted.collectives
    where "window" = 'current'
),

policy as (select * from reference.policy),

families as (
    select
        unnest(['levels', 'mix', 'classes']) as family,
        unnest([levels_from, full_from, distributions_from]) as stands_from
    from policy
)

select
    families.family,
    'collective' as unit_type,
    collectives.collective_id as unit_id,
    collectives.organisation_id,
    collectives.collective_id,
    collectives.group_number,
    collectives.responses,
    collectives.responses >= families.stands_from as is_base
from collectives
cross join families
union all
select
    families.family,
    'rest' as unit_type,
    collectives.organisation_id as unit_id,
    collectives.organisation_id,
    collectives.collective_id,
    collectives.group_number,
    collectives.responses,
    true as is_base
from collectives
cross join families
where collectives.responses < families.stands_from
