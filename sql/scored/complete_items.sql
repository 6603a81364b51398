-- Respondents who answered every item of a scale, for reliability and agreement.
-- Grain: one row per response, scale.

with

responses as (select * from scored.responses),

scales as (select * from reference.scales),

answered as (
    select
        responses.response,
        scales.scale,
        scales.items,
        list_select(responses.item_values, scales.item_positions) as item_values
    from responses
    cross join scales
)

select
    response,
    scale,
    item_values
from answered
where list_count(item_values) = items
