-- Sums and sums of squares of the answers to each item of a scale, in answer points, over those who answered all of its
-- items.
-- Grain: one row per unit_type, unit_id, scale, item.

with

scores as (
    select * from scored.scores
    where "window" = 'current'
),

groups as (
    select * from counted.groups
    where family = 'levels'
),

scales as (select * from reference.scales),

answered as (
    select
        group_number,
        unnest(answers) as item_values,
        unnest(items_answered) as items_answered,
        generate_subscripts(answers, 1) as position
    from scores
),

item_values as (
    select
        answered.group_number,
        answered.position,
        cast(unnest(answered.item_values) as integer) as item_value,
        generate_subscripts(answered.item_values, 1) as item
    from answered
    inner join scales on answered.position = scales.position and answered.items_answered = scales.items
),

group_sums as (
    select
        group_number,
        position,
        item,
        count(*) as respondents,
        sum(item_value) as total,
        sum(item_value * item_value) as squares
    from item_values
    group by group_number, position, item
)

select
    groups.unit_type,
    groups.unit_id,
    scales.scale,
    group_sums.item,
    cast(sum(group_sums.respondents) as bigint) as respondents,
    cast(sum(group_sums.total) as bigint) as total,
    cast(sum(group_sums.squares) as bigint) as squares
from group_sums
inner join groups on group_sums.group_number = groups.group_number
inner join scales on group_sums.position = scales.position
group by groups.unit_type, groups.unit_id, scales.scale, group_sums.item
