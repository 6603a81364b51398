-- Items of an export that nobody answers after some day, or before some day, although nearly everybody does on the
-- other side of it: the question may have been recreated in another column. The empty side has at least ten finished
-- responses and at least a tenth of all.
-- Grain: one row per sha256, item.

with

responses as (
    select * from validated.read_responses
    where state = 'complete' and consent = 'yes' and submitted_at is not null and numbers > 0
),

answers as (
    select
        responses.sha256,
        answers.item,
        answers.number is not null or coalesce(answers.word = 'not_applicable', false) as is_answered,
        responses.submitted_at
    from validated.answers as answers
    inner join responses on answers.sha256 = responses.sha256 and answers.row_number = responses.row_number
),

spans as (
    select
        sha256,
        item,
        min(submitted_at) filter (where is_answered) as first_answered,
        max(submitted_at) filter (where is_answered) as last_answered
    from answers
    group by sha256, item
),

sides as (
    select
        answers.sha256,
        answers.item,
        any_value(spans.first_answered) as first_answered,
        any_value(spans.last_answered) as last_answered,
        count(*) as responses,
        count(*) filter (where answers.submitted_at < spans.first_answered) as empty_before,
        count(*) filter (where answers.submitted_at > spans.last_answered) as empty_after,
        count(*) filter (where answers.is_answered) as answered
    from answers
    inner join spans on answers.sha256 = spans.sha256 and answers.item = spans.item
    group by answers.sha256, answers.item
),

larger_sides as (
    select
        *,
        empty_after >= empty_before as is_empty_after,
        case when empty_after >= empty_before then empty_after else empty_before end as empty
    from sides
)

select
    sha256,
    item,
    is_empty_after,
    cast(case when is_empty_after then last_answered else first_answered end as date) as turned_on
from larger_sides
where
    empty >= 10
    and 10 * empty >= responses
    and 10 * answered >= 8 * (responses - empty_before - empty_after)
