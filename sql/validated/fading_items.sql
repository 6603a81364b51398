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
        count(*) as responses,
        count(*) filter (where is_answered) as answered,
        min(submitted_at) filter (where is_answered) as first_answered,
        max(submitted_at) filter (where is_answered) as last_answered
    from answers
    group by sha256, item
),

-- How many responses of an export came before, and after, each moment at which one came.
moments as (
    select
        sha256,
        submitted_at,
        coalesce(
            sum(count(*))
                over (partition by sha256 order by submitted_at rows between unbounded preceding and 1 preceding),
            0
        ) as earlier,
        coalesce(
            sum(count(*))
                over (partition by sha256 order by submitted_at rows between 1 following and unbounded following),
            0
        ) as later
    from responses
    group by sha256, submitted_at
),

sides as (
    select
        spans.*,
        coalesce(first_moments.earlier, 0) as empty_before,
        coalesce(last_moments.later, 0) as empty_after
    from spans
    left join moments as first_moments
        on spans.sha256 = first_moments.sha256 and spans.first_answered = first_moments.submitted_at
    left join moments as last_moments
        on spans.sha256 = last_moments.sha256 and spans.last_answered = last_moments.submitted_at
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
