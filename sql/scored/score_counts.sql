-- How many responses of a cell have which score on a scale, POMP points.
-- Grain: one row per cell, scale, pomp.

with

scores as (select * from scored.scores),

scales as (select * from reference.scales),

cell_scores as (
    select
        cell,
        unnest(pomps) as pomp,
        generate_subscripts(pomps, 1) as position
    from scores
)

select
    cell_scores.cell,
    scales.scale,
    cell_scores.pomp,
    count(*) as people
from cell_scores
inner join scales on cell_scores.position = scales.position
where cell_scores.pomp is not null
group by cell_scores.cell, scales.scale, cell_scores.pomp
