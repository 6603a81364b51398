-- A respondent's answers and scores, as lists in the order of the scales. A score is the mean of the answered items
-- when at least half of them are answered, as POMP = 100 (score - lowest) / (highest - lowest), from 0 to 100
-- (Cohen, Cohen, Aiken and West, 1999). With fewer answers it is NULL: a missing score never becomes a number.
-- Grain: one row per response.

with

responses as (select * from counted.responses),

collectives as (select * from counted.collectives),

scales as (
    select
        list(item_positions order by position) as item_positions,
        list(items order by position) as items,
        list(cast(minimum as double) order by position) as minimums,
        list(cast(maximum - minimum as double) order by position) as ranges
    from reference.scales
),

answered as (
    select
        responses.response,
        responses."window",
        responses.respondent,
        collectives.group_number,
        list_transform(scales.item_positions, lambda places: list_select(responses.item_values, places)) as answers
    from responses
    inner join collectives
        on responses."window" = collectives."window" and responses.collective_id = collectives.collective_id
    cross join scales
),

totals as (
    select
        *,
        list_transform(answers, lambda item_values: cast(list_count(item_values) as usmallint)) as items_answered,
        list_transform(answers, lambda item_values: list_sum(item_values)) as totals
    from answered
)

select
    totals.response,
    totals."window",
    totals.respondent,
    totals.group_number,
    totals.answers,
    totals.items_answered,
    list_transform(
        generate_series(1, length(totals.totals)),
        lambda place: case
            when totals.items_answered[place] * 2 >= scales.items[place]
                then
                    100 * (totals.totals[place] - scales.minimums[place] * totals.items_answered[place])
                    / (totals.items_answered[place] * scales.ranges[place])
        end
    ) as pomps
from totals
cross join scales
