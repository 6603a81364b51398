-- Respondents of the whole programme who answered every item of a scale, for its reliability.
-- Grain: one row per response, scale.

with

responses as (select * from scored.responses),

unit_responses as (
    select * from scored.unit_responses
    where unit_type = 'programme'
),

scales as (select * from reference.scales),

answered as (
    select
        responses.response,
        scales.scale,
        scales.items,
        list_select(responses.item_values, scales.item_positions) as item_values
    from responses
    inner join unit_responses on responses.response = unit_responses.response
    cross join scales
)

select
    response,
    scale,
    item_values,
    list_sum(item_values) as total
from answered
where list_count(item_values) = items
