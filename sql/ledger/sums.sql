-- The sums behind the figures of each collective, per part of it that counts in the same totals.
-- Grain: one row per collective_id, in_organisation, in_programme, figure, key.

with

unit_cells as (
    select * from scored.unit_cells
    where "window" = 'current' and unit_type = 'collective'
),

cells as (
    select cells.*
    from scored.cells as cells
    inner join unit_cells on cells.cell = unit_cells.cell
),

score_sums as (select * from scored.score_sums),

mix_sums as (select * from scored.mix_sums),

sums as (
    select
        cell,
        'responses' as figure,
        '' as key,
        responses as respondents,
        null as total,
        null as squares,
        null as lowest,
        null as highest,
        null as modal_count
    from cells
    union all by name
    select * from score_sums
    union all by name
    select * from mix_sums
)

select
    cells.collective_id,
    cells.in_organisation,
    cells.in_programme,
    sums.figure,
    sums.key,
    sums.respondents,
    sums.total,
    sums.squares,
    sums.lowest,
    sums.highest,
    sums.modal_count
from sums
inner join cells on sums.cell = cells.cell
