-- How many respondents of the programme gave the same answers to all items of a scale. Identical answers are counted
-- before anything is multiplied, so that the cost of later steps does not grow with the number of respondents.
-- Grain: one row per scale, item_values.

with

scores as (
    select * from scored.scores
    where "window" = 'current'
),

scales as (select * from reference.scales),

answered as (
    select
        unnest(scores.answers) as item_values,
        generate_subscripts(scores.answers, 1) as position
    from scores
),

counted as (
    select
        position,
        item_values,
        count(*) as people
    from answered
    group by position, item_values
)

select
    scales.scale,
    counted.item_values,
    counted.people
from counted
inner join scales on counted.position = scales.position
where list_count(counted.item_values) = scales.items
