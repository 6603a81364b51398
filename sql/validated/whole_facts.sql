-- The facts that the check suite over all exports together evaluates: totals that must reconcile, and warning signs.
-- Grain: one row.

with

exports as (select * from raw.exports),

responses as (select * from validated.responses),

accepted as (
    select * from responses
    where verdict = 'accepted'
),

answers as (select * from validated.answers),

items as (select * from reference.items),

collectives as (select * from reference.collectives),

waiting as (select * from validated.waiting),

contradicted_collectives as (select * from validated.contradicted_collectives),

accepted_numbers as materialized (
    select
        answers.item,
        answers.number,
        count(*) as times
    from accepted
    inner join answers on accepted.sha256 = answers.sha256 and accepted.row_number = answers.row_number
    where answers.number is not null
    group by answers.item, answers.number
),

per_member as (
    select
        respondent,
        collective_id,
        count(*) as times
    from accepted
    group by respondent, collective_id
),

per_collective as (
    select
        collectives.collective_id,
        any_value(collectives.members) as members,
        count(accepted.respondent) as respondents
    from collectives
    left join accepted on collectives.collective_id = accepted.collective_id
    group by collectives.collective_id
),

out_of_scale as (
    select coalesce(sum(accepted_numbers.times), 0) as numbers
    from accepted_numbers
    inner join items on accepted_numbers.item = items.item
    where accepted_numbers.number < items.minimum or accepted_numbers.number > items.maximum
),

unanswered as (
    select count(*) as items
    from items
    where item not in (select accepted_numbers.item from accepted_numbers)
)

select
    (select sum(response_count) from exports) as rows_in,
    (select count(*) from responses) as rows_out,
    (select count(*) from accepted) as accepted,
    (
        select count(*) from per_member
        where times > 1
    ) as double_counted,
    (select numbers from out_of_scale) as numbers_out_of_scale,
    (select items from unanswered) as items_never_answered,
    (
        select count(*) from per_collective
        where respondents > members
    ) as overfull_collectives,
    (
        select count(*) from contradicted_collectives
        where "window" = 'current'
    ) as contradicted_collectives,
    (select avg(case when respondents = 0 then 1.0::double else 0 end) from per_collective) as silent_collectives_share,
    (
        select count(*) from waiting
        where kind = 'late'
    ) as late_answers,
    (
        select count(*) from waiting
        where kind = 'vanished'
    ) as vanished_answers
