-- Whose answers count in each collective, as hashes: `member` (of the keyed pseudonym) identifies the person,
-- `answers_hash` (keyed) what they answered, `given_hash` (keyed) when. Where the member is unknown, a response is
-- identified by its answers and the minute of submission alone, whatever the name and layout of its form. Without the
-- key no hash can be traced back to an answer. `turn` numbers the memberships of one person in several collectives,
-- `repeat` the indistinguishable responses within one collective.
-- Grain: one row per response.

with

responses as (
    select
        *,
        starts_with(respondent, 'response-') as is_anonymous,
        keyed_hash('answers ' || cast(item_values as varchar)) as answers_hash,
        keyed_hash('given ' || cast(submitted_at as varchar)) as given_hash
    from counted.responses
    where "window" = 'current'
),

named as (
    select
        response,
        collective_id,
        case
            when is_anonymous
                then member_hash(
                    answers_hash || ' ' || keyed_hash('given ' || strftime(submitted_at, '%Y-%m-%d %H:%M'))
                )
            else member_hash(respondent)
        end as member,
        answers_hash,
        given_hash
    from responses
),

repeated as (
    select member
    from named
    group by member
    having count(*) > 1
),

turns as (
    select
        named.response,
        row_number() over (partition by named.member order by named.collective_id, named.response) as turn,
        row_number() over (partition by named.member, named.collective_id order by named.response) as repeat
    from named
    inner join repeated on named.member = repeated.member
)

select
    named.response,
    named.collective_id,
    named.member,
    named.answers_hash,
    named.given_hash,
    coalesce(turns.turn, 1) as turn,
    coalesce(turns.repeat, 1) as repeat
from named
left join turns on named.response = turns.response
