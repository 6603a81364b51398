-- Whose answers stand behind a collective's figures in the current window, as hashes: `member` of the keyed pseudonym
-- tells persons apart, `content` what they answered. Without the key nothing leads back from here to a person.
-- Grain: one row per collective_id, member.

with

counted as (
    select * from scored.counted
    where "window" = 'current'
),

responses as (select * from scored.responses)

select
    counted.response,
    counted.collective_id,
    member_hash(counted.respondent) as member,
    left(
        sha256('content ' || counted.collective_id || ' ' || cast(responses.item_values as varchar)), 32
    ) as content,
    counted.in_organisation,
    counted.in_programme
from counted
inner join responses on counted.response = responses.response
