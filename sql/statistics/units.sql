-- Every unit that can have figures, with its members: those of a collective from the register (of one that is held
-- back, from the release whose figures stand: figures_of), else the sum over the collectives. NULL (unknown) when one
-- of them is unknown, or when more people answered than the register counts.
-- Edges: nobody: 0 respondents. N below n is a mistake in the register, told on the quality page; N then counts as
-- unknown.
-- Grain: one row per unit_type, unit_id.

with

run as (select * from reference.run),

collectives as (select * from reference.collectives),

cells as (select * from scored.cells),

held_back as (
    select * from scored.held_back
    where is_frozen
),

unit_cells as (
    select * from scored.unit_cells
    where "window" = 'current'
),

counted as (
    select
        unit_cells.unit_type,
        unit_cells.unit_id,
        cast(sum(cells.responses) as bigint) as responses
    from unit_cells
    inner join cells on unit_cells.cell = cells.cell
    group by unit_cells.unit_type, unit_cells.unit_id
),

rostered as (
    select
        collectives.collective_id,
        collectives.organisation_id,
        coalesce(held_back.members, collectives.members) as members,
        held_back.figures_of
    from collectives
    left join held_back on collectives.collective_id = held_back.collective_id
),

rosters as (
    select
        'collective' as unit_type,
        collective_id as unit_id,
        organisation_id,
        members,
        1 as collectives,
        figures_of
    from rostered
    union all
    select
        'organisation' as unit_type,
        organisation_id as unit_id,
        organisation_id,
        case when count(members) = count(*) then cast(sum(members) as bigint) end as members,
        count(*) as collectives,
        null as figures_of
    from rostered
    group by organisation_id
    union all
    select
        'programme' as unit_type,
        'programme' as unit_id,
        null as organisation_id,
        case when count(members) = count(*) then cast(sum(members) as bigint) end as members,
        count(*) as collectives,
        null as figures_of
    from rostered
)

select
    run.period,
    rosters.unit_type,
    rosters.unit_id,
    rosters.organisation_id,
    rosters.collectives,
    nullif(rosters.figures_of, run.period) as figures_of,
    coalesce(counted.responses, 0) as respondents,
    case when coalesce(counted.responses, 0) <= rosters.members then rosters.members end as members
from rosters
cross join run
left join counted on rosters.unit_type = counted.unit_type and rosters.unit_id = counted.unit_id
