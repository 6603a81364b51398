-- Contribution groups that share people with another group of the same family, now or in an earlier release. In any
-- other group an attacker cannot single out a set of few people by differencing.
-- Grain: one row per cell.

with

cells as (
    select distinct
        cell,
        release,
        family,
        unit_type,
        unit_id
    from disclosure.cells
),

atoms as (
    select
        row_number() over () as atom,
        cells as numbers
    from disclosure.atoms
),

placed as (
    select
        atom,
        unnest(numbers) as cell
    from atoms
),

shared as (
    select
        placed.atom,
        cells.family
    from placed
    inner join cells on placed.cell = cells.cell
    group by placed.atom, cells.family
    having count(*) > 1
),

linked as (
    select distinct placed.cell
    from placed
    inner join cells on placed.cell = cells.cell
    inner join shared on placed.atom = shared.atom and cells.family = shared.family
)

select
    cells.cell,
    cells.release,
    cells.family,
    cells.unit_type,
    cells.unit_id
from cells
inner join linked on cells.cell = linked.cell
