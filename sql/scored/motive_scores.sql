-- Scores on the motives that are in the mix this period, of respondents who have all of them. A motive whose
-- reliability is too low leaves the mix. relative_importance = POMP minus the respondent's mean over the motives,
-- in POMP points; it adds up to 0 within a respondent.
-- Grain: one row per response, scale.

with

scores as (select * from scored.scale_scores),

motives as (select * from statistics.motives_in_mix),

motive_count as (select count(*) as motives from motives),

with_means as (
    select
        scores.response,
        scores.scale,
        motives.orientation,
        motives.position,
        motives.standard_error,
        scores.pomp,
        100.0::double / (scores.items_answered * (motives.maximum - motives.minimum)) as smallest_pomp,
        avg(scores.pomp) over (partition by scores.response) as mean_pomp,
        sum(scores.pomp) over (partition by scores.response) as total_pomp,
        count(*) over (partition by scores.response) as motives_scored
    from scores
    inner join motives on scores.scale = motives.scale
)

select
    with_means.response,
    with_means.scale,
    with_means.orientation,
    with_means.position,
    with_means.standard_error,
    with_means.pomp,
    with_means.smallest_pomp,
    with_means.total_pomp,
    with_means.pomp - with_means.mean_pomp as relative_importance
from with_means
cross join motive_count
where with_means.motives_scored = motive_count.motives
