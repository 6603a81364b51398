-- How many respondents of a unit gave the same answers to all items of a scale. People who answered alike are counted
-- before anything is summed, so what follows hardly grows with their number.
-- Grain: one row per unit_type, unit_id, scale, item_values.

with

unit_responses as (select * from scored.unit_responses),

complete_items as (select * from scored.complete_items)

select
    unit_responses.unit_type,
    unit_responses.unit_id,
    complete_items.scale,
    complete_items.item_values,
    count(*) as people
from unit_responses
inner join complete_items on unit_responses.response = complete_items.response
group by unit_responses.unit_type, unit_responses.unit_id, complete_items.scale, complete_items.item_values
