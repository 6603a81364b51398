-- Members known by their pseudonym who have a score in both windows: how many, and mean and standard deviation (n - 1)
-- of their differences, now minus then, in POMP points.
-- Grain: one row per unit_type, unit_id, scale.

with

window_units as (select * from scored.window_units),

scores as (select * from scored.scale_scores),

unit_scores as (
    select
        window_units."window",
        window_units.unit_type,
        window_units.unit_id,
        window_units.respondent,
        scores.scale,
        scores.pomp
    from window_units
    inner join scores on window_units.response = scores.response
)

select
    current_scores.unit_type,
    current_scores.unit_id,
    current_scores.scale,
    count(*) as pairs,
    avg(current_scores.pomp - former_scores.pomp) as mean_difference,
    stddev_samp(current_scores.pomp - former_scores.pomp) as sd_difference
from unit_scores as current_scores
inner join unit_scores as former_scores
    on
        current_scores.unit_type = former_scores.unit_type
        and current_scores.unit_id = former_scores.unit_id
        and current_scores.respondent = former_scores.respondent
        and current_scores.scale = former_scores.scale
where current_scores."window" = 'current' and former_scores."window" = 'former'
group by current_scores.unit_type, current_scores.unit_id, current_scores.scale
