-- What is summed of the scores of a cell on a scale (figure `score`, key the scale): respondents, sum and sum of
-- squares in POMP points, the extremes, and how many gave the most frequent score. Of frozen cells, what was kept.
-- Grain: one row per cell, figure, key.

with

cells as (select * from scored.cells),

held_back as (select * from scored.held_back),

counts as (select * from scored.score_counts),

kept as (
    select * from released.sums
    where figure = 'score'
)

select
    cell,
    'score' as figure,
    scale as key,
    cast(sum(people) as bigint) as respondents,
    sum(people * pomp) as total,
    sum(people * pomp * pomp) as squares,
    min(pomp) as lowest,
    max(pomp) as highest,
    max(people) as modal_count
from counts
group by cell, scale
union all
select
    cells.cell,
    kept.figure,
    kept.key,
    kept.respondents,
    kept.total,
    kept.squares,
    kept.lowest,
    kept.highest,
    kept.modal_count
from kept
inner join held_back on kept.collective_id = held_back.collective_id and kept.release = held_back.release
inner join cells
    on
        cells.is_frozen
        and kept.collective_id = cells.collective_id
        and kept.in_organisation = cells.in_organisation
        and kept.in_programme = cells.in_programme
