-- Whose answers count in each collective, as hashes: `member` of the keyed pseudonym tells persons apart, `answers_hash`
-- (keyed) what they answered, `given_hash` (keyed) when. Without the key nothing leads back from here to an answer.
-- `turn` tells the memberships of somebody in several collectives apart.
-- Grain: one row per collective_id, member.

with

responses as (
    select * from counted.responses
    where "window" = 'current'
),

repeated as (
    select respondent
    from responses
    group by respondent
    having count(*) > 1
),

turns as (
    select
        responses.response,
        row_number() over (partition by responses.respondent order by responses.collective_id) as turn
    from responses
    inner join repeated on responses.respondent = repeated.respondent
)

select
    responses.response,
    responses.collective_id,
    member_hash(responses.respondent) as member,
    keyed_hash('answers ' || cast(responses.item_values as varchar)) as answers_hash,
    keyed_hash('given ' || cast(responses.submitted_at as varchar)) as given_hash,
    coalesce(turns.turn, 1) as turn
from responses
left join turns on responses.response = turns.response
