-- Count, mean and standard deviation (n - 1) of the scores per unit in each window, POMP points; modal_count is how
-- many gave the most frequent score (where some cells are frozen: at most so many). sd is exactly 0 when all scores are
-- the same, NULL below two respondents.
-- Edges: nobody: no row. n = 1: a mean and no sd. All alike: sd 0.
-- Grain: one row per window, unit_type, unit_id, scale.

with

unit_cells as (select * from scored.unit_cells),

cells as (select * from scored.cells),

cell_sums as (select * from scored.score_sums),

cell_counts as (select * from scored.score_counts),

sums as (
    select
        unit_cells."window",
        unit_cells.unit_type,
        unit_cells.unit_id,
        cell_sums.key as scale,
        cast(sum(cell_sums.respondents) as bigint) as respondents,
        sum(cell_sums.total) as total,
        sum(cell_sums.squares) as squares,
        min(cell_sums.lowest) = max(cell_sums.highest) as is_alike,
        coalesce(sum(cell_sums.modal_count) filter (where cells.is_frozen), 0) as modal_count_frozen
    from cell_sums
    inner join cells on cell_sums.cell = cells.cell
    inner join unit_cells on cell_sums.cell = unit_cells.cell
    group by unit_cells."window", unit_cells.unit_type, unit_cells.unit_id, cell_sums.key
),

unit_counts as (
    select
        unit_cells."window",
        unit_cells.unit_type,
        unit_cells.unit_id,
        cell_counts.scale,
        cell_counts.pomp,
        sum(cell_counts.people) as people
    from cell_counts
    inner join unit_cells on cell_counts.cell = unit_cells.cell
    group by unit_cells."window", unit_cells.unit_type, unit_cells.unit_id, cell_counts.scale, cell_counts.pomp
),

modes as (
    select
        "window",
        unit_type,
        unit_id,
        scale,
        max(people) as modal_count
    from unit_counts
    group by "window", unit_type, unit_id, scale
)

select
    sums."window",
    sums.unit_type,
    sums.unit_id,
    sums.scale,
    sums.respondents,
    sums.total / sums.respondents as mean,
    sd_of_sums(sums.respondents, sums.total, sums.squares, sums.is_alike) as sd,
    cast(coalesce(modes.modal_count, 0) + sums.modal_count_frozen as bigint) as modal_count
from sums
left join modes
    on
        sums."window" = modes."window"
        and sums.unit_type = modes.unit_type
        and sums.unit_id = modes.unit_id
        and sums.scale = modes.scale
