-- Members of a collective, identified by their pseudonym, who have a score in both windows: how many, and the
-- covariance (n - 1) of their scores in the two windows, in squared POMP points. It corrects for the overlap of the two
-- samples.
-- Edges: no pair: no row. One pair: no covariance. One window unreleased: no rows.
-- Grain: one row per collective_id, scale.

with

scores as (select * from scored.scores),

collectives as (select * from counted.collectives),

scales as (select * from reference.scales),

now as (
    select
        collectives.collective_id,
        scores.respondent,
        scores.pomps
    from scores
    inner join collectives on scores.group_number = collectives.group_number
    where scores."window" = 'current'
),

earlier as (
    select
        collectives.collective_id,
        scores.respondent,
        scores.pomps
    from scores
    inner join collectives on scores.group_number = collectives.group_number
    where scores."window" = 'former'
),

both_times as (
    select
        now.collective_id,
        unnest(now.pomps) as score_now,
        unnest(earlier.pomps) as score_then,
        generate_subscripts(now.pomps, 1) as position
    from now
    inner join earlier on now.collective_id = earlier.collective_id and now.respondent = earlier.respondent
),

complete as (
    select * from both_times
    where score_now is not null and score_then is not null
)

select
    complete.collective_id,
    scales.scale,
    count(*) as pairs,
    covar_samp(complete.score_now, complete.score_then) as covariance
from complete
inner join scales on complete.position = scales.position
group by complete.collective_id, scales.scale
