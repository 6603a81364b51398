-- Which cells make up which unit in each window; of a collective that is held back its frozen cells.
-- Grain: one row per window, unit_type, unit_id, cell.

with

held_back as (
    select * from scored.held_back
    where is_frozen
),

cells as (
    select cells.*
    from scored.cells as cells
    left join held_back on cells.collective_id = held_back.collective_id and cells."window" = 'current'
    where cells.is_frozen = (held_back.collective_id is not null)
)

select
    "window",
    'collective' as unit_type,
    collective_id as unit_id,
    cell
from cells
union all
select
    "window",
    'organisation' as unit_type,
    organisation_id as unit_id,
    cell
from cells
where in_organisation
union all
select
    "window",
    'programme' as unit_type,
    'programme' as unit_id,
    cell
from cells
where in_programme
