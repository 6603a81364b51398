-- Sums and sums of squares of the answers to each item of a scale, in answer points, of those who answered all of them.
-- Grain: one row per unit_type, unit_id, scale, item.

with

scores as (select * from scored.scores),

unit_cells as (
    select * from scored.unit_cells
    where "window" = 'current'
),

scales as (select * from reference.scales),

answered as (
    select
        cell,
        unnest(answers) as item_values,
        generate_subscripts(answers, 1) as position
    from scores
),

item_values as (
    select
        answered.cell,
        scales.scale,
        cast(unnest(answered.item_values) as integer) as item_value,
        generate_subscripts(answered.item_values, 1) as item
    from answered
    inner join scales on answered.position = scales.position
    where list_count(answered.item_values) = scales.items
),

cell_sums as (
    select
        cell,
        scale,
        item,
        count(*) as respondents,
        sum(item_value) as total,
        sum(item_value * item_value) as squares
    from item_values
    group by cell, scale, item
)

select
    unit_cells.unit_type,
    unit_cells.unit_id,
    cell_sums.scale,
    cell_sums.item,
    cast(sum(cell_sums.respondents) as bigint) as respondents,
    cast(sum(cell_sums.total) as bigint) as total,
    cast(sum(cell_sums.squares) as bigint) as squares
from cell_sums
inner join unit_cells on cell_sums.cell = unit_cells.cell
group by unit_cells.unit_type, unit_cells.unit_id, cell_sums.scale, cell_sums.item
