-- The responses that count in each window, with their numbers in the order of the instrument's items; reversed items
-- are recoded as (lowest + highest) - x. NULL where there is no number. In the order of their collectives, because
-- sums per collective take half the time where its responses lie together.
-- Grain: one row per response.

with

accepted as (
    select * from validated.window_verdicts
    where verdict = 'accepted'
),

answers as (select * from validated.answers),

items as (select * from reference.items),

collectives as (select * from reference.window_collectives),

numbered as (
    select
        row_number() over (order by accepted."window", accepted.collective_id, accepted.respondent) as response,
        accepted."window",
        accepted.sha256,
        accepted.row_number,
        accepted.respondent,
        accepted.collective_id,
        collectives.organisation_id,
        accepted.submitted_at
    from accepted
    inner join collectives
        on accepted."window" = collectives."window" and accepted.collective_id = collectives.collective_id
),

item_numbers as (
    select
        numbered.response,
        items.position,
        cast(
            case when items.reverse then items.minimum + items.maximum - answers.number else answers.number end
            as utinyint
        ) as item_value
    from numbered
    cross join items
    left join answers
        on
            numbered.sha256 = answers.sha256
            and numbered.row_number = answers.row_number
            and items.item = answers.item
),

value_lists as (
    select
        response,
        list(item_value order by position) as item_values
    from item_numbers
    group by response
)

select
    numbered.response,
    numbered."window",
    numbered.respondent,
    numbered.collective_id,
    numbered.organisation_id,
    numbered.submitted_at,
    value_lists.item_values
from numbered
inner join value_lists on numbered.response = value_lists.response
order by numbered.response
