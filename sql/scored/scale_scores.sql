-- A respondent's score on a scale: the mean of the answered items when at least half of them are answered, and the
-- same as POMP = 100 (score - lowest) / (highest - lowest), from 0 to 100 (Cohen, Cohen, Aiken and West, 1999).
-- With fewer answers there is no row: a missing score never becomes a number.
-- Grain: one row per response, scale.

with

responses as (select * from scored.responses),

scales as (select * from reference.scales),

answered as (
    select
        responses.response,
        scales.scale,
        scales.items,
        scales.minimum,
        scales.maximum,
        list_select(responses.item_values, scales.item_positions) as item_values
    from responses
    cross join scales
),

totals as (
    select
        *,
        list_count(item_values) as items_answered,
        list_sum(item_values) as total
    from answered
)

select
    response,
    scale,
    items_answered,
    total / items_answered as score,
    100.0::double * (total - minimum * items_answered) / (items_answered * (maximum - minimum)) as pomp
from totals
where items_answered * 2 >= items
