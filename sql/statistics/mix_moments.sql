-- The sums of the motive mixes of each unit: of its cells together.
-- Grain: one row per unit_type, unit_id, figure, key.

with

unit_cells as (
    select * from scored.unit_cells
    where "window" = 'current'
),

cell_sums as (select * from scored.mix_sums)

select
    unit_cells.unit_type,
    unit_cells.unit_id,
    cell_sums.figure,
    cell_sums.key,
    cast(sum(cell_sums.respondents) as bigint) as respondents,
    sum(cell_sums.total) as total,
    sum(cell_sums.squares) as squares,
    min(cell_sums.lowest) = max(cell_sums.highest) as is_alike
from cell_sums
inner join unit_cells on cell_sums.cell = unit_cells.cell
group by unit_cells.unit_type, unit_cells.unit_id, cell_sums.figure, cell_sums.key
