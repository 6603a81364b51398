-- Members known by their pseudonym who have a score in both windows: how many, and mean and standard deviation (n - 1)
-- of their differences, now minus then, in POMP points.
-- Edges: no pair: no row. One pair: no sd. All moved alike: sd 0.
-- Grain: one row per unit_type, unit_id, scale.

with

scores as (select * from scored.scores),

counted as (select * from scored.counted),

unit_cells as (select * from scored.unit_cells),

scales as (select * from reference.scales),

known as (
    select
        counted."window",
        counted.respondent,
        scores.cell,
        scores.pomps
    from scores
    inner join counted on scores.response = counted.response
),

former as (
    select * from known
    where "window" = 'former'
),

pairs as (
    select
        known.cell as cell_now,
        former.cell as cell_then,
        unnest(known.pomps) - unnest(former.pomps) as difference,
        generate_subscripts(known.pomps, 1) as position
    from known
    inner join former on known.respondent = former.respondent
    where known."window" = 'current'
),

cell_sums as (
    select
        cell_now,
        cell_then,
        position,
        count(*) as pairs,
        sum(difference) as total,
        sum(difference * difference) as squares,
        min(difference) as lowest,
        max(difference) as highest
    from pairs
    where difference is not null
    group by cell_now, cell_then, position
),

unit_sums as (
    select
        units_now.unit_type,
        units_now.unit_id,
        cell_sums.position,
        sum(cell_sums.pairs) as pairs,
        sum(cell_sums.total) as total,
        sum(cell_sums.squares) as squares,
        min(cell_sums.lowest) = max(cell_sums.highest) as is_alike
    from cell_sums
    inner join unit_cells as units_now on cell_sums.cell_now = units_now.cell
    inner join unit_cells as units_then
        on
            cell_sums.cell_then = units_then.cell
            and units_now.unit_type = units_then.unit_type
            and units_now.unit_id = units_then.unit_id
    group by units_now.unit_type, units_now.unit_id, cell_sums.position
)

select
    unit_sums.unit_type,
    unit_sums.unit_id,
    scales.scale,
    cast(unit_sums.pairs as bigint) as pairs,
    unit_sums.total / unit_sums.pairs as mean_difference,
    sd_of_sums(unit_sums.pairs, unit_sums.total, unit_sums.squares, unit_sums.is_alike) as sd_difference
from unit_sums
inner join scales on unit_sums.position = scales.position
