-- Count, mean and standard deviation (n - 1) of the scores per unit, POMP points; modal_count is how many gave the
-- most frequent score.
-- Grain: one row per unit_type, unit_id, scale.

with

unit_responses as (select * from scored.unit_responses),

scores as (select * from scored.scale_scores),

unit_scores as (
    select
        unit_responses.unit_type,
        unit_responses.unit_id,
        scores.scale,
        scores.pomp
    from unit_responses
    inner join scores on unit_responses.response = scores.response
),

score_counts as (
    select
        unit_type,
        unit_id,
        scale,
        pomp,
        count(*) as people
    from unit_scores
    group by unit_type, unit_id, scale, pomp
),

modes as (
    select
        unit_type,
        unit_id,
        scale,
        max(people) as modal_count
    from score_counts
    group by unit_type, unit_id, scale
),

moments as (
    select
        unit_type,
        unit_id,
        scale,
        count(*) as respondents,
        avg(pomp) as mean,
        stddev_samp(pomp) as sd
    from unit_scores
    group by unit_type, unit_id, scale
)

select
    moments.unit_type,
    moments.unit_id,
    moments.scale,
    moments.respondents,
    moments.mean,
    moments.sd,
    modes.modal_count
from moments
inner join modes
    on moments.unit_type = modes.unit_type and moments.unit_id = modes.unit_id and moments.scale = modes.scale
