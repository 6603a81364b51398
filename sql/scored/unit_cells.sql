-- Which cells make up which unit in each window.
-- Grain: one row per window, unit_type, unit_id, cell.

with

cells as (select * from scored.cells)

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
