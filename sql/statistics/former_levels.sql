-- Levels of the former window, in POMP points: what the current ones are compared with. modal_count is how many gave
-- the most frequent score. Empty when that period was not released.
-- Grain: one row per unit_type, unit_id, scale.

with

former_units as (
    select * from scored.window_units
    where "window" = 'former'
),

scores as (select * from scored.scale_scores),

score_counts as (
    select
        former_units.unit_type,
        former_units.unit_id,
        scores.scale,
        scores.pomp,
        count(*) as people
    from former_units
    inner join scores on former_units.response = scores.response
    group by former_units.unit_type, former_units.unit_id, scores.scale, scores.pomp
)

select
    unit_type,
    unit_id,
    scale,
    cast(sum(people) as bigint) as respondents,
    sum(people * pomp) / sum(people) as mean,
    sqrt(
        at_least(0, sum(people * pomp * pomp) - sum(people * pomp) * sum(people * pomp) / sum(people))
        / nullif(sum(people) - 1, 0)
    ) as sd,
    max(people) as modal_count
from score_counts
group by unit_type, unit_id, scale
