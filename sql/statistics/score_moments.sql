-- Count, mean and standard deviation (n - 1) of the scores per unit in each window, POMP points; modal_count is how
-- many gave the most frequent score. sd is exactly 0 when all scores are the same, NULL below two respondents.
-- Edges: nobody: no row. n = 1: a mean and no sd. All alike: sd 0.
-- Grain: one row per window, unit_type, unit_id, scale.

with

scores as (select * from scored.scores),

unit_cells as (select * from scored.unit_cells),

scales as (select * from reference.scales),

cell_scores as (
    select
        cell,
        unnest(pomps) as pomp,
        generate_subscripts(pomps, 1) as position
    from scores
),

cell_counts as (
    select
        cell,
        position,
        pomp,
        count(*) as people
    from cell_scores
    where pomp is not null
    group by cell, position, pomp
),

unit_counts as (
    select
        unit_cells."window",
        unit_cells.unit_type,
        unit_cells.unit_id,
        cell_counts.position,
        cell_counts.pomp,
        sum(cell_counts.people) as people
    from cell_counts
    inner join unit_cells on cell_counts.cell = unit_cells.cell
    group by unit_cells."window", unit_cells.unit_type, unit_cells.unit_id, cell_counts.position, cell_counts.pomp
),

sums as (
    select
        "window",
        unit_type,
        unit_id,
        position,
        sum(people) as respondents,
        sum(people * pomp) as total,
        sum(people * pomp * pomp) as squares,
        min(pomp) = max(pomp) as is_alike,
        max(people) as modal_count
    from unit_counts
    group by "window", unit_type, unit_id, position
)

select
    sums."window",
    sums.unit_type,
    sums.unit_id,
    scales.scale,
    cast(sums.respondents as bigint) as respondents,
    sums.total / sums.respondents as mean,
    sd_of_sums(sums.respondents, sums.total, sums.squares, sums.is_alike) as sd,
    cast(sums.modal_count as bigint) as modal_count
from sums
inner join scales on sums.position = scales.position
