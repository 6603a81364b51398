-- A respondent's answers and scores, as lists in the order of the scales. A score is the mean of the answered items
-- when at least half of them are answered, told as POMP = 100 (score - lowest) / (highest - lowest), from 0 to 100
-- (Cohen, Cohen, Aiken and West, 1999). With fewer answers it is NULL: a missing score never becomes a number.
-- Grain: one row per response.

with

responses as (select * from scored.responses),

counted as (select * from scored.counted),

cells as (
    select * from scored.cells
    where not is_frozen
),

scales as (
    select
        list(item_positions order by position) as item_positions,
        list(items order by position) as items,
        list(cast(minimum as double) order by position) as minimums,
        list(cast(maximum - minimum as double) order by position) as ranges
    from reference.scales
),

placed as (
    select
        counted.response,
        cells.cell
    from counted
    inner join cells
        on
            counted."window" = cells."window"
            and counted.collective_id = cells.collective_id
            and counted.organisation_id = cells.organisation_id
            and counted.in_organisation = cells.in_organisation
            and counted.in_programme = cells.in_programme
),

answered as (
    select
        responses.response,
        placed.cell,
        list_transform(scales.item_positions, lambda places: list_select(responses.item_values, places)) as answers
    from responses
    inner join placed on responses.response = placed.response
    cross join scales
),

totals as (
    select
        *,
        list_transform(answers, lambda item_values: list_count(item_values)) as items_answered,
        list_transform(answers, lambda item_values: list_sum(item_values)) as totals
    from answered
)

select
    totals.response,
    totals.cell,
    totals.answers,
    totals.items_answered,
    list_transform(
        list_zip(totals.items_answered, totals.totals, scales.items, scales.minimums, scales.ranges),
        lambda of_scale: case
            when of_scale[1] * 2 >= of_scale[3]
                then 100 * (of_scale[2] - of_scale[4] * of_scale[1]) / (of_scale[1] * of_scale[5])
        end
    ) as pomps
from totals
cross join scales
