-- Every group that can have figures, for each family of figures: the collectives on the register and the rest groups,
-- with their number of members on the register (for a rest group, the sum over its collectives). NULL (unknown) when
-- that of any of its collectives is unknown, or when more people answered than the register counts.
-- Edges: nobody: 0 respondents. N below n is an error in the register, reported on the quality page; N then counts as
-- unknown.
-- Grain: one row per family, unit_type, unit_id.

with

run as (select * from reference.run),

collectives as (select * from reference.collectives),

groups as (select * from counted.groups),

families as (select unnest(['levels', 'mix', 'classes']) as family),

rosters as (
    select
        families.family,
        'collective' as unit_type,
        collectives.collective_id as unit_id,
        collectives.organisation_id,
        collectives.type,
        1 as collectives,
        collectives.members,
        coalesce(groups.responses, 0) as respondents,
        coalesce(groups.is_base, false) as is_base
    from collectives
    cross join families
    left join groups
        on
            families.family = groups.family
            and groups.unit_type = 'collective'
            and collectives.collective_id = groups.unit_id
    union all
    select
        groups.family,
        groups.unit_type,
        groups.unit_id,
        groups.organisation_id,
        case when count(distinct collectives.type) = 1 then any_value(collectives.type) end as type,
        count(*) as collectives,
        case
            when count(collectives.members) = count(*) and bool_and(groups.responses <= collectives.members)
                then cast(sum(collectives.members) as bigint)
        end as members,
        cast(sum(groups.responses) as bigint) as respondents,
        true as is_base
    from groups
    inner join collectives on groups.collective_id = collectives.collective_id
    where groups.unit_type = 'rest'
    group by groups.family, groups.unit_type, groups.unit_id, groups.organisation_id
)

select
    run.period,
    rosters.family,
    rosters.unit_type,
    rosters.unit_id,
    rosters.organisation_id,
    rosters.type,
    rosters.collectives,
    rosters.respondents,
    rosters.is_base,
    case when rosters.respondents <= rosters.members then rosters.members end as members
from rosters
cross join run
