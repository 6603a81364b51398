-- How many members of a collective have each score on a scale in the current window, in POMP points.
-- Grain: one row per group_number, scale, pomp.

with

scores as (
    select * from scored.scores
    where "window" = 'current'
),

scales as (select * from reference.scales),

single_scores as (
    select
        group_number,
        unnest(pomps) as pomp,
        generate_subscripts(pomps, 1) as position
    from scores
)

select
    single_scores.group_number,
    scales.scale,
    single_scores.pomp,
    count(*) as people
from single_scores
inner join scales on single_scores.position = scales.position
where single_scores.pomp is not null
group by single_scores.group_number, scales.scale, single_scores.pomp
