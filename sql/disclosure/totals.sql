-- Which contribution groups could make up which total: those of an organisation, and all of them for the programme;
-- with the number of members and collectives on the register for the total.
-- Grain: one row per unit_type, unit_id, family, part_type, part_id.

with

units as (select * from counted.units),

parts as (
    select * from units
    where is_base
),

rosters as (
    select
        organisation_id,
        count(*) as collectives,
        case when count(members) = count(*) then cast(sum(members) as bigint) end as members
    from units
    where family = 'levels' and unit_type = 'collective'
    group by organisation_id
)

select
    'organisation' as unit_type,
    parts.organisation_id as unit_id,
    parts.family,
    parts.unit_type as part_type,
    parts.unit_id as part_id,
    parts.collectives as part_collectives,
    parts.members as part_members,
    rosters.collectives,
    rosters.members
from parts
inner join rosters on parts.organisation_id = rosters.organisation_id
union all
select
    'programme' as unit_type,
    'programme' as unit_id,
    parts.family,
    parts.unit_type as part_type,
    parts.unit_id as part_id,
    parts.collectives as part_collectives,
    parts.members as part_members,
    (select cast(sum(collectives) as bigint) from rosters) as collectives,
    (select case when count(members) = count(*) then cast(sum(members) as bigint) end from rosters) as members
from parts
