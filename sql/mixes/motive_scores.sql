-- Scores on the motives that are in the mix this period, for respondents with a score on all of them, as lists in the
-- order of these motives. A motive whose reliability is too low leaves the mix. relative_importances = POMP minus the
-- respondent's mean over the motives, in POMP points; they add up to 0 within a respondent.
-- Grain: one row per response.

with

scores as (
    select * from scored.scores
    where "window" = 'current'
),

motives as (
    select
        list(position order by position) as positions,
        count(*) as motives
    from measurement.motives_in_mix
),

chosen as (
    select
        scores.response,
        scores.group_number,
        list_select(scores.pomps, motives.positions) as pomps,
        list_select(scores.items_answered, motives.positions) as items_answered,
        motives.motives
    from scores
    cross join motives
),

complete as (
    select
        *,
        list_sum(pomps) as total_pomp
    from chosen
    where list_count(pomps) = motives
)

select
    response,
    group_number,
    pomps,
    items_answered,
    total_pomp,
    list_transform(pomps, lambda pomp: pomp - total_pomp / motives) as relative_importances
from complete
