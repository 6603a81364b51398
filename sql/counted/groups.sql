-- Groups that figures can be about, for each family of figures (levels, mix, classes): every collective and, for each
-- organisation, the rest group of the collectives that are too small to be published alone in that family. is_base: the
-- group is a contribution group (base cell), that is a large enough collective or a rest group. Each membership belongs
-- to exactly one contribution group per family (disclosure control).
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
